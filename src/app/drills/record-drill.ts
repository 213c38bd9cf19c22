// What a drill has shown, as a proof: beside the user's files, where proofs are kept, and in the store, where all who need it find it.

import { type DrillReport, recordDrill, type Store } from '../../backup/index.ts';
import { type Settled, type Snapshot, UserError } from '../../model/index.ts';
import { type ClusterWish, readClusterSnapshot } from '../cluster/open-cluster.ts';
import type { Outside } from '../outside.ts';
import type { StoredProof } from '../records/proofs.ts';
import { believedUntil, type Found, type ProofMaking, recordFound, toProof } from '../records/record-made.ts';
import { findRecordRoot, keepsRecords } from '../records/record-folder.ts';

/** Only where all that matters was shown, the data of every claim too. */
function settledBy({ holds, claims }: DrillReport): Settled[] {
  if (!holds) return [{ check: 'restore-drill', verdict: 'fail' }];
  return claims === 0 ? [{ check: 'restore-drill', verdict: 'pass' }] : [];
}

export interface RecordingDrill {
  readonly report: DrillReport;
  readonly store: Store;
  readonly cluster: ClusterWish;
  /** The backup schedule whose newest backup was wanted. */
  readonly schedule?: string | undefined;
  /** The app's own files. */
  readonly paths: readonly string[];
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly making: ProofMaking;
}

/** The app as it runs beside the copy: a drill in another cluster finds none. Read only where a proof is kept. */
async function readApp({ paths, cluster, report }: RecordingDrill, outside: Outside): Promise<readonly Snapshot[]> {
  if (paths.length > 0 || !keepsRecords(await findRecordRoot('.'))) return [];
  const namespaces = report.copies.map(([from]) => from);
  const { snapshot } = await readClusterSnapshot({ ...cluster, namespaces, allNamespaces: false }, undefined, outside);
  const found = new Set(snapshot.objects.map(({ namespace }) => namespace));
  return namespaces.every((name) => found.has(name)) ? [snapshot] : [];
}

/** Of the newest backup of a schedule, whichever it is: the next one takes its place. */
function claimOf({ report, schedule }: RecordingDrill): string {
  const { backup, copies, files } = report;
  const names = copies.map(([from]) => from).join(', ');
  const what = schedule === undefined ? `The backup ${backup}` : `The newest backup of the schedule ${schedule}`;
  return `${what} brings ${names} back: ready, and every object${files.volumes === 0 ? '' : ' and file'} as it was saved`;
}

function foundBy(recording: RecordingDrill): Omit<Found, 'paths' | 'clusters'> {
  const { report, schedule, now } = recording;
  const { control, files } = report;
  return {
    kind: 'drill',
    claim: claimOf(recording),
    result: report.holds ? 'holds' : 'fails',
    figures: {
      backup: report.backup,
      ...(schedule === undefined ? {} : { schedule }),
      compared: report.compared,
      differences: report.differences.length,
      workloads: report.workloads,
      'probes that held': report.probes.filter((each) => each.holds).length,
      'claims without their data': report.claims,
      'files compared': files.compared,
      'files that differ': files.differences.length,
      'seconds until ready': Math.round(report.recoveryTime / 1000),
      'seconds since the backup': Math.round(report.recoveryPoint / 1000),
    },
    settles: settledBy(report),
    until: believedUntil(new Date(now).toISOString()),
    negativeControl: { what: [control.what, files.control?.what].filter(Boolean).join('; '), failed: control.found },
  };
}

/** A store that may only be read is no reason to lose what the drill has shown: then it is told. */
async function putInStore(
  { store, report, now, making }: RecordingDrill,
  found: ReturnType<typeof foundBy>,
  outside: Outside,
) {
  const proof = toProof(found, making, outside);
  try {
    await recordDrill(store, report.backup, { holds: report.holds, proof }, now);
    return true;
  } catch (error) {
    if (!(error instanceof UserError) || error.code !== 'store-refused') throw error;
    return false;
  }
}

export interface RecordedDrill {
  /** Nothing where no proofs are kept. */
  readonly proof: StoredProof | undefined;
  /** False where the store takes no records. */
  readonly inStore: boolean;
}

export async function recordDrilled(recording: RecordingDrill, outside: Outside): Promise<RecordedDrill> {
  const { paths, making } = recording;
  const found = foundBy(recording);
  const inStore = await putInStore(recording, found, outside);
  const clusters = await readApp(recording, outside);
  return { inStore, proof: await recordFound({ ...found, paths, clusters }, making, outside) };
}
