// Runs a command in a container and keeps what it prints.

import { Readable, Writable } from 'node:stream';
import { UserError } from '../../model/index.ts';
import type { ApiClient } from '../http/client.ts';
import { present } from '../present.ts';
import { execInPod, type ExecOptions, type PodContainer, type PodStreams } from './run-in-pod.ts';

export interface CaptureOptions extends PodContainer {
  readonly command: readonly string[];
  readonly stdin?: string | Uint8Array;
  /** Bytes that each output may have; more is an error. Default 16 MiB. */
  readonly limit?: number;
  readonly signal?: AbortSignal;
}

export interface Captured {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

class Keeper extends Writable {
  readonly #chunks: Buffer[] = [];
  readonly #limit: number;
  #length = 0;

  constructor(limit: number) {
    super();
    this.#limit = limit;
    // Looked at when the command has ended; it may come after nobody else listens.
    this.on('error', () => undefined);
  }

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error) => void): void {
    this.#length += chunk.length;
    this.#chunks.push(chunk);
    if (this.#length <= this.#limit) return done();
    const what = `a command in the container printed more than ${this.#limit} bytes`;
    done(new UserError('cluster-failed', what, 'This is more than it should; see what it prints.'));
  }

  text(): string {
    return Buffer.concat(this.#chunks).toString('utf8');
  }
}

/** Throws as `execInPod` does; a command that fails is no error. */
export async function captureInPod(client: ApiClient, options: CaptureOptions): Promise<Captured> {
  const { stdin, limit = 16 * 1024 * 1024, signal, ...rest } = options;
  const [stdout, stderr] = [new Keeper(limit), new Keeper(limit)];
  const input = stdin === undefined ? undefined : Readable.from([Buffer.from(stdin)]);
  const streams = { stdout, stderr, ...present<PodStreams>({ stdin: input, signal }) };
  const exec: ExecOptions = { ...rest, ...streams };
  const exitCode = await execInPod(client, exec);
  const tooMuch = stdout.errored ?? stderr.errored;
  if (tooMuch) throw tooMuch;
  return { exitCode, stdout: stdout.text(), stderr: stderr.text() };
}
