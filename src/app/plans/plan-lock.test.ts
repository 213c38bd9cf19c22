import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { withPlanLock } from './plan-lock.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nowwhat-lock-'));
});
afterEach(() => rm(folder, { recursive: true }));

const since = '2026-11-29T12:00:00Z';
const lock = <T>(work: () => Promise<T>): Promise<T> => withPlanLock(folder, since, work);
const holder = (number: number, host = hostname()): string => JSON.stringify({ host, process: number, since });

/** The number of a process that has ended. */
function ended(): number {
  return spawnSync(process.execPath, ['-e', '']).pid;
}

async function runMany(count: number): Promise<{ most: number; refused: unknown[] }> {
  let [now, most] = [0, 0];
  const runs = Array.from({ length: count }, () =>
    lock(async () => {
      now += 1;
      most = Math.max(most, now);
      await new Promise((resolve) => setTimeout(resolve, 20));
      now -= 1;
    }),
  );
  const results = await Promise.allSettled(runs);
  return { most, refused: results.flatMap((each) => (each.status === 'rejected' ? [each.reason] : [])) };
}

describe('the lock of a plan', () => {
  it('lets one of many runs in, and refuses the others by name', async () => {
    const { most, refused } = await runMany(20);
    expect([most, refused.length]).toEqual([1, 19]);
    for (const error of refused) expect(error).toMatchObject({ code: 'plan-busy' });
    expect(await readdir(folder)).toEqual([]);
  });

  it('is free again after work, also where that has failed', async () => {
    await expect(lock(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await lock(async () => 'in')).toBe('in');
  });

  it('is succeeded by one of many runs where its process has ended', async () => {
    await writeFile(join(folder, 'run-1.lock'), holder(ended()));
    const { most, refused } = await runMany(20);
    expect([most, refused.length]).toEqual([1, 19]);
    expect(await readdir(folder)).toEqual([]);
  });

  it('is succeeded where another process of the same number has left it', async () => {
    await writeFile(join(folder, 'run-3.lock'), holder(process.pid));
    expect(await lock(() => readFile(join(folder, 'run-4.lock'), 'utf8'))).toBe(holder(process.pid));
  });

  it('holds where its process runs, and says which and what to do', async () => {
    const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60000)']);
    await once(child, 'spawn');
    const file = join(folder, 'run-1.lock');
    await writeFile(file, holder(child.pid ?? 0));
    await expect(lock(async () => 'in')).rejects.toMatchObject({
      code: 'plan-busy',
      message: expect.stringContaining(`process ${child.pid} on ${hostname()}, since 2026-11-29 12:00`),
      advice: expect.stringContaining(file),
    });
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await lock(async () => 'in')).toBe('in');
  });

  it.each([
    ['of another machine', holder(1, 'elsewhere')],
    ['that cannot be understood', ''],
  ])('holds where nobody can tell: one %s', async (_, text) => {
    await writeFile(join(folder, 'run-1.lock'), text);
    await expect(lock(async () => 'in')).rejects.toMatchObject({ code: 'plan-busy' });
    expect(await readdir(folder)).toEqual(['run-1.lock']);
  });
});
