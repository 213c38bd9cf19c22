// Plans that were applied, each with its journal: .nowwhat/plans/ID/{plan,journal}.json.

import { join } from 'node:path';
import type { Journal, Plan } from '../../model/index.ts';
import { sha256 } from '../../targets/index.ts';
import { parseJournal, parsePlan } from '../records/parse-record.ts';
import { listRecords, readRecord, recordFolder, writeRecord } from '../records/record-folder.ts';

export interface StoredPlan {
  readonly id: string;
  readonly plan: Plan;
  readonly journal: Journal;
}

function folderOf(root: string): string {
  return join(root, recordFolder, 'plans');
}

/** The folder with all that is kept of one plan. */
export function folderOfPlan(root: string, id: string): string {
  return join(folderOf(root), id);
}

/** The day it was made, and what it says: the same plan has the same id wherever it is applied. */
export function idOf(plan: Plan): string {
  return `${plan.made.slice(0, 10)}-${sha256(JSON.stringify(plan)).slice(0, 8)}`;
}

export async function readStored(root: string, id: string): Promise<StoredPlan | undefined> {
  const folder = folderOfPlan(root, id);
  const [planFile, journalFile] = [join(folder, 'plan.json'), join(folder, 'journal.json')];
  const plan = await readRecord(planFile);
  const journal = await readRecord(journalFile);
  if (plan === undefined || journal === undefined) return undefined;
  return { id, plan: parsePlan(planFile, plan), journal: parseJournal(journalFile, journal) };
}

/** All that were begun, the last one first. Throws `UserError` where a record is damaged. */
export async function listStored(root: string): Promise<StoredPlan[]> {
  const ids = await listRecords(folderOf(root));
  const stored = await Promise.all(ids.map((id) => readStored(root, id)));
  return stored
    .filter((each) => each !== undefined)
    .toSorted((a, b) => (a.journal.started < b.journal.started ? 1 : -1));
}

export async function storePlan(root: string, id: string, plan: Plan): Promise<void> {
  await writeRecord(join(folderOfPlan(root, id), 'plan.json'), plan);
}

export async function storeJournal(root: string, id: string, journal: Journal): Promise<void> {
  await writeRecord(join(folderOfPlan(root, id), 'journal.json'), journal);
}
