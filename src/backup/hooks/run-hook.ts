// Runs the command of a hook in a container, with an end in time, and keeps a bounded part of what it prints.

import { Writable } from 'node:stream';
import { type ApiClient, execInPod } from '../../api/index.ts';
import { UserError } from '../../model/index.ts';

export interface HookCommand {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  /** Program and arguments; no shell. */
  readonly command: readonly string[];
  /** Milliseconds. The command itself goes on in the container where it takes longer: nobody can end it from outside. */
  readonly timeout: number;
  readonly signal?: AbortSignal;
}

export interface HookOutcome {
  /** `undefined` where the command was not run, or did not end in time. */
  readonly exitCode: number | undefined;
  /** What went wrong, for a person; '' where the command ended with 0. */
  readonly failure: string;
  /** Their last bytes: at most `keptBytes` of each. */
  readonly stdout: string;
  readonly stderr: string;
}

export const keptBytes = 16_384;

/** Keeps the end: that is where a program says why it gave up. */
export class LastBytes extends Writable {
  private kept = Buffer.alloc(0);

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    const joined = Buffer.concat([this.kept, chunk]);
    this.kept = Buffer.from(joined.subarray(Math.max(0, joined.length - keptBytes)));
    done();
  }

  text(): string {
    return this.kept.toString('utf8');
  }
}

/** PostgreSQL says after an error what is behind it. */
const afterError = /^(?:DETAIL|HINT|CONTEXT|STATEMENT):/;

/** `: ` and the last line that says something, with the error that it explains; '' where none does. */
export function lastLine(text: string): string {
  const lines = text.trimEnd().split('\n');
  const at = lines.findLastIndex((line) => !afterError.test(line.trim()));
  const said = lines
    .slice(Math.max(at, 0), at + 2)
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join(' ');
  return said === '' ? '' : `: ${said.slice(0, 300)}`;
}

function secondsText(milliseconds: number): string {
  return `${Number((milliseconds / 1000).toFixed(1))} s`;
}

/** A command that fails is an outcome, and so is one that cannot be run. Throws where `signal` ends it, and what is no fault of the pod or the cluster. */
export async function runHook(client: ApiClient, hook: HookCommand): Promise<HookOutcome> {
  const { timeout, signal, ...exec } = hook;
  const [stdout, stderr] = [new LastBytes(), new LastBytes()];
  const clock = AbortSignal.timeout(timeout);
  const ending = signal === undefined ? clock : AbortSignal.any([clock, signal]);
  const outcome = (exitCode: number | undefined, failure: string): HookOutcome => ({
    exitCode,
    failure,
    stdout: stdout.text(),
    stderr: stderr.text(),
  });
  try {
    const code = await execInPod(client, { ...exec, stdout, stderr, signal: ending });
    return outcome(code, code === 0 ? '' : `exit status ${code}${lastLine(stderr.text())}`);
  } catch (error) {
    signal?.throwIfAborted();
    if (clock.aborted) return outcome(undefined, `did not end within ${secondsText(timeout)}`);
    if (error instanceof UserError) return outcome(undefined, error.message);
    throw error;
  }
}
