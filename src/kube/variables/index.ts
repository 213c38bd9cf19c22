export { substituteObject } from './substitute-object.ts';
