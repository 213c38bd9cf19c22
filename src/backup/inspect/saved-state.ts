// What a store says of the backups of an app, for somebody who judges it: newest first, with what each lacks and when a drill has proven it.

import { asArray, asObject, type JsonObject } from '../../model/index.ts';
import { readDumps } from '../dumps/dump-index.ts';
import { findWithoutData } from '../layout/without-data.ts';
import { type DrillRecord, readDrills } from '../retention/drill-marks.ts';
import type { Store } from '../store/store.ts';
import { type BackupSummary, listBackups, openBackup, readSide } from './read-backup.ts';

export interface SavedState {
  readonly name: string;
  /** ISO time. */
  readonly completed: string;
  readonly madeBy: BackupSummary['madeBy'];
  readonly schedule: string;
  readonly spec: JsonObject;
  /** `namespace/name` of claims without data. */
  readonly withoutData: readonly string[];
  /** ISO time of the last drill that has proven it. */
  readonly proven?: string;
}

/** Older ones say nothing that these do not. */
const mostLookedAt = 10;

async function stateOf(
  store: Store,
  { name, completed, madeBy, schedule }: BackupSummary,
  drills: readonly DrillRecord[],
): Promise<SavedState> {
  const { keys, object, sha256 } = await openBackup(store, name);
  const infos = asArray(await readSide(store, keys.volumeInfo));
  const dumps = await readDumps(store, name);
  const lacking = dumps.length > 0 ? [] : findWithoutData(infos).filter(({ claim }) => claim !== '');
  const proven = drills
    .filter((drill) => drill.backup === name && drill.sha256 === sha256)
    .map(({ time }) => time)
    .toSorted()
    .at(-1);
  return {
    name,
    completed,
    madeBy,
    schedule,
    spec: asObject(object['spec']),
    withoutData: lacking.map(({ namespace, claim }) => `${namespace}/${claim}`),
    ...(proven === undefined ? {} : { proven }),
  };
}

/** The newest that completed, and the newest that a drill has proven. Throws `UserError`. */
export async function readSavedStates(store: Store): Promise<readonly SavedState[]> {
  const whole = (await listBackups(store)).filter(({ phase }) => phase === 'Completed');
  const drills = (await readDrills(store)).filter(({ holds }) => holds);
  const marked = new Set(drills.map(({ backup }) => backup));
  const proven = whole.filter(({ name }) => marked.has(name)).slice(0, mostLookedAt);
  const looked = [...new Set([...whole.slice(0, mostLookedAt), ...proven])];
  return await Promise.all(looked.map((each) => stateOf(store, each, drills)));
}
