// What CI runs, with stand-ins for the long steps and for the cluster: what is lacking is said, the last line counts, and nothing is left behind.

import { type ChildProcess, spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

const root = resolve(import.meta.dirname, '../..');

let folder: string;

function script(path: string, lines: readonly string[]): void {
  mkdirSync(join(folder, path, '..'), { recursive: true });
  writeFileSync(join(folder, path), ['#!/bin/sh', ...lines].join('\n'));
  chmodSync(join(folder, path), 0o755);
}

/** A cluster beside the checkout, which notes what is asked of it. */
function placeCluster(...lines: readonly string[]): void {
  script('shared/cluster/cluster', [`echo "$1" >>${folder}/asked`, ...lines]);
}

function start(): { readonly child: ChildProcess; readonly ended: Promise<{ code: number | null; out: string }> } {
  const { NOWWHAT_TEST_KUBECONFIG: _, ...rest } = process.env;
  const env = {
    ...rest,
    PATH: `${folder}/bin:${process.env['PATH'] ?? ''}`,
    TMPDIR: join(folder, 'tmp'),
    NOWWHAT_SHARED: join(folder, 'shared'),
    NOWWHAT_CLUSTER_RUN: join(folder, 'run'),
  };
  const child = spawn(join(root, '.ci', 'run'), { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => void (out += chunk));
  return { child, ended: new Promise((done) => child.on('close', (code) => done({ code, out: out.trimEnd() }))) };
}

const lastLine = (out: string): string => out.split('\n').at(-1) ?? '';
const asked = (): string[] => readFileSync(join(folder, 'asked'), 'utf8').trim().split('\n');

describe.runIf(process.platform === 'linux')('what CI runs', () => {
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'nowwhat-ci-'));
    mkdirSync(join(folder, 'tmp'));
    script('bin/npm', [`case "$*" in "run check"*) ;; *) echo "      Tests  2 passed | 1 skipped (3)" ;; esac`]);
    script('bin/chromium', []);
    script('bin/go', ['echo "go: there is no Go" >&2; exit 1']);
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it('says what it skips where nothing is beside the checkout, and counts the rest', async () => {
    const { code, out } = await start().ended;
    expect(out).toMatch(/^== exam: skipped, /m);
    expect(out).toMatch(/^== cluster: skipped, /m);
    // The set-up and the check print no totals: each is one.
    expect(lastLine(out)).toBe('4 passed, 0 failed');
    expect(code).toBe(0);
    expect(readdirSync(join(folder, 'tmp'))).toEqual([]);
  });

  it('shows all that a step has said that fails, counts it, and goes on', async () => {
    script('bin/npm', ['[ "$*" != test ] || { seq 50; exit 3; }']);
    const { code, out } = await start().ended;
    expect(out).toMatch(/^1\n2\n3$/m);
    expect(out).toMatch(/^== check: status 0/m);
    expect(lastLine(out)).toBe('2 passed, 1 failed');
    expect(code).toBe(1);
  });

  it('says why where the cluster does not start, and takes down what there is of it', async () => {
    placeCluster('[ "$1" != up ] || { echo "no bridge" >&2; exit 1; }');
    const { out } = await start().ended;
    expect(out).toContain('== cluster: did not start on this machine\nno bridge\n== cluster: skipped');
    expect(asked()).toEqual(['down', 'build', 'up', 'down']);
    expect(lastLine(out)).toBe('4 passed, 0 failed');
  });

  it('runs the tests on a cluster that has none of the parts that some tests need, and names each', async () => {
    placeCluster(
      `case "$1" in up) echo "export KUBECONFIG=${folder}/config" ;; program) echo "no network" >&2; exit 1 ;; image) exit 1 ;; esac`,
    );
    const { code, out } = await start().ended;
    expect(out).toContain('== velero: not to be had on this machine: no network\n');
    for (const part of ['volumes', 'schedules', 'snapshots'])
      expect(out).toMatch(new RegExp(`^== ${part}: .+: .+$`, 'm'));
    expect(out).toMatch(/^== cluster: status 0/m);
    expect(asked().at(-1)).toBe('down');
    expect(lastLine(out)).toBe('6 passed, 0 failed');
    expect(code).toBe(0);
    expect(readdirSync(join(folder, 'tmp'))).toEqual([]);
  });

  it('ends at once when it is broken off, with all that it has begun', async () => {
    placeCluster(`case "$1" in up) echo "export KUBECONFIG=${folder}/config" ;; program | image) exit 1 ;; esac`);
    script('bin/npm', [`[ "$*" != "run test:cluster" ] || { echo $$ >${folder}/pid; sleep 600; }`]);
    const { child, ended } = start();
    await vi.waitFor(() => expect(existsSync(join(folder, 'pid'))).toBe(true), { timeout: 60_000, interval: 50 });
    child.kill('SIGTERM');
    const { code, out } = await ended;
    expect(lastLine(out)).toBe('3 passed, 1 failed');
    expect(code).toBe(1);
    expect(asked().at(-1)).toBe('down');
    expect(() => process.kill(Number(readFileSync(join(folder, 'pid'), 'utf8')), 0)).toThrow('ESRCH');
    expect(readdirSync(join(folder, 'tmp'))).toEqual([]);
  });
});
