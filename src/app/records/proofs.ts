// Proofs in .nowwhat/proofs/: recorded by the commands that make them, read by those that count them, fresh or stale.

import { join } from 'node:path';
import type { FreshProof } from '../../journey/index.ts';
import { type Freshness, type Proof, type ProofInput, type Snapshot, UserError } from '../../model/index.ts';
import { sha256 } from '../../targets/index.ts';
import { parseProof } from './parse-record.ts';
import { readInputAgain } from './proof-inputs.ts';
import { listRecords, readRecord, recordFolder, writeRecord } from './record-folder.ts';

export interface StoredProof {
  /** Name of its file without `.json`. */
  readonly id: string;
  readonly proof: Proof;
}

export interface ReadProofs {
  readonly proofs: readonly StoredProof[];
  /** Records that cannot be understood: why, each as a sentence. */
  readonly damaged: readonly string[];
}

function folderOf(root: string): string {
  return join(root, recordFolder, 'proofs');
}

/** What makes two proofs the same one at different times. */
function idOf({ kind, claim }: Proof): string {
  return `${kind}-${sha256(claim).slice(0, 8)}`;
}

/** Records a proof in the folder that it is about, in the place of a former one with the same claim. A negative control that did not fail makes it fail. */
export async function recordProof(root: string, proof: Proof): Promise<StoredProof> {
  const isShown = proof.negativeControl?.failed !== false;
  const recorded: Proof = isShown ? proof : { ...proof, result: 'fails' };
  const id = idOf(proof);
  await writeRecord(join(folderOf(root), `${id}.json`), recorded);
  return { id, proof: recorded };
}

/** All proofs of a folder, in the order of their names. One that is damaged hides no other. */
export async function readProofs(root: string): Promise<ReadProofs> {
  const proofs: StoredProof[] = [];
  const damaged: string[] = [];
  for (const name of await listRecords(folderOf(root))) {
    const file = join(folderOf(root), name);
    try {
      const text = await readRecord(file);
      if (text !== undefined && name.endsWith('.json'))
        proofs.push({ id: name.slice(0, -'.json'.length), proof: parseProof(`${recordFolder}/proofs/${name}`, text) });
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      damaged.push(error.message);
    }
  }
  return { proofs, damaged };
}

function nameOf(input: ProofInput): string {
  switch (input.kind) {
    case 'file':
      return input.file;
    case 'folder':
      return input.folder === '.' ? 'the folder' : input.folder;
    case 'object':
      return `${input.object.kind} ${input.object.namespace}/${input.object.name}`;
    case 'namespace':
      return `namespace ${input.namespace} of ${input.context}`;
    case 'cluster':
      return `the version of ${input.context}`;
  }
}

function hashOf(input: ProofInput): string | undefined {
  return input.kind === 'cluster' ? input.version : input.sha256;
}

export interface Now {
  /** ISO date. */
  readonly today: string;
  /** The cluster as it is, where one was read. */
  readonly snapshot?: Snapshot | undefined;
}

/** What the proof says of itself, without a look at what it rests on. */
function tellOld({ until, comparison }: Proof, today: string): string[] {
  return [
    ...(until !== undefined && until < today ? [`it was to be believed until ${until}`] : []),
    ...(comparison?.changed === true ? [comparison.text] : []),
  ];
}

/** Whether what a proof rests on is as it was. */
export async function judgeFreshness(root: string, proof: Proof, { today, snapshot }: Now): Promise<Freshness> {
  const changed = tellOld(proof, today);
  const unread: string[] = [];
  for (const input of proof.inputs) {
    const { isRead, hash } = await readInputAgain(root, input, snapshot);
    if (!isRead) unread.push(`${nameOf(input)} was not looked at`);
    else if (hash !== hashOf(input)) changed.push(`${nameOf(input)} ${hash === undefined ? 'is gone' : 'has changed'}`);
  }
  if (changed.length > 0) return { state: 'stale', changed };
  return unread.length > 0 ? { state: 'unchecked', unread } : { state: 'fresh' };
}

/** Proofs that count for a journey, and what to say of those that would and do not. */
export async function findFreshProofs(
  root: string,
  now: Now,
): Promise<{ fresh: readonly FreshProof[]; notices: readonly string[] }> {
  const { proofs, damaged } = await readProofs(root);
  const fresh: FreshProof[] = [];
  const notices = damaged.map((what) => `a proof does not count: ${what}`);
  for (const { id, proof } of proofs) {
    const freshness = await judgeFreshness(root, proof, now);
    if (freshness.state === 'fresh') fresh.push({ id, proof });
    else if (freshness.state === 'stale' && (proof.settles ?? []).length > 0)
      notices.push(
        `the proof ${id} is stale and does not count: ${freshness.changed.join('; ')}; again: ${proof.command}`,
      );
  }
  return { fresh, notices };
}
