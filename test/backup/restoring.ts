// Restores of a few objects into a cluster in memory.

import { noFilters } from '../../src/backup/collect/object-filters.ts';
import { onTestFinished } from 'vitest';
import { type ApiClient, createClient, readConnection } from '../../src/api/index.ts';
import type { RestoreContext, RestoreWish } from '../../src/backup/restore/restore-wish.ts';
import type { JsonObject } from '../../src/model/index.ts';
import type { Playground } from '../../src/playground/index.ts';
import { openPlaygroundFolder } from '../kubernetes/playground-folder.ts';
import { contentsOf } from './contents-of.ts';

export interface Target {
  readonly playground: Playground;
  readonly client: ApiClient;
}

type PlaygroundOptions = Parameters<typeof openPlaygroundFolder>[1];

export async function openTarget(seed: readonly JsonObject[] = [], options: PlaygroundOptions = {}): Promise<Target> {
  const { playground, kubeconfig, close } = await openPlaygroundFolder(seed, options);
  const client = createClient(await readConnection({ environment: { KUBECONFIG: kubeconfig } }), { concurrency: 8 });
  onTestFinished(async () => {
    await client.close();
    await close();
  });
  return { playground, client };
}

export function wishFor(rest: Partial<RestoreWish> = {}): RestoreWish {
  return {
    backup: 'b',
    name: 'r',
    selection: { takesNamespace: () => true, takesAllNamespaces: true, rulesOf: noFilters, takesResource: () => true },
    namespaceMappings: new Map(),
    existing: 'none',
    preserveNodePorts: false,
    storageClasses: new Map(),
    images: [],
    statusResources: [],
    dryRun: false,
    concurrency: 4,
    ...rest,
  };
}

/** Waits take no time. */
export async function contextFor(client: ApiClient, objects: readonly JsonObject[]): Promise<RestoreContext> {
  const contents = await contentsOf(objects);
  onTestFinished(() => contents.close());
  const sleep = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  return { client, contents, sleep, now: Date.now, progress: () => undefined };
}
