// `proofs`: what was proven about an app, and whether that still counts.

import type { Freshness } from '../../model/index.ts';
import { readApp, type ReadWish } from '../read-app.ts';
import type { Outside } from '../outside.ts';
import { fetchDrills } from './fetch-drills.ts';
import { judgeFreshness, readProofs, type ReadProofs, type StoredProof } from './proofs.ts';
import { findRecordRoot } from './record-folder.ts';

export interface ListedProof extends StoredProof {
  readonly freshness: Freshness;
}

export interface ProofsAnswer {
  readonly schema: 'nowwhat.dev/proofs/v1';
  readonly folder: string;
  readonly proofs: readonly ListedProof[];
  readonly damaged: readonly string[];
}

export interface ProofsWish {
  /** A path in the folder that the proofs are about. */
  readonly path: string;
  /** The cluster that some of them are about. */
  readonly cluster: ReadWish | undefined;
  /** A store with records of drills that schedules have made. */
  readonly store?: string | undefined;
}

/** With those of a store, which take the place of older ones. */
async function readAll(folder: string, { store, cluster }: ProofsWish, outside: Outside): Promise<ReadProofs> {
  const fetched = store === undefined ? [] : await fetchDrills(folder, { store, cluster: cluster?.cluster }, outside);
  const { proofs, damaged } = await readProofs(folder);
  const claims = new Set(fetched.map(({ proof }) => proof.claim));
  return { proofs: [...fetched, ...proofs.filter(({ proof }) => !claims.has(proof.claim))], damaged };
}

/** The last one first. Throws `UserError` where the cluster or the store cannot be read. */
export async function listProofs(wish: ProofsWish, outside: Outside): Promise<ProofsAnswer> {
  const { path, cluster } = wish;
  const folder = await findRecordRoot(path);
  const { proofs, damaged } = await readAll(folder, wish, outside);
  const snapshot = cluster === undefined ? undefined : (await readApp(cluster, outside)).snapshot;
  const now = { today: outside.today, snapshot };
  const listed = await Promise.all(
    proofs.map(async (stored) => ({ ...stored, freshness: await judgeFreshness(folder, stored.proof, now) })),
  );
  const sorted = listed.toSorted((a, b) => (a.proof.time < b.proof.time ? 1 : -1));
  return { schema: 'nowwhat.dev/proofs/v1', folder, proofs: sorted, damaged };
}
