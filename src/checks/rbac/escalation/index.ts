// Who can become cluster administrator, worked out once for the whole input.

import type { CheckContext } from '../../check.ts';
import { type Escalations, findEscalations, makeGraph } from './search.ts';
import { readSurroundings } from './surroundings.ts';

export { wayEvidence, wayText } from './describe-way.ts';
export type { Way } from './search.ts';

function makeTable(): Map<number, Escalations> {
  return new Map();
}

export function escalationsIn({ inventory, options }: CheckContext): Escalations {
  const byVersion = inventory.derive(makeTable);
  let found = byVersion.get(options.minor);
  if (found === undefined) {
    found = findEscalations(makeGraph(readSurroundings(inventory, options.minor)));
    byVersion.set(options.minor, found);
  }
  return found;
}
