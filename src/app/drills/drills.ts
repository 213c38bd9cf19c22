// The use case of a drill: a backup is restored behind a fence in a cluster, compared, and removed again; what it showed is a proof.

import { randomBytes } from 'node:crypto';
import { type ApiClient, type Connection, createClient, makeStoppable, systemClock } from '../../api/index.ts';
import {
  describeBackup,
  type DrillProbe,
  type DrillReport,
  type DrillWish,
  endDrill,
  openBackup,
  openContents,
  parseProbes,
  runDrill,
  type Store,
} from '../../backup/index.ts';
import { kubectlCommand, UserError } from '../../model/index.ts';
import { type ClusterWish, connectCluster } from '../cluster/open-cluster.ts';
import { type Remember } from '../passing.ts';
import type { Outside } from '../outside.ts';
import { openDrillVolumes } from './drill-volumes.ts';
import type { MovingWish } from '../backups/volumes.ts';
import { type OpeningFiles, readOpening } from '../backups/read-key-file.ts';
import { type RecordedDrill, recordDrilled } from './record-drill.ts';
import { type BackupChoice, chooseBackup } from '../restores/restore-inputs.ts';
import type { ProofMaking } from '../records/record-made.ts';
import { readTextFile } from '../backups/velero-file.ts';
import { withStore } from '../backups/with-store.ts';

export interface DrillOrder extends OpeningFiles {
  readonly cluster: ClusterWish;
  readonly store: string;
  readonly backup: BackupChoice;
  /** Namespaces that stand ready with their fence, by those of the backup; left out, copies are made and removed. */
  readonly fences?: ReadonlyMap<string, string> | undefined;
  /** Namespaces of the backup; empty for all of them. */
  readonly namespaces: readonly string[];
  /** Milliseconds. */
  readonly readyWithin: number;
  /** How the data of volumes come back; left out, they do not. */
  readonly moving?: MovingWish;
  /** File with what is asked of the app once it is ready. */
  readonly probes?: string | undefined;
  /** The app's own files, on which the proof rests; without any, it rests on the app in the cluster. */
  readonly paths: readonly string[];
}

export interface DrillPreview {
  readonly backup: string;
  readonly started: string;
  readonly server: string;
  readonly context: string;
  readonly copies: readonly (readonly [from: string, to: string])[];
  /** The copies are namespaces that stand ready, and stay. */
  readonly isStanding: boolean;
  readonly probes: readonly DrillProbe[];
}

export interface Telling {
  readonly now: () => number;
  /** Shows what is about to happen; throws where nobody agrees. */
  readonly agree: (preview: DrillPreview) => Promise<void>;
  readonly remember: Remember;
  readonly making: ProofMaking;
}

export interface DrillAnswer extends RecordedDrill {
  readonly report: DrillReport;
  /** Copies that are still on their way out. */
  readonly left: readonly string[];
}

/** Throws `UserError`, also where it cannot be told in which copy one is to look. */
async function readProbes(
  file: string | undefined,
  copies: ReadonlyMap<string, string>,
): Promise<readonly DrillProbe[]> {
  if (file === undefined) return [];
  const probes = parseProbes(await readTextFile(file, 'probes'), file);
  const lost = probes.find(({ namespace }) => (namespace === undefined ? copies.size > 1 : !copies.has(namespace)));
  if (lost === undefined) return probes;
  const what = lost.namespace === undefined ? 'says no namespace' : `is for the namespace "${lost.namespace}"`;
  const advice = `The drill copies ${[...copies.keys()].join(', ')}: name one of them.`;
  throw new UserError('invalid-option', `${file}: the probe "${lost.name}" ${what}`, advice);
}

/** All of the backup, or those that are named; a fence is for one of them. */
function wantedOf({ namespaces, fences }: DrillOrder, found: readonly string[]): readonly string[] {
  if (fences !== undefined) return [...fences.keys()];
  return namespaces.length > 0 ? namespaces : found;
}

function copiesOf(order: DrillOrder, backup: string, found: readonly string[]): ReadonlyMap<string, string> {
  const wanted = wantedOf(order, found);
  const missing = wanted.find((name) => !found.includes(name));
  if (missing !== undefined)
    throw new UserError(
      'invalid-option',
      `the backup "${backup}" holds nothing of the namespace "${missing}"`,
      `It holds ${found.join(', ') || 'none'}.`,
    );
  if (order.fences !== undefined) return order.fences;
  const mark = randomBytes(3).toString('hex');
  return new Map(wanted.map((name) => [name, `${name.slice(0, 48)}-drill-${mark}`]));
}

interface Drilling {
  readonly order: DrillOrder;
  readonly outside: Outside;
  readonly telling: Telling;
  readonly store: Store;
  readonly connection: Connection;
}

/** What a drill leaves behind for a moment, and how it goes in any case. */
function endingOf(client: ApiClient, { order, connection }: Drilling, copies: ReadonlyMap<string, string>) {
  const { sleep } = systemClock;
  const names = new Set(copies.values());
  const isStanding = order.fences !== undefined;
  const ending = { copies: names, isStanding, fillsFromSnapshots: order.moving !== undefined };
  return {
    end: () => endDrill({ client, sleep }, ending),
    byHand: () =>
      isStanding
        ? [...names].map((name) =>
            kubectlCommand(['delete', 'all,pvc,configmap,secret', '--all', '-n', name], connection),
          )
        : [kubectlCommand(['delete', 'namespace', ...names], connection)],
  };
}

async function previewOf({
  order,
  store,
  connection,
}: Drilling): Promise<Omit<DrillPreview, 'copies'> & Pick<DrillWish, 'copies'>> {
  const { name: backup } = await chooseBackup(store, order.backup);
  const { started, namespaces } = await describeBackup(store, backup);
  const copies = copiesOf(order, backup, namespaces);
  const { server, context } = connection;
  const probes = await readProbes(order.probes, copies);
  return { backup, started, server, context, copies, isStanding: order.fences !== undefined, probes };
}

async function drillWith(client: ApiClient, drilling: Drilling): Promise<DrillAnswer> {
  const { order, outside, telling, store } = drilling;
  const { now, agree, remember, making } = telling;
  const preview = await previewOf(drilling);
  const { backup, started, copies, isStanding, probes } = preview;
  await agree({ ...preview, copies: [...copies] });
  const opened = await openBackup(store, backup);
  const contents = await openContents(store, opened, await readOpening(order));
  const working = makeStoppable(client);
  const { byHand } = endingOf(client, drilling, copies);
  remember({
    remove: async () => {
      await working.stop();
      await Promise.all([contents.close(), endingOf(client, drilling, copies).end()]);
    },
    byHand,
  });
  const { progress } = outside;
  const volumes = await openDrillVolumes(working.client, { ...drilling, copies }, { opened, contents });
  const restoring = { client: working.client, contents, sleep: systemClock.sleep, now, progress, ...volumes.seam };
  const fillsFromSnapshots = order.moving !== undefined;
  const { readyWithin, cluster } = order;
  const { concurrency } = cluster;
  const rest = { isStanding, readyWithin, concurrency, probes, fillsFromSnapshots, ...volumes.wish };
  let report: DrillReport;
  let left: readonly string[];
  try {
    report = await runDrill({ backup, saved: started, copies, ...rest }, restoring);
  } finally {
    progress('removing the copy');
    left = await endingOf(working.client, drilling, copies).end();
    await contents.close();
    await volumes.close();
  }
  const schedule = 'schedule' in order.backup ? order.backup.schedule : undefined;
  const recording = { report, store, cluster, schedule, paths: order.paths, now: now(), making };
  return { report, left, ...(await recordDrilled(recording, outside)) };
}

/** Throws `UserError`; what did not come back as it was is in the report. Nothing is left in the cluster. */
export function makeDrill(order: DrillOrder, outside: Outside, telling: Telling): Promise<DrillAnswer> {
  return withStore(order.store, async (store) => {
    const connection = await connectCluster(order.cluster, outside);
    const client = createClient(connection, { concurrency: order.cluster.concurrency });
    try {
      return await drillWith(client, { order, outside, telling, store, connection });
    } finally {
      await client.close();
    }
  });
}
