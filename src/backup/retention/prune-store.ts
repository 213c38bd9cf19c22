// Tidies a store by a rule: what would go is planned, series by series, and then deleted, the oldest first.

import { asString, UserError } from '../../model/index.ts';
import { deleteBackup } from '../inspect/delete-backup.ts';
import { type BackupSummary, listBackups, parseObject } from '../inspect/read-backup.ts';
import { backupKeys } from '../layout/keys.ts';
import type { Store } from '../store/store.ts';
import { type Candidate, decideRetention, type Decision } from './decide-retention.ts';
import { isProven, readDrills } from './drill-marks.ts';
import type { RetentionRule } from './retention-rule.ts';

export interface PruneWish {
  readonly rule: RetentionRule;
  /** Only what this schedule has made. */
  readonly schedule?: string | undefined;
  /** Also backups that no schedule has made: somebody wanted each of them. */
  readonly all: boolean;
}

/** Backups of the same app, of which the newest ones count. */
export interface PruneSeries {
  /** The schedule's name; '' for those without, which then have their namespaces in common. */
  readonly schedule: string;
  /** Included namespaces, where there is no schedule; empty for all. */
  readonly namespaces: readonly string[];
  readonly decisions: readonly Decision[];
}

export interface PrunePlan {
  readonly series: readonly PruneSeries[];
  /** Backups that the plan does not look at, by why. */
  readonly passedOver: { readonly ofVelero: number; readonly ofOthers: number };
}

export interface Pruned {
  readonly name: string;
  /** `refused`: the store does not let go of it, as a bucket with object lock before its time, or its snapshots could not be deleted. */
  readonly result: 'deleted' | 'refused';
  readonly message?: string;
}

/** What a schedule makes is named after it and the time, also where nothing else of it is there. */
function scheduleOf({ schedule, phase, name }: BackupSummary): string {
  if (schedule !== '' || phase !== 'Unfinished') return schedule;
  return /^(.+)-\d{14}$/.exec(name)?.[1] ?? '';
}

async function sinceOf(store: Store, name: string): Promise<string> {
  const { claim } = backupKeys(store.prefix, name);
  const bytes = await store.get(claim);
  return bytes === undefined ? '' : (asString(parseObject(bytes, claim)['since']) ?? '');
}

async function toCandidate(store: Store, { name, phase, started }: BackupSummary, proven: boolean): Promise<Candidate> {
  if (phase !== 'Unfinished') return { name, phase, started, proven, halfDeleted: false };
  const { seal } = backupKeys(store.prefix, name);
  const halfDeleted = (await store.size(seal)) !== undefined;
  return { name, phase, started: await sinceOf(store, name), proven, halfDeleted };
}

/** Nothing is changed. `now`: milliseconds since 1970. */
export async function planPrune(store: Store, { rule, schedule, all }: PruneWish, now: number): Promise<PrunePlan> {
  const drills = await readDrills(store);
  const found = await listBackups(store);
  const ours = found.filter(({ madeBy }) => madeBy === 'nowwhat');
  const wanted = ours.filter((each) =>
    schedule === undefined ? all || scheduleOf(each) !== '' : scheduleOf(each) === schedule,
  );
  const bySeries = new Map<string, { of: BackupSummary; candidates: Candidate[] }>();
  for (const each of wanted) {
    const own = scheduleOf(each);
    const key = own === '' ? `namespaces ${each.includedNamespaces.toSorted().join(',')}` : `schedule ${own}`;
    const series = bySeries.get(key) ?? { of: each, candidates: [] };
    series.candidates.push(await toCandidate(store, each, await isProven(store, each.name, drills)));
    bySeries.set(key, series);
  }
  const series = [...bySeries.values()].map(({ of, candidates }) => ({
    schedule: scheduleOf(of),
    namespaces: scheduleOf(of) === '' ? of.includedNamespaces.toSorted() : [],
    decisions: decideRetention(candidates, rule, now),
  }));
  const passedOver = { ofVelero: found.length - ours.length, ofOthers: ours.length - wanted.length };
  return { series, passedOver };
}

/** A record without its backup says nothing: where the store keeps it, it is left. */
async function deleteRecord(store: Store, key: string): Promise<void> {
  await store.delete(key).catch((error: unknown) => {
    if (!(error instanceof UserError) || error.code !== 'store-refused') throw error;
  });
}

/** Ends what is kept elsewhere for a backup; answers with the reason where that cannot be, and the backup stays. */
export type EndBackup = (name: string) => Promise<string | undefined>;

async function pruneOne(store: Store, name: string, end: EndBackup): Promise<Pruned> {
  try {
    const why = await end(name);
    if (why !== undefined) return { name, result: 'refused', message: why };
    await deleteBackup(store, name);
    return { name, result: 'deleted' };
  } catch (error) {
    // Somebody else has tidied up as well.
    if (error instanceof UserError && error.code === 'store-key-missing') return { name, result: 'deleted' };
    if (!(error instanceof UserError) || error.code !== 'store-refused') throw error;
    return { name, result: 'refused', message: error.message };
  }
}

/** Deletes what the plan lets go. A run that was cut off is simply run again: what it left half-deleted counts as no backup. */
export async function applyPrune(
  store: Store,
  { series }: PrunePlan,
  { progress, end }: { readonly progress: (text: string) => void; readonly end: EndBackup },
): Promise<readonly Pruned[]> {
  const drills = await readDrills(store);
  const gone = series.flatMap(({ decisions }) => decisions.filter(({ keep }) => !keep));
  const pruned: Pruned[] = [];
  for (const { name } of gone.toSorted((a, b) => (a.started < b.started ? -1 : 1))) {
    progress(`deleting ${name}`);
    const one = await pruneOne(store, name, end);
    pruned.push(one);
    const own = one.result === 'deleted' ? drills.filter(({ backup }) => backup === name) : [];
    for (const { key } of own) await deleteRecord(store, key);
  }
  return pruned;
}
