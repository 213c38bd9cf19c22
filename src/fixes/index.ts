export { type EditedFile, editFiles, withEditedFiles } from './edit-files.ts';
export { type EditedText, editText, type ObjectPlace } from './text/edit-text.ts';
