// Objects of some kinds that a backup would save, before it starts: by the same lists, filters and rights.

import { type ApiClient, type ApiResource, discoverOnce } from '../../api/index.ts';
import type { JsonObject } from '../../model/index.ts';
import { resolveNames } from './choose-resources.ts';
import { collectObjects } from './collect-objects.ts';
import type { CollectProblem } from './gap.ts';
import { compileSelection, type Selection } from './selection.ts';

/** Where a backup would look. */
export interface BackupLook {
  readonly client: ApiClient;
  readonly selection: Selection;
  readonly concurrency: number;
}

/** Kinds of the core group that are looked at before a backup starts. */
export type LookedAt = 'pods' | 'persistentvolumeclaims';

export interface VisitedObject {
  readonly resource: LookedAt;
  readonly object: JsonObject;
}

/** What cannot be listed is told, and left out. */
export async function* visitObjects(
  { client, selection, concurrency }: BackupLook,
  kinds: readonly LookedAt[],
  onGap: (gap: CollectProblem) => void,
): AsyncGenerator<VisitedObject> {
  const discovery = await discoverOnce(client);
  const compiled = compileSelection(resolveNames(selection, discovery));
  const kindOf = ({ group, resource }: Pick<ApiResource, 'group' | 'resource'>): LookedAt | undefined =>
    group === '' ? kinds.find((each) => each === resource) : undefined;
  const takes = (resource: ApiResource): boolean => kindOf(resource) !== undefined && compiled.takes(resource);
  if (!discovery.resources.some(takes)) return;
  const objects = collectObjects({
    client,
    discovery,
    concurrency,
    selection: {
      ...compiled,
      takes,
      permits: () => false,
      order: new Map(),
    },
    now: () => '',
    onList: () => undefined,
    // The rest is told by the backup itself.
    onProblem: (problem) => void (problem.notListed !== undefined && onGap(problem)),
  });
  for await (const each of objects) {
    const resource = kindOf(each);
    if (resource !== undefined) yield { resource, object: each.raw };
  }
}
