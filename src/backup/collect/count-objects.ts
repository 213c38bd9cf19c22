// How many objects of each kind a backup would take, by the same lists and none of the writing.

import { type ApiClient, discover } from '../../api/index.ts';
import { groupResourceOf } from '../archive/entry-names.ts';
import { resolveNames } from './choose-resources.ts';
import { collectObjects } from './collect-objects.ts';
import type { CollectProblem } from './gap.ts';
import { compileSelection, type Selection } from './selection.ts';

export interface Counting {
  readonly client: ApiClient;
  readonly selection: Selection;
  readonly concurrency: number;
}

export interface CountedObjects {
  readonly objects: number;
  /** `deployments.apps`, by name. */
  readonly resources: readonly { readonly resource: string; readonly objects: number }[];
  readonly problems: readonly CollectProblem[];
}

export async function countObjects({ client, selection, concurrency }: Counting): Promise<CountedObjects> {
  const discovery = await discover(client);
  const counts = new Map<string, number>();
  const problems: CollectProblem[] = [];
  const objects = collectObjects({
    client,
    discovery,
    concurrency,
    selection: compileSelection(resolveNames(selection, discovery)),
    now: () => '',
    onList: () => undefined,
    onProblem: (problem) => problems.push(problem),
  });
  for await (const object of objects) {
    const key = groupResourceOf(object);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const resources = [...counts].map(([resource, count]) => ({ resource, objects: count }));
  return {
    objects: resources.reduce((sum, each) => sum + each.objects, 0),
    resources: resources.toSorted((a, b) => (a.resource < b.resource ? -1 : 1)),
    problems,
  };
}
