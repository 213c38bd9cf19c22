// Brings a dump back: its bytes are held against what was written first, and only then sent into the database's container.

import { createHash } from 'node:crypto';
import { Transform, type Writable, Writable as Sink } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { type ApiClient, execInPod } from '../../api/index.ts';
import { asObject, UserError } from '../../model/index.ts';
import { LastBytes, lastLine, runHook } from '../hooks/run-hook.ts';
import { backupFolder } from '../layout/keys.ts';
import type { Store } from '../store/store.ts';
import type { DumpRecord } from './dump-index.ts';
import { findRecipe, type Recipe } from './recipes.ts';

export interface DumpPlace {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
}

export interface DumpRestoring {
  readonly client: ApiClient;
  readonly store: Store;
  readonly backup: string;
  readonly record: DumpRecord;
  readonly to: DumpPlace;
  readonly progress: (text: string) => void;
}

/** Throws `UserError` for a recipe of a later version. */
export function recipeOf({ recipe }: Pick<DumpRecord, 'recipe'>): Recipe {
  const found = findRecipe(recipe);
  if (found !== undefined) return found;
  throw new UserError('invalid-backup', `nothing is known of dumps of "${recipe}"`, 'Use the version that made it.');
}

function counting(
  record: DumpRecord,
  say: (bytes: number) => void,
): { readonly stream: Transform; isWhole: () => boolean } {
  const hash = createHash('sha256');
  let bytes = 0;
  const stream = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      // A bomb is no dump of ours.
      if (bytes > record.bytes) return done(new Error('it is longer than it was'));
      hash.update(chunk);
      say(bytes);
      return done(null, chunk);
    },
  });
  return { stream, isWhole: () => bytes === record.bytes && hash.digest('hex') === record.sha256 };
}

/** Reads the dump once; its end is written to `out` where there is one. */
async function unpack({ store, backup, record, progress }: DumpRestoring, what: string, out: Writable): Promise<void> {
  const key = `${backupFolder(store.prefix, backup)}${record.file}`;
  const { stream, isWhole } = counting(record, (bytes) => progress(`${what}: ${Math.round(bytes / 1024)} KiB`));
  const wrong = (cause?: unknown): UserError =>
    new UserError(
      'invalid-backup',
      `${key} is not as it was written`,
      'Nothing was restored; use another backup.',
      cause,
    );
  try {
    await pipeline(await store.read(key), createGunzip(), stream, out);
  } catch (error) {
    // A command that ended early closes its input: that says nothing of the dump.
    const isOurs = error instanceof UserError || asObject(error)['code'] === 'ERR_STREAM_PREMATURE_CLOSE';
    throw isOurs ? error : wrong(error);
  }
  if (!isWhole()) throw wrong();
}

function nowhere(): Sink {
  return new Sink({ write: (_chunk, _encoding, done) => done() });
}

function failed(why: string): UserError {
  return new UserError(
    'cluster-failed',
    `the database did not take the dump: ${why}`,
    'What it took may be there in part: put right what is wrong, and run the command again.',
  );
}

const mark = 'nowwhat: the restore ended with ';

/**
 * The shell stays around the script: where nothing in the container holds standard output open, containerd closes the input as well, in the middle of it. And
 * it says how the script ended: while input is on its way that nobody reads any more, the cluster tells no status.
 */
function wrap(script: string): string {
  return `( ${script}\n)\nstatus=$?\necho "${mark}$status" >&2\nexit $status`;
}

/** Standard error, which tells of the end of the script before anybody else. */
class Ending extends LastBytes {
  readonly ended = new AbortController();

  override _write(chunk: Buffer, encoding: string, done: () => void): void {
    super._write(chunk, encoding, done);
    const [, status] = new RegExp(`${mark}(\\d+)\n$`).exec(this.text()) ?? [];
    if (status !== undefined && status !== '0')
      this.ended.abort(failed(`exit status ${status}${lastLine(this.said())}`));
  }

  /** What the script itself has said. */
  said(): string {
    const text = this.text();
    const at = text.lastIndexOf(mark);
    return at < 0 ? text : text.slice(0, at);
  }
}

async function send(restoring: DumpRestoring, recipe: Recipe): Promise<void> {
  const { client, record, to } = restoring;
  const stdout = new LastBytes();
  const stderr = new Ending();
  const { ended } = stderr;
  const { stream: stdin } = counting(record, () => undefined);
  const command = ['sh', '-c', wrap(recipe.restore), 'sh', String(record.bytes)];
  const running = execInPod(client, { ...to, command, stdin, stdout, stderr, signal: ended.signal });
  const [sent, ran] = await Promise.allSettled([
    unpack(restoring, 'restoring', stdin).catch((error: unknown) => {
      if (error instanceof UserError) ended.abort(error);
      throw error;
    }),
    // A command that has ended takes nothing more.
    running.finally(() => stdin.destroy()),
  ]);
  if (ended.signal.aborted) throw ended.signal.reason;
  if (ran.status === 'rejected')
    throw ran.reason instanceof UserError ? failed(`${ran.reason.message}${lastLine(stderr.said())}`) : ran.reason;
  if (ran.value !== 0) throw failed(`exit status ${ran.value}${lastLine(stderr.said())}`);
  if (sent.status === 'rejected' || !stdout.text().includes(recipe.echo ?? ''))
    throw failed('its program ended before it had read all of it');
}

/** Throws `UserError`. */
export async function restoreDump(restoring: DumpRestoring): Promise<void> {
  const recipe = recipeOf(restoring.record);
  await unpack(restoring, 'comparing', nowhere());
  await send(restoring, recipe);
  if (recipe.finish === undefined) return;
  // It ends the container that it runs in, so that its own end is not always heard of.
  const { client, to } = restoring;
  const { exitCode, failure } = await runHook(client, { ...to, command: ['sh', '-c', recipe.finish], timeout: 60_000 });
  if (exitCode !== undefined && exitCode !== 0 && exitCode < 128) throw failed(failure);
}
