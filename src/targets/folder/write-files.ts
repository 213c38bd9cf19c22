// Writes edited files: all of them or none, and none that somebody has changed since it was read.

import { chmod, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { UserError } from '../../model/index.ts';

export interface FileChange {
  readonly file: string;
  readonly before: string;
  readonly after: string;
}

const byteOrderMark = '\ufeff';

function changed(file: string): UserError {
  return new UserError(
    'file-changed',
    `${file} is not as it was read: somebody has changed it since, or its encoding is not UTF-8`,
    'Nothing was written. Run the command again; convert a file in another encoding to UTF-8 first.',
  );
}

/** The bytes to write: with the mark that the file began with. */
async function contentFor({ file, before, after }: FileChange): Promise<string> {
  const now = await readFile(file, 'utf8');
  if (now === before) return after;
  if (now === byteOrderMark + before) return byteOrderMark + after;
  throw changed(file);
}

interface Prepared {
  readonly file: string;
  readonly aside: string;
}

async function prepare(change: FileChange): Promise<Prepared> {
  const aside = `${change.file}.part-${process.pid}`;
  try {
    await writeFile(aside, await contentFor(change));
    await chmod(aside, (await stat(change.file)).mode);
    return { file: change.file, aside };
  } catch (error) {
    await rm(aside, { force: true });
    throw error;
  }
}

/** Throws `UserError` where a file cannot be written or has changed; then no file was touched. */
export async function writeFiles(changes: readonly FileChange[]): Promise<void> {
  const prepared: Prepared[] = [];
  try {
    for (const change of changes) prepared.push(await prepare(change));
  } catch (cause) {
    await Promise.all(prepared.map(({ aside }) => rm(aside, { force: true })));
    if (cause instanceof UserError) throw cause;
    const { file = '' } = changes[prepared.length] ?? {};
    throw new UserError(
      'output-failed',
      `${file} cannot be written`,
      'Nothing was written. See who may write it.',
      cause,
    );
  }
  for (const { file, aside } of prepared) await rename(aside, file);
}
