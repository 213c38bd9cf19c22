export { globToRegExp } from './shell-pattern.ts';
export { substituteObject } from './substitute-object.ts';
