// Streams the dump of a database from its container into a key of a backup: compressed, with bounded memory, and only where it has come to its end.

import { createHash } from 'node:crypto';
import { PassThrough, pipeline, Transform } from 'node:stream';
import { createGzip } from 'node:zlib';
import { type ApiClient, execInPod } from '../../api/index.ts';
import { UserError } from '../../model/index.ts';
import { LastBytes, lastLine } from '../hooks/run-hook.ts';
import type { DumpTarget } from './find-databases.ts';

export interface DumpWriting {
  readonly client: ApiClient;
  /** Uploads a key whole, or not at all. */
  readonly upload: (body: PassThrough) => Promise<void>;
  /** Milliseconds without a byte after which a dump counts as stuck. */
  readonly patience: number;
  /** Hears how many bytes have come. */
  readonly onBytes: (bytes: number) => void;
}

/** Of the dump itself, uncompressed. */
export interface WrittenDump {
  readonly bytes: number;
  readonly sha256: string;
}

/** Enough to see the end of any dump. */
const tailBytes = 256;

function incomplete(why: string): UserError {
  return new UserError('cluster-failed', why, 'See whether the command works in the container.');
}

/** Passes a dump on; fails at its end where that is not the end of a whole one. */
class DumpCheck extends Transform {
  bytes = 0;
  readonly hash = createHash('sha256');
  private head = Buffer.alloc(0);
  private tail = Buffer.alloc(0);
  private readonly target: DumpTarget;
  private readonly onBytes: DumpWriting['onBytes'];

  constructor(target: DumpTarget, onBytes: DumpWriting['onBytes']) {
    super();
    this.target = target;
    this.onBytes = onBytes;
  }

  override _transform(chunk: Buffer, _encoding: string, done: (error: Error | null, data: Buffer) => void): void {
    this.bytes += chunk.length;
    this.hash.update(chunk);
    if (this.head.length < tailBytes) this.head = Buffer.concat([this.head, chunk.subarray(0, tailBytes)]);
    const joined = Buffer.concat([this.tail, chunk.subarray(-tailBytes)]);
    this.tail = Buffer.from(joined.subarray(-tailBytes));
    this.onBytes(this.bytes);
    done(null, chunk);
  }

  override _flush(done: (error?: Error | null) => void): void {
    const { begin, isEnd, title } = this.target.recipe;
    const begins = begin === undefined || this.head.subarray(0, begin.length).equals(begin);
    if (!begins) done(incomplete(`what it printed is no dump of ${title}`));
    else if (!isEnd(this.tail)) done(incomplete(`it was cut off after ${this.bytes} bytes`));
    else done();
  }
}

/** Ends a command that has printed nothing for long. */
function watchdog(patience: number): {
  readonly signal: AbortSignal;
  fed: () => void;
  stop: (reason: unknown) => void;
} {
  const controller = new AbortController();
  const stop = (reason: unknown): void => controller.abort(reason);
  const timer = setTimeout(() => stop(incomplete(`it printed nothing for ${Math.round(patience / 1000)} s`)), patience);
  controller.signal.addEventListener('abort', () => clearTimeout(timer));
  return { signal: controller.signal, fed: () => void timer.refresh(), stop };
}

/**
 * Throws `UserError`: one of the store where that fails, else one that says why there is no dump. Then nothing of it is in the store.
 */
export async function writeDump(target: DumpTarget, writing: DumpWriting): Promise<WrittenDump> {
  const { client, upload, patience, onBytes } = writing;
  const { namespace, pod, container, recipe } = target;
  const dog = watchdog(patience);
  const stdout = new PassThrough({ highWaterMark: 1 << 20 });
  const stderr = new LastBytes();
  const check = new DumpCheck(target, (bytes) => {
    dog.fed();
    onBytes(bytes);
  });
  // What goes wrong is told by `cause`; a stream that is destroyed late has nobody left who listens.
  stdout.on('error', () => undefined);
  const body = new PassThrough();
  body.on('error', () => undefined);
  let cause: unknown;
  // What ends the one ends the other: a command that fails leaves no key, and where the store fails nobody reads the command any more.
  const fail = (error: unknown): void => {
    cause ??= error;
    dog.stop(error);
    stdout.destroy(error instanceof Error ? error : new Error(String(error)));
  };
  pipeline(stdout, check, createGzip(), body, (error) => {
    if (error instanceof UserError) fail(error);
  });
  const command = ['sh', '-c', recipe.dump];
  const exec = { namespace, pod, container, command, stdout, stderr, signal: dog.signal };
  const running = execInPod(client, exec).then((code) => {
    if (code !== 0) throw incomplete(`exit status ${code}${lastLine(stderr.text())}`);
    stdout.end();
  });
  const [ran, stored] = await Promise.allSettled([running.catch(rethrow(fail)), upload(body).catch(rethrow(fail))]);
  dog.stop(undefined);
  if (ran.status === 'rejected' || stored.status === 'rejected') throw cause;
  return { bytes: check.bytes, sha256: check.hash.digest('hex') };
}

function rethrow(tell: (error: unknown) => void): (error: unknown) => never {
  return (error) => {
    tell(error);
    throw error;
  };
}
