// The use case of a restore: what would be restored is shown first, then it is, and a record of it stays in the store.

import { setTimeout } from 'node:timers/promises';
import { createClient, type Discovery, discover, findResource } from '../api/index.ts';
import {
  compileSelection,
  openBackup,
  openContents,
  openStore,
  recordRestore,
  restoreBackup,
  type RestoreReport,
  type RestoreWish,
  type Selection,
} from '../backup/index.ts';
import { UserError } from '../model/index.ts';
import { type ClusterWish, connectCluster } from './open-cluster.ts';
import type { Outside } from './read-app.ts';

export interface RestoreOrder {
  readonly cluster: ClusterWish;
  readonly store: string;
  readonly backup: string;
  /** Left out: the backup's, with the time. */
  readonly name?: string | undefined;
  readonly selection: Selection;
  readonly namespaceMappings: ReadonlyMap<string, string>;
  readonly existing: RestoreWish['existing'];
  readonly preserveNodePorts: boolean;
  readonly storageClasses: ReadonlyMap<string, string>;
  readonly images: RestoreWish['images'];
  readonly statusResources: readonly string[];
  readonly dryRun: boolean;
}

export interface RestorePreview {
  readonly backup: string;
  readonly store: string;
  /** Address of the API server that it goes to. */
  readonly server: string;
  readonly context: string;
  readonly started: string;
  readonly items: number;
}

/** Restored objects name their resource in full; a filter may be short. */
function resolve(names: readonly string[], discovery: Discovery): readonly string[] {
  return names.map((name) => {
    const found = findResource(discovery, name);
    if (found === undefined) return name;
    return found.group === '' ? found.resource : `${found.resource}.${found.group}`;
  });
}

/** Of the cluster, a restore of some namespaces takes only the volumes of their claims, unless it is told. Source: Velero 1.18. */
function takesResource(selection: Selection, discovery: Discovery): (groupResource: string) => boolean {
  const included = resolve(selection.includedResources ?? [], discovery);
  const excluded = new Set(resolve(selection.excludedResources ?? [], discovery));
  const takesAll = included.length === 0 || included.includes('*');
  return (name) => !excluded.has(name) && (takesAll || included.includes(name));
}

async function toWish(order: RestoreOrder, name: string, discovery: Discovery): Promise<RestoreWish> {
  const { selection, cluster, ...rest } = order;
  const { takesNamespace, takesAllNamespaces, selectors } = compileSelection({
    ...selection,
    includedResources: [],
    excludedResources: [],
  });
  return Promise.resolve({
    ...rest,
    name,
    concurrency: cluster.concurrency,
    selection: {
      takesNamespace,
      selectors,
      takesResource: takesResource(selection, discovery),
      takesAllNamespaces,
      includeClusterResources: selection.includeClusterResources,
    },
  });
}

interface Telling {
  readonly now: () => number;
  /** Shows what is about to happen; throws where nobody agrees. Not asked for a dry run. */
  readonly agree: (preview: RestorePreview) => Promise<void>;
}

/** Throws `UserError`; what could not be restored is in the report. */
export async function makeRestore(
  order: RestoreOrder,
  outside: Outside,
  { now, agree }: Telling,
): Promise<RestoreReport> {
  const store = await openStore(order.store);
  const connection = await connectCluster(order.cluster, outside);
  const client = createClient(connection, { concurrency: order.cluster.concurrency });
  const closing: (() => Promise<void>)[] = [() => client.close()];
  try {
    const backup = await openBackup(store, order.backup);
    if (backup.summary.phase !== 'Completed' && backup.summary.phase !== 'PartiallyFailed')
      throw new UserError(
        'invalid-backup',
        `the backup "${order.backup}" is ${backup.summary.phase}`,
        'Use one that was completed.',
      );
    const { started, items } = backup.summary;
    const { server, context } = connection;
    if (!order.dryRun) await agree({ backup: order.backup, store: store.place, server, context, started, items });
    outside.progress(`fetching ${order.backup}`);
    const contents = await openContents(store, backup);
    closing.push(() => contents.close());
    const name = order.name ?? `${order.backup}-${new Date(now()).toISOString().replace(/\D/g, '').slice(0, 14)}`;
    const wish = await toWish(order, name, await discover(client));
    const { progress } = outside;
    const sleep = (milliseconds: number): Promise<void> => setTimeout(milliseconds);
    const report = await restoreBackup(wish, { client, contents, sleep, now, progress });
    if (!order.dryRun) await recordRestore(store, report);
    return report;
  } finally {
    for (const close of closing) await close();
    store.close();
  }
}
