export { findActions, maskActions } from './template-actions.ts';
export { locateInTemplate, locateValue, type TemplatePlace } from './locate-in-template.ts';
export { readTemplateTree, type TemplateNode } from './template-tree.ts';
export { parseValuesKey } from './values-key.ts';
