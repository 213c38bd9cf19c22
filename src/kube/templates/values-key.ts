// Keys of values as `helm --set` spells them.

import type { Path } from '../../model/index.ts';

/** `web.hosts[0].name` as a path; a dot behind a backslash is part of a name. */
export function parseValuesKey(key: string): Path {
  const steps = [...key.matchAll(/\[(\d+)\]|((?:\\.|[^.[\]\\])+)/g)];
  return steps.map(([, index, name]) => (index === undefined ? (name ?? '').replaceAll('\\', '') : Number(index)));
}
