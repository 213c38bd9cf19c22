export * from './edit.ts';
export * from './errors.ts';
export * from './evidence.ts';
export * from './finding.ts';
export * from './json.ts';
export * from './object.ts';
export * from './push-to.ts';
