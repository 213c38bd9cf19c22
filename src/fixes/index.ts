export { type EditedFile, editFiles, withEditedFiles } from './edit-files.ts';
export { type EditedText, editText, type ObjectPlace } from './text/edit-text.ts';
export { renderBlock, renderField, renderItem } from './text/render-value.ts';
export type { Folders } from './new-files/choose-place.ts';
