// The use case of a restore: what would be restored is shown first, then it is, and a record of it stays in the store.

import { createClient, discover, systemClock } from '../../api/index.ts';
import {
  compileSelection,
  openContents,
  type OpenedContents,
  type OpenedBackup,
  planRestoreHooks,
  recordRestore,
  restoreBackup,
  type RestoreContext,
  type RestoreReport,
  type RestoreWish,
  type Store,
  titleOfAbsent,
} from '../../backup/index.ts';
import { UserError } from '../../model/index.ts';
import { imagesAsker } from './ask-images.ts';
import { type Asking, toWish } from './assemble-restore.ts';
import { type ChosenObjects, chooseRestored } from './choose-restored.ts';
import { findMissingRelated } from './missing-related.ts';
import { connectCluster } from '../cluster/open-cluster.ts';
import type { Outside } from '../outside.ts';
import { readOpening } from '../backups/read-key-file.ts';
import { planPrune } from './plan-prune.ts';
import { requireNamespaces } from './restore-namespaces.ts';
import { chooseBackup } from './restore-inputs.ts';
import { withStore } from '../backups/with-store.ts';
import { type RestoreOrder, type RestorePreview } from './restore-order.ts';
import { prepareVolumes, readFilled } from './restore-volumes.ts';

interface Telling {
  /** Hears how to tidy up where the program is ended in the middle. */
  readonly onTidy: (tidy: () => Promise<void>) => void;
  readonly now: () => number;
  /** Shows what is about to happen; throws where nobody agrees. Not asked for a dry run. */
  readonly agree: (preview: RestorePreview) => Promise<void>;
}

function requireRestorable({ summary }: OpenedBackup): void {
  if (summary.phase === 'Completed' || summary.phase === 'PartiallyFailed') return;
  throw new UserError(
    'invalid-backup',
    `the backup "${summary.name}" is ${summary.phase}`,
    'Use one that was completed.',
  );
}

interface Restoring extends Asking, Telling {
  readonly store: Store;
  readonly outside: Outside;
  /** Hears what is to be closed at the end. */
  readonly onClose: (close: () => Promise<void>) => void;
}

function destinationOf({ order, client }: Asking) {
  const { context, server } = client.connection;
  return { context, server, namespaceMappings: order.namespaceMappings };
}

type Named = ChosenObjects & { readonly remarks: readonly string[] };

/** Nothing where no single objects were named. Throws `UserError`. */
async function chooseIn({ order, client, discovery }: Asking, contents: OpenedContents): Promise<Named | undefined> {
  const { objects, selection, namespaceMappings } = order;
  if (objects === undefined) return undefined;
  const chosen = await chooseRestored(contents, objects, compileSelection(selection).takesNamespace);
  return { ...chosen, remarks: await findMissingRelated(client, discovery, chosen.left, namespaceMappings) };
}

function withObjects(wish: RestoreWish, objects: Named | undefined): RestoreWish {
  if (objects === undefined) return wish;
  return { ...wish, chosen: objects.chosen, remarks: [...(wish.remarks ?? []), ...objects.remarks] };
}

async function restoreFrom(
  restoring: Restoring,
  backup: OpenedBackup,
  contents: OpenedContents,
): Promise<RestoreReport> {
  const { order, store, client, discovery, now, agree, outside } = restoring;
  const { progress } = outside;
  const name = order.name ?? `${backup.name}-${new Date(now()).toISOString().replace(/\D/g, '').slice(0, 14)}`;
  const objects = await chooseIn(restoring, contents);
  const wish = withObjects(await toWish(restoring, backup.name, name), objects);
  const { sleep } = systemClock;
  const { seam, ...volumes } = await prepareVolumes(restoring, backup, contents, objects);
  const snapshots = await readFilled(restoring, backup, objects);
  const claimsWithData = new Set(
    volumes.volumes.flatMap(({ namespace, claim }) => (claim === undefined ? [] : [`${namespace}/${claim}`])),
  );
  const askImages = order.checkImages ? { askImages: imagesAsker(outside) } : {};
  const context: RestoreContext = { client, contents, discovery, sleep, now, progress, ...askImages, ...seam };
  const prune = await planPrune(restoring, backup, { wish, context });
  if (!order.dryRun) {
    const { started, items } = backup.summary;
    const { server, context: title } = client.connection;
    const { storageClasses, images, modifiers } = wish;
    await agree({
      backup: backup.name,
      ...volumes,
      snapshots,
      store: store.place,
      server,
      context: title,
      started,
      items,
      chosen: objects?.names ?? [],
      remarks: wish.remarks ?? [],
      storageClasses,
      images,
      modifiers: modifiers?.rules.length ?? 0,
      prune: prune.map(titleOfAbsent),
      hooks: await planRestoreHooks(wish, contents),
    });
  }
  const report = await restoreBackup({ ...wish, prune, claimsWithData }, context);
  if (!order.dryRun) await recordRestore(store, report, destinationOf(restoring));
  return report;
}

/** Throws `UserError`; what could not be restored is in the report. */
export function makeRestore(order: RestoreOrder, outside: Outside, telling: Telling): Promise<RestoreReport> {
  return withStore(order.store, async (store) => {
    const connection = await connectCluster(order.cluster, outside);
    const client = createClient(connection, { concurrency: order.cluster.concurrency });
    const closing: (() => Promise<void>)[] = [() => client.close()];
    const { progress } = outside;
    try {
      const backup = await chooseBackup(store, order.backup);
      requireRestorable(backup);
      progress(`fetching ${backup.name}`);
      // Meanwhile: it takes as long as a small backup. Met below; until then a cluster that is away would end the process.
      const discovering = discover(client);
      discovering.catch(() => undefined);
      const contents = await openContents(store, backup, await readOpening(order));
      closing.push(() => contents.close());
      const { selection, namespaceMappings } = order;
      requireNamespaces(backup.name, contents, { ...selection, namespaceMappings });
      const discovery = await discovering;
      const onClose = (close: () => Promise<void>): void => void closing.push(close);
      return await restoreFrom({ ...telling, order, store, client, discovery, outside, onClose }, backup, contents);
    } finally {
      for (const close of closing) await close();
    }
  });
}
