// Brings what schedules of drills have shown from a store to the folder where proofs are kept: there the journey counts them as any other.

import { openStore, readDrills, drillsOf, type DrillRecord, type Store } from '../../backup/index.ts';
import { asObject, asString, type Proof, UserError } from '../../model/index.ts';
import { parseProof } from './parse-record.ts';
import { recordProof, readProofs, type StoredProof } from './proofs.ts';
import { keepsRecords } from './record-folder.ts';

/** Only drills that are made again and again: nobody looks at what they rest on, so that their age must tell. */
function isScheduled({ proof }: DrillRecord): boolean {
  return asString(asObject(proof?.['figures'])['schedule']) !== undefined;
}

function proofOf({ key, proof }: DrillRecord): Proof | undefined {
  try {
    return parseProof(key, JSON.stringify(proof));
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

/** Of each claim the newest, where its backup is still there and is the same. */
async function newestProofs(store: Store): Promise<readonly Proof[]> {
  const drills = (await readDrills(store)).filter(isScheduled);
  const byClaim = new Map<string, Proof>();
  for (const drill of drills) {
    const proof = proofOf(drill);
    if (proof === undefined || byClaim.has(proof.claim)) continue;
    const isThere = (await drillsOf(store, drill.backup, [drill])).length > 0;
    if (isThere) byClaim.set(proof.claim, proof);
  }
  return [...byClaim.values()];
}

/** Those that are newer than what is known in the folder; kept there, where proofs are. Throws `UserError` where the store cannot be read. */
export async function fetchDrills(root: string, place: string): Promise<readonly StoredProof[]> {
  const store = await openStore(place);
  try {
    const known = (await readProofs(root)).proofs;
    const found = await newestProofs(store);
    const newer = found.filter(({ claim, time }) =>
      known.every(({ proof }) => proof.kind !== 'drill' || proof.claim !== claim || proof.time < time),
    );
    if (!keepsRecords(root)) return newer.map((proof) => ({ id: 'in the store', proof }));
    return await Promise.all(newer.map((proof) => recordProof(root, proof)));
  } finally {
    store.close();
  }
}
