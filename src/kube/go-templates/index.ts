export { type GoRendering, renderGoTemplate } from './render-go-template.ts';
export { sanitizeName } from './functions.ts';
