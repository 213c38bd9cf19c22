// Runs the built program as a user does.

import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';

export const root = resolve(import.meta.dirname, '../..');

export interface Ran {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

export function nowwhat(
  args: readonly string[],
  options: { input?: string | Uint8Array; cwd?: string; env?: Record<string, string>; bin?: string } = {},
): Ran {
  const env = { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', ...options.env };
  const run = spawnSync(process.execPath, [options.bin ?? resolve(root, 'bin/nowwhat.js'), ...args], {
    cwd: options.cwd ?? root,
    encoding: 'utf8',
    env,
    maxBuffer: 1 << 28,
    ...(options.input === undefined ? {} : { input: options.input }),
  });
  return { status: run.status, out: run.stdout, err: run.stderr };
}
