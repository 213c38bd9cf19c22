// Writes edited and new files: all of them or none, none that somebody has changed since it was read, and none over another.

import { chmod, link, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { UserError } from '../../model/index.ts';

export interface FileChange {
  readonly file: string;
  /** Left out for a new file. */
  readonly before?: string;
  readonly after: string;
  /** Bits of a new file's mode, such as 0o755; those that the system gives where left out. */
  readonly mode?: number;
}

const byteOrderMark = '\ufeff';

function changed(file: string): UserError {
  return new UserError(
    'file-changed',
    `${file} is not as it was read: somebody has changed it since, or its encoding is not UTF-8`,
    'Nothing was written. Run the command again; convert a file in another encoding to UTF-8 first.',
  );
}

function exists(file: string, cause?: unknown): UserError {
  return new UserError(
    'file-changed',
    `${file} was to be a new file, and is there already`,
    'Nothing was written. Run the command again.',
    cause,
  );
}

interface Prepared {
  readonly file: string;
  readonly aside: string;
  /** Text to put back; left out for a new file. */
  readonly now?: string;
  /** First folder that was made for the file. */
  readonly made?: string | undefined;
}

async function prepareNew({ file, after, mode }: FileChange, aside: string): Promise<Prepared> {
  const isThere = await stat(file).catch(() => undefined);
  if (isThere !== undefined) throw exists(file);
  const made = await mkdir(dirname(file), { recursive: true });
  await writeFile(aside, after);
  if (mode !== undefined) await chmod(aside, mode);
  return { file, aside, made };
}

async function prepareEdited({ file, after }: FileChange, before: string, aside: string): Promise<Prepared> {
  const now = await readFile(file, 'utf8');
  if (now !== before && now !== byteOrderMark + before) throw changed(file);
  await writeFile(aside, now === before ? after : byteOrderMark + after);
  await chmod(aside, (await stat(file)).mode);
  return { file, aside, now };
}

async function prepare(change: FileChange): Promise<Prepared> {
  const aside = `${change.file}.part-${process.pid}`;
  try {
    if (change.before === undefined) return await prepareNew(change, aside);
    return await prepareEdited(change, change.before, aside);
  } catch (error) {
    await rm(aside, { force: true });
    throw error;
  }
}

/** A link fails where a file is there, as a rename does not; where a file system has no links, `prepare` has looked. */
async function putNew({ file, aside }: Prepared): Promise<void> {
  try {
    await link(aside, file);
    await rm(aside);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') throw exists(file, cause);
    await rename(aside, file);
  }
}

async function clearAway(prepared: readonly Prepared[]): Promise<void> {
  for (const { aside, made } of prepared) {
    await rm(aside, { force: true });
    if (made !== undefined) await rm(made, { recursive: true, force: true });
  }
}

async function takeBack(done: readonly Prepared[]): Promise<void> {
  for (const { file, now } of done) await (now === undefined ? rm(file, { force: true }) : writeFile(file, now));
}

function cannotWrite(file: string, cause: unknown): UserError {
  return new UserError(
    'output-failed',
    `${file} cannot be written`,
    'Nothing was written. See who may write it.',
    cause,
  );
}

/** Throws `UserError` where a file cannot be written, has changed, or is there although it was to be new; then all is as it was. */
export async function writeFiles(changes: readonly FileChange[]): Promise<void> {
  const prepared: Prepared[] = [];
  const done: Prepared[] = [];
  try {
    for (const change of changes) prepared.push(await prepare(change));
    for (const each of prepared) {
      await (each.now === undefined ? putNew(each) : rename(each.aside, each.file));
      done.push(each);
    }
  } catch (cause) {
    await takeBack(done);
    await clearAway(prepared);
    if (cause instanceof UserError) throw cause;
    const { file = '' } = changes[prepared.length < changes.length ? prepared.length : done.length] ?? {};
    throw cannotWrite(file, cause);
  }
}
