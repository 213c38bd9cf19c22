// Where a snapshot comes from.

export type { ReadOptions } from './read-options.ts';
export { readSnapshot } from './read-snapshot.ts';
