export { type FileChange, writeFiles } from './folder/write-files.ts';
