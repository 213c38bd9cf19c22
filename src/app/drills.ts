// The use case of a drill: a backup is restored behind a fence in a cluster, compared, and removed again; what it showed is a proof.

import { randomBytes } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { type ApiClient, type Connection, createClient, makeStoppable } from '../api/index.ts';
import {
  describeBackup,
  type DrillReport,
  endDrill,
  FilesDrill,
  type FillVolumes,
  fillVolumes,
  markProven,
  openBackup,
  openContents,
  openStore,
  type OpenedBackup,
  readRecords,
  runDrill,
  splitFiles,
  type Store,
} from '../backup/index.ts';
import { type Settled, UserError } from '../model/index.ts';
import { type ClusterWish, connectCluster } from './open-cluster.ts';
import { deleteCommand, type Remember } from './passing.ts';
import type { Outside } from './read-app.ts';
import { type MovingWish, openMoving } from './volumes.ts';
import { type OpeningFiles, readOpening } from './read-key-file.ts';
import type { StoredProof } from './records/proofs.ts';
import { type ProofMaking, recordFound } from './records/record-made.ts';

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
}

export interface DrillPreview {
  readonly backup: string;
  readonly started: string;
  readonly server: string;
  readonly context: string;
  readonly copies: readonly (readonly [from: string, to: string])[];
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

/** How long a drill is believed: schedules and apps change. */
const believedDays = 30;

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

function lastDay(now: number): string {
  return new Date(now + believedDays * 86_400_000).toISOString().slice(0, 10);
}

async function record(
  report: DrillReport,
  { now, making }: Telling,
  outside: Outside,
): Promise<StoredProof | undefined> {
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
      'claims without their data': claims,
      'files compared': files.compared,
      'files that differ': files.differences.length,
      'seconds until ready': Math.round(recoveryTime / 1000),
      'seconds since the backup': Math.round(recoveryPoint / 1000),
    },
    settles: settledBy(report),
    until: lastDay(now()),
    negativeControl: { what: [control.what, files.control?.what].filter(Boolean).join('; '), failed: control.found },
    paths: [],
    clusters: [],
  } as const;
  return recordFound(found, making, outside);
}

/** For those who tidy the store. A store that may only be read is no reason to lose what the drill has shown. */
async function markInStore(store: Store, backup: string, now: number): Promise<void> {
  await markProven(store, backup, now).catch((error: unknown) => {
    if (!(error instanceof UserError) || error.code !== 'store-refused') throw error;
  });
}

interface Drilling {
  readonly order: DrillOrder;
  readonly outside: Outside;
  readonly telling: Telling;
  readonly store: Store;
  readonly connection: Connection;
}

/** Nothing where the data of volumes are not wanted, or the backup holds none. */
async function prepareVolumes(client: ApiClient, { order, outside, store }: Drilling, opened: OpenedBackup) {
  const nothing = { seam: {}, files: {}, close: () => Promise.resolve(), tidy: () => Promise.resolve() };
  if (order.moving === undefined) return nothing;
  const read = await readRecords(store, opened);
  if (read.records.every(({ claim, trouble }) => claim === undefined || trouble !== undefined)) return nothing;
  const { moving, tidy, close } = await openMoving(store, client, order.moving, outside.progress);
  const files = new FilesDrill(await splitFiles(store, opened.keys.files, moving.folder));
  const fill: FillVolumes = (restored) =>
    fillVolumes({ ...moving, ...read, onFilled: (helper, each) => files.look(helper, each) }, restored);
  return { seam: { fillVolumes: fill }, files: { files }, close, tidy };
}

async function drillWith(client: ApiClient, drilling: Drilling): Promise<DrillAnswer> {
  const { order, outside, telling, store, connection } = drilling;
  const { now, agree, remember } = telling;
  const { backup, readyWithin } = order;
  const { started, namespaces } = await describeBackup(store, backup);
  const copies = copiesOf(order, namespaces);
  const { server, context } = connection;
  await agree({ backup, started, server, context, copies: [...copies] });
  const opened = await openBackup(store, backup);
  const contents = await openContents(store, opened, await readOpening(order));
  const sleep = (milliseconds: number): Promise<void> => setTimeout(milliseconds);
  const working = makeStoppable(client);
  remember({
    remove: async () => {
      await working.stop();
      await Promise.all([contents.close(), endDrill({ client, sleep }, copies.values())]);
    },
    byHand: () => [deleteCommand(context, ['namespace', ...copies.values()])],
  });
  const { progress } = outside;
  const { seam, files, close } = await prepareVolumes(working.client, drilling, opened);
  const restoring = { client: working.client, contents, sleep, now, progress, ...seam };
  const wish = { backup, saved: started, copies, readyWithin, concurrency: order.cluster.concurrency, ...files };
  let report: DrillReport;
  let left: readonly string[];
  try {
    report = await runDrill(wish, restoring);
  } finally {
    progress('removing the copy');
    left = await endDrill({ client: working.client, sleep }, copies.values());
    await contents.close();
    await close();
  }
  if (report.holds) await markInStore(store, backup, now());
  return { report, left, proof: await record(report, telling, outside) };
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
