export type { Edit } from './text/edit.ts';
export { type EditedText, editText, type ObjectPlace } from './text/edit-text.ts';
