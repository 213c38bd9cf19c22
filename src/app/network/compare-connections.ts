// What changes on the network between two places: files, charts, saved snapshots or contexts.

import { prepareInventory } from '../../inventory/index.ts';
import {
  compareConnections,
  type Connections,
  type ConnectionsDiff,
  findConnections,
} from '../../reachability/index.ts';
import { type CompareWish, readSide } from '../compare/compare.ts';
import type { Outside } from '../outside.ts';

/** Paths, or names of contexts. */
export interface NetworkDiffWish extends Pick<CompareWish, 'reading' | 'cluster'> {
  readonly old: string;
  readonly new: string;
}

async function connectionsAt(side: string, wish: NetworkDiffWish, outside: Outside): Promise<Connections> {
  return findConnections(await prepareInventory(await readSide(side, wish, outside)));
}

export async function answerNetworkDiff(wish: NetworkDiffWish, outside: Outside): Promise<ConnectionsDiff> {
  const both = { old: await connectionsAt(wish.old, wish, outside), new: await connectionsAt(wish.new, wish, outside) };
  return compareConnections(both, { old: wish.old, new: wish.new });
}
