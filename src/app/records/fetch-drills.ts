// Brings what schedules of drills have shown from a store to the folder where proofs are kept: there the journey counts them as any other.

import { readDrills, drillsOf, type DrillRecord, type Store } from '../../backup/index.ts';
import { asObject, asString, type Proof, UserError } from '../../model/index.ts';
import { withStore } from '../backups/with-store.ts';
import type { ClusterWish } from '../cluster/open-cluster.ts';
import type { Outside } from '../outside.ts';
import { compareDrilled, laterOf } from './compare-drilled.ts';
import { parseProof } from './parse-record.ts';
import { recordProof, readProofs, type StoredProof } from './proofs.ts';
import { keepsRecords } from './record-folder.ts';

/** The backup schedule whose newest backup was tried: only drills that are made again and again are fetched. */
function scheduleOf({ proof }: DrillRecord): string | undefined {
  return asString(asObject(proof?.['figures'])['schedule']);
}

function proofOf({ key, proof }: DrillRecord): Proof | undefined {
  try {
    return parseProof(key, JSON.stringify(proof));
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

interface Drilled {
  readonly proof: Proof;
  readonly backup: string;
  readonly schedule: string;
}

/** Of each claim the newest, where its backup is still there and is the same. */
async function newestProofs(store: Store): Promise<readonly Drilled[]> {
  const byClaim = new Map<string, Drilled>();
  for (const drill of await readDrills(store)) {
    const [proof, schedule] = [proofOf(drill), scheduleOf(drill)];
    if (proof === undefined || schedule === undefined || byClaim.has(proof.claim)) continue;
    const isThere = (await drillsOf(store, drill.backup, [drill])).length > 0;
    if (isThere) byClaim.set(proof.claim, { proof, backup: drill.backup, schedule });
  }
  return [...byClaim.values()];
}

function isSameDrill(one: Proof, other: Proof): boolean {
  return one.kind === 'drill' && one.claim === other.claim && one.time === other.time;
}

/** One of the same moment was fetched before, and what it was held against is looked at again, or it was made here and knows more. */
function isNewer(proof: Proof, known: Proof): boolean {
  if (known.kind !== 'drill' || known.claim !== proof.claim) return true;
  return known.time < proof.time || (isSameDrill(known, proof) && known.inputs.length === 0);
}

export interface DrillSource {
  /** As the user names it. */
  readonly store: string;
  /** The cluster that holds the app, where one was named. */
  readonly cluster: ClusterWish | undefined;
}

/** Those that are newer than what is known in the folder, held against the app as it is since; kept there, where proofs are. Throws `UserError` where the store cannot be read. */
export async function fetchDrills(
  root: string,
  { store, cluster }: DrillSource,
  outside: Outside,
): Promise<readonly StoredProof[]> {
  const known = (await readProofs(root)).proofs;
  const found = await withStore(store, newestProofs);
  const fetched: StoredProof[] = [];
  for (const { proof, ...drilled } of found.filter((each) => known.every((one) => isNewer(each.proof, one.proof)))) {
    const earlier = known.find((one) => isSameDrill(one.proof, proof))?.proof.comparison;
    const comparison = laterOf(earlier, await compareDrilled({ store, ...drilled }, cluster, outside));
    const held: Proof = { ...proof, comparison };
    fetched.push(keepsRecords(root) ? await recordProof(root, held) : { id: 'in the store', proof: held });
  }
  return fetched;
}
