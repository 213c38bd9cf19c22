// The pods that a backup would save, before it starts.

import { type ApiClient, discoverOnce } from '../../api/index.ts';
import type { JsonObject } from '../../model/index.ts';
import { resolveNames } from '../collect/choose-resources.ts';
import { collectObjects } from '../collect/collect-objects.ts';
import { compileSelection, type Selection } from '../collect/selection.ts';

export interface PodLook {
  readonly client: ApiClient;
  readonly selection: Selection;
  readonly concurrency: number;
}

/** What cannot be listed is left out: the backup itself tells of it. */
export async function* visitPods({ client, selection, concurrency }: PodLook): AsyncGenerator<JsonObject> {
  const discovery = await discoverOnce(client);
  const compiled = compileSelection(resolveNames(selection, discovery));
  const pods = collectObjects({
    client,
    discovery,
    concurrency,
    selection: {
      ...compiled,
      takes: (resource) => resource.group === '' && resource.resource === 'pods' && compiled.takes(resource),
      permits: () => false,
      order: new Map(),
    },
    now: () => '',
    onList: () => undefined,
    onProblem: () => undefined,
  });
  for await (const { resource, raw } of pods) if (resource === 'pods') yield raw;
}
