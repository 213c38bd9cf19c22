// Runs a program without a shell, with a time limit; its output is text in UTF-8.

import { x } from 'tinyexec';
import type { Environment } from './find-program.ts';

export interface ProgramRun {
  readonly program: string;
  readonly args: readonly string[];
  readonly environment: Environment;
  /** Milliseconds after which the program is killed. */
  readonly timeout: number;
}

export type ProgramOutcome =
  | { readonly ended: 'exited'; readonly status: number; readonly stdout: string; readonly stderr: string }
  | { readonly ended: 'timed-out' }
  | { readonly ended: 'not-started'; readonly reason: string };

/** Runs to the end, or kills. Never rejects for what the program does. */
export async function runProgram({ program, args, environment, timeout }: ProgramRun): Promise<ProgramOutcome> {
  const process = x(program, args, {
    // The user's programs only: never one from a node_modules folder near the input.
    nodePath: false,
    nodeOptions: { env: { ...environment }, stdio: ['ignore', 'pipe', 'pipe'] },
  });
  // Without this a character that spans two chunks would be broken.
  process.process?.stdout?.setEncoding('utf8');
  process.process?.stderr?.setEncoding('utf8');
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tooLong = new Promise<ProgramOutcome>((resolve) => {
    timer = setTimeout(() => {
      process.kill('SIGKILL');
      // A child of the program may keep the pipes open: they are not waited for.
      process.process?.stdout?.destroy();
      process.process?.stderr?.destroy();
      resolve({ ended: 'timed-out' });
    }, timeout);
  });
  try {
    return await Promise.race([tooLong, outcomeOf(process)]);
  } finally {
    clearTimeout(timer);
  }
}

async function outcomeOf(process: ReturnType<typeof x>): Promise<ProgramOutcome> {
  try {
    const { exitCode, stdout, stderr } = await process;
    return { ended: 'exited', status: exitCode ?? -1, stdout, stderr };
  } catch (error) {
    return { ended: 'not-started', reason: error instanceof Error ? error.message : 'it could not be started' };
  }
}
