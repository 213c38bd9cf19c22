// One run of a plan at a time: two that go on with the same journal would do its steps twice.

import { mkdir, open, readdir, readFile, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { isJsonObject, type Json, UserError } from '../../model/index.ts';

/** Who carries a plan out. */
interface Holder {
  readonly host: string;
  readonly process: number;
  /** ISO time. */
  readonly since: string;
}

/** Locks that this process holds: one of its own number that is not among them is left from an earlier process of that number. */
const held = new Set<string>();

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

function parseHolder(text: string): Holder | undefined {
  try {
    const value = JSON.parse(text) as Json;
    if (!isJsonObject(value)) return undefined;
    const { host, process: number, since } = value;
    const isHolder = typeof host === 'string' && typeof number === 'number' && typeof since === 'string';
    return isHolder ? { host, process: number, since } : undefined;
  } catch {
    return undefined;
  }
}

function isRunning(number: number): boolean {
  try {
    process.kill(number, 0);
    return true;
  } catch (error) {
    return !isCode(error, 'ESRCH');
  }
}

/** True only where the run surely has ended: on this machine, and without a process. */
function hasEnded(file: string, holder: Holder | undefined): boolean {
  if (holder === undefined || holder.host !== hostname()) return false;
  return holder.process === process.pid ? !held.has(file) : !isRunning(holder.process);
}

function busyError(file: string, holder: Holder | undefined): UserError {
  const who =
    holder === undefined
      ? 'another run'
      : `process ${holder.process} on ${holder.host}, since ${holder.since.slice(0, 16).replace('T', ' ')}`;
  return new UserError(
    'plan-busy',
    `the plan is being carried out or taken back by ${who}`,
    `Nothing was changed. Wait until that has ended; where it is gone for good, delete ${file}.`,
  );
}

const lockName = /^run-(\d+)\.lock$/;

/** Locks that were taken, the last one first. */
async function listLocks(folder: string): Promise<number[]> {
  const names = await readdir(folder);
  return names
    .flatMap((name) => lockName.exec(name)?.[1] ?? [])
    .map(Number)
    .toSorted((a, b) => b - a);
}

function fileOf(folder: string, number: number): string {
  return join(folder, `run-${number}.lock`);
}

/** Makes the file, or says that somebody else was first. */
async function tryTake(file: string, holder: Holder): Promise<boolean> {
  try {
    const handle = await open(file, 'wx');
    held.add(file);
    try {
      await handle.writeFile(JSON.stringify(holder));
    } finally {
      await handle.close();
    }
    return true;
  } catch (cause) {
    if (isCode(cause, 'EEXIST')) return false;
    throw new UserError('output-failed', `${file} cannot be written`, 'See who may write the folder.', cause);
  }
}

async function readHolder(file: string): Promise<Holder | undefined | 'gone'> {
  try {
    return parseHolder(await readFile(file, 'utf8'));
  } catch (error) {
    if (isCode(error, 'ENOENT')) return 'gone';
    throw error;
  }
}

/** Throws where a lock other than ours may still be held. */
async function requireAlone(folder: string, own: string | undefined): Promise<number> {
  const locks = await listLocks(folder);
  for (const file of locks.map((number) => fileOf(folder, number))) {
    const holder = file === own ? 'gone' : await readHolder(file);
    if (holder !== 'gone' && !hasEnded(file, holder)) throw busyError(file, holder);
  }
  return locks[0] ?? 0;
}

/**
 * A lock that was left is not deleted but succeeded, by a file of the next number: of several that find it left, one makes that file. The second look is
 * for a run that took long between its first look and the file, while others came and went.
 */
async function take(folder: string, since: string): Promise<string> {
  const own = fileOf(folder, (await requireAlone(folder, undefined)) + 1);
  if (!(await tryTake(own, { host: hostname(), process: process.pid, since }))) {
    const first = await readHolder(own);
    throw busyError(own, first === 'gone' ? undefined : first);
  }
  try {
    await requireAlone(folder, own);
    return own;
  } catch (error) {
    await rm(own, { force: true });
    held.delete(own);
    throw error;
  }
}

/** Ours goes last: as long as it is there, those before it are succeeded. */
async function release(folder: string, own: string): Promise<void> {
  for (const number of (await listLocks(folder)).toSorted((a, b) => a - b)) {
    const file = fileOf(folder, number);
    if (file !== own) await rm(file, { force: true });
    else break;
  }
  await rm(own, { force: true });
  held.delete(own);
}

/** Does work on the records in a folder while nobody else does. Throws `plan-busy`. A run that was killed holds nobody up. */
export async function withPlanLock<T>(folder: string, since: string, work: () => Promise<T>): Promise<T> {
  await mkdir(folder, { recursive: true }).catch((cause: unknown) => {
    throw new UserError('output-failed', `${folder} cannot be made`, 'See who may write the folder.', cause);
  });
  const own = await take(folder, since);
  try {
    return await work();
  } finally {
    await release(folder, own);
  }
}
