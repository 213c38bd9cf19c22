// Who can become cluster administrator, worked out once for the whole input.

import type { Inventory } from '../../../inventory/index.ts';
import type { CheckContext } from '../../check.ts';
import { allBindings } from '../../../inventory/rights/bindings.ts';
import { type Escalations, findEscalations, makeGraph } from './search.ts';
import { readSurroundings } from './surroundings.ts';

export { presumptionOf, wayFinding, wayText } from './describe-way.ts';
export type { Escalations, Way } from './search.ts';

function makeTable(): Map<number, Escalations> {
  return new Map();
}

/** A way that presumes something only where there is no sure one. */
function findBoth(inventory: Inventory, minor: number): Escalations {
  // Nobody is bound to anything: nobody leads anywhere.
  if (allBindings(inventory).length === 0) return { wayOf: () => undefined };
  const graph = makeGraph(readSurroundings(inventory, minor));
  const [sure, any] = [findEscalations(graph, { sure: true }), findEscalations(graph)];
  return { wayOf: (identity) => sure.wayOf(identity) ?? any.wayOf(identity) };
}

export function escalationsIn({ inventory, options }: CheckContext): Escalations {
  const byVersion = inventory.derive(makeTable);
  let found = byVersion.get(options.minor);
  if (found === undefined) {
    found = findBoth(inventory, options.minor);
    byVersion.set(options.minor, found);
  }
  return found;
}
