// Where an object stands that is in no file.

import type { ObjectSource } from '../../model/index.ts';

/** `context` is '' where it is of no weight which cluster it is. */
export function sourceInCluster(context = ''): ObjectSource {
  const origin = { kind: 'cluster', unit: context } as const;
  return { file: context, text: -1, start: 0, end: 0, document: 0, line: 1, within: [], origin };
}
