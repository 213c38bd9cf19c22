export { LineIndex } from './line-index.ts';
export { PositionTree } from './locate.ts';
export { type ParseFailure, parseYaml } from './parse-yaml.ts';
export { splitDocuments, type TextRange } from './split-documents.ts';
export { resolvePlainScalar, toJsonKey } from './resolve-scalar.ts';
