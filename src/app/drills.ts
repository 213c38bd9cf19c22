// The use case of a drill: a backup is restored behind a fence in a cluster, compared, and removed again; what it showed is a proof.

import { randomBytes } from 'node:crypto';
import { type ApiClient, type Connection, createClient, makeStoppable, systemClock } from '../api/index.ts';
import {
  describeBackup,
  type DrillProbe,
  type DrillReport,
  endDrill,
  markProven,
  openBackup,
  openContents,
  openStore,
  parseProbes,
  runDrill,
  type Store,
} from '../backup/index.ts';
import { kubectlCommand, type Settled, type Snapshot, UserError } from '../model/index.ts';
import { type ClusterWish, connectCluster, readClusterSnapshot } from './open-cluster.ts';
import { type Remember } from './passing.ts';
import type { Outside } from './read-app.ts';
import { openDrillVolumes } from './drill-volumes.ts';
import type { MovingWish } from './volumes.ts';
import { type OpeningFiles, readOpening } from './read-key-file.ts';
import type { StoredProof } from './records/proofs.ts';
import { believedUntil, type ProofMaking, recordFound } from './records/record-made.ts';
import { findRecordRoot, keepsRecords } from './records/record-folder.ts';
import { readTextFile } from './velero-file.ts';

export interface DrillOrder extends OpeningFiles {
  readonly cluster: ClusterWish;
  readonly store: string;
  readonly backup: string;
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
  readonly probes: readonly DrillProbe[];
}

export interface Telling {
  readonly now: () => number;
  /** Shows what is about to happen; throws where nobody agrees. */
  readonly agree: (preview: DrillPreview) => Promise<void>;
  readonly remember: Remember;
  readonly making: ProofMaking;
}

export interface DrillAnswer {
  readonly report: DrillReport;
  /** Nothing where no proofs are kept. */
  readonly proof: StoredProof | undefined;
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

function copiesOf(order: DrillOrder, found: readonly string[]): Map<string, string> {
  const wanted = order.namespaces.length > 0 ? order.namespaces : found;
  const missing = wanted.find((name) => !found.includes(name));
  if (missing !== undefined)
    throw new UserError(
      'invalid-option',
      `the backup "${order.backup}" holds nothing of the namespace "${missing}"`,
      `It holds ${found.join(', ') || 'none'}.`,
    );
  const mark = randomBytes(3).toString('hex');
  return new Map(wanted.map((name) => [name, `${name.slice(0, 48)}-drill-${mark}`]));
}

/** Only where all that matters was shown, the data of every claim too. */
function settledBy({ holds, claims }: DrillReport): Settled[] {
  if (!holds) return [{ check: 'restore-drill', verdict: 'fail' }];
  return claims === 0 ? [{ check: 'restore-drill', verdict: 'pass' }] : [];
}

interface Drilling {
  readonly order: DrillOrder;
  readonly outside: Outside;
  readonly telling: Telling;
  readonly store: Store;
  readonly connection: Connection;
}

/** The app as it runs beside the copy: a drill in another cluster finds none. Read only where a proof is kept. */
async function readApp({ order, outside }: Drilling, report: DrillReport): Promise<readonly Snapshot[]> {
  if (order.paths.length > 0 || !keepsRecords(await findRecordRoot('.'))) return [];
  const namespaces = report.copies.map(([from]) => from);
  const wish = { ...order.cluster, namespaces, allNamespaces: false };
  const { snapshot } = await readClusterSnapshot(wish, undefined, outside);
  const found = new Set(snapshot.objects.map(({ namespace }) => namespace));
  return namespaces.every((name) => found.has(name)) ? [snapshot] : [];
}

async function record(drilling: Drilling, report: DrillReport): Promise<StoredProof | undefined> {
  const { order, outside, telling } = drilling;
  const { now, making } = telling;
  const { backup, compared, differences, workloads, recoveryTime, recoveryPoint, control, holds, claims, files } =
    report;
  const names = report.copies.map(([from]) => from).join(', ');
  const found = {
    kind: 'drill',
    claim: `The backup ${backup} brings ${names} back: ready, and every object${files.volumes === 0 ? '' : ' and file'} as it was saved`,
    result: holds ? 'holds' : 'fails',
    figures: {
      compared,
      differences: differences.length,
      workloads,
      'probes that held': report.probes.filter((each) => each.holds).length,
      'claims without their data': claims,
      'files compared': files.compared,
      'files that differ': files.differences.length,
      'seconds until ready': Math.round(recoveryTime / 1000),
      'seconds since the backup': Math.round(recoveryPoint / 1000),
    },
    settles: settledBy(report),
    until: believedUntil(new Date(now()).toISOString()),
    negativeControl: { what: [control.what, files.control?.what].filter(Boolean).join('; '), failed: control.found },
    paths: order.paths,
    clusters: await readApp(drilling, report),
  } as const;
  return recordFound(found, making, outside);
}

/** For those who tidy the store. A store that may only be read is no reason to lose what the drill has shown. */
async function markInStore(store: Store, backup: string, now: number): Promise<void> {
  await markProven(store, backup, now).catch((error: unknown) => {
    if (!(error instanceof UserError) || error.code !== 'store-refused') throw error;
  });
}

async function drillWith(client: ApiClient, drilling: Drilling): Promise<DrillAnswer> {
  const { order, outside, telling, store, connection } = drilling;
  const { now, agree, remember } = telling;
  const { backup, readyWithin } = order;
  const { started, namespaces } = await describeBackup(store, backup);
  const copies = copiesOf(order, namespaces);
  const { server, context } = connection;
  const probes = await readProbes(order.probes, copies);
  await agree({ backup, started, server, context, copies: [...copies], probes });
  const opened = await openBackup(store, backup);
  const contents = await openContents(store, opened, await readOpening(order));
  const { sleep } = systemClock;
  const working = makeStoppable(client);
  remember({
    remove: async () => {
      await working.stop();
      await Promise.all([contents.close(), endDrill({ client, sleep }, copies.values())]);
    },
    byHand: () => [kubectlCommand(['delete', 'namespace', ...copies.values()], connection)],
  });
  const { progress } = outside;
  const volumes = await openDrillVolumes(working.client, { ...drilling, copies }, opened);
  const restoring = { client: working.client, contents, sleep, now, progress, ...volumes.seam };
  const { concurrency } = order.cluster;
  const fillsFromSnapshots = order.moving !== undefined;
  const wish = {
    backup,
    saved: started,
    copies,
    readyWithin,
    concurrency,
    probes,
    fillsFromSnapshots,
    ...volumes.wish,
  };
  let report: DrillReport;
  let left: readonly string[];
  try {
    report = await runDrill(wish, restoring);
  } finally {
    progress('removing the copy');
    left = await endDrill({ client: working.client, sleep }, copies.values());
    await contents.close();
    await volumes.close();
  }
  if (report.holds) await markInStore(store, backup, now());
  return { report, left, proof: await record(drilling, report) };
}

/** Throws `UserError`; what did not come back as it was is in the report. Nothing is left in the cluster. */
export async function makeDrill(order: DrillOrder, outside: Outside, telling: Telling): Promise<DrillAnswer> {
  const store = await openStore(order.store);
  const connection = await connectCluster(order.cluster, outside);
  const client = createClient(connection, { concurrency: order.cluster.concurrency });
  try {
    return await drillWith(client, { order, outside, telling, store, connection });
  } finally {
    await client.close();
    store.close();
  }
}
