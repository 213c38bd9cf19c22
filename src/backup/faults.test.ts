// Bad days of a store, at every call of everything that reads backups: what a user gets is right, or an error; never something wrong. The counts stand in
// docs/backups.md.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { expectTried } from '../../test/backup/fault-table.ts';
import { saveObjects } from '../../test/s3/made-backups.ts';
import { type Fault, type MemoryS3, startMemoryS3 } from '../../test/s3/memory-s3.ts';
import { type JsonObject, UserError } from '../model/index.ts';
import { findObjects } from './browse/browse-backup.ts';
import { compileObjectFilter } from './browse/object-filter.ts';
import { readHistory } from './browse/object-history.ts';
import { openSavedObjects } from './browse/saved-objects.ts';
import { copyBackup } from './copy/copy-backup.ts';
import { downloadArchive } from './copy/download-archive.ts';
import { diffBackups, visitBackup } from './diff/diff-backups.ts';
import { listBackups, openBackup } from './inspect/read-backup.ts';
import { verifyBackup } from './inspect/verify-backup.ts';
import { openContents } from './restore/open-contents.ts';
import { openS3Store } from './store/s3-store.ts';
import type { Store } from './store/store.ts';

const closing: (() => unknown)[] = [];
async function closeAll(): Promise<void> {
  for (const close of closing.splice(0)) await close();
}
afterEach(closeAll);

function map(name: string, text: string): JsonObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'shop' }, data: { text } };
}

interface Scene {
  readonly s3: MemoryS3;
  readonly from: Store;
  readonly to: Store;
  readonly folder: string;
}

/** Milliseconds. A busy machine is silent for long, so that only a test of silence waits for less. */
const [long, short] = [30_000, 2000];

/** Two backups of ours, and an empty store to copy to. */
async function scene(patience = long): Promise<Scene> {
  const s3 = await startMemoryS3();
  const folder = mkdtempSync(join(tmpdir(), 'nowwhat-faults-'));
  const credentials = { accessKeyId: 'test', secretAccessKey: 'testtest' };
  const open = (prefix: string): Store =>
    openS3Store({ bucket: 'backups', prefix, endpoint: s3.endpoint, credentials, patience });
  const [from, to] = [open('from'), open('to')];
  closing.push(
    () => s3.close(),
    () => from.close(),
    () => to.close(),
    () => rmSync(folder, { recursive: true }),
  );
  await saveObjects(from, 'one', [map('a', '1'), map('b', '1')], { by: 'nowwhat' });
  await saveObjects(from, 'two', [map('a', '2'), map('c', '1')], { by: 'nowwhat', started: '2026-11-02T00:00:00Z' });
  s3.requests.length = 0;
  return { s3, from, to, folder };
}

type Act = (scene: Scene) => Promise<unknown>;

async function browse({ from }: Scene): Promise<unknown> {
  const found: unknown[] = [];
  for await (const each of findObjects(await openSavedObjects(from, 'one'), compileObjectFilter({ name: 'a' }), '1'))
    found.push(each);
  return found;
}

async function diff({ from }: Scene): Promise<unknown> {
  const [before, other] = [await openSavedObjects(from, 'one'), await openSavedObjects(from, 'two')];
  const rest = { filter: compileObjectFilter({}), keepStatus: false, all: false };
  return diffBackups({ before, after: (isSame) => visitBackup(other, isSame), ...rest });
}

const copy: Act = async ({ from, to, s3 }) => {
  await copyBackup({ name: 'one', from, to, volumes: false, now: Date.now, progress: () => undefined });
  return [...s3.objects]
    .filter(([key]) => key.startsWith('to/'))
    .map(([key, bytes]) => [key, bytes.toString('base64')]);
};

const download: Act = async ({ from, folder }) => {
  const file = join(folder, 'one.tar.gz');
  const { sha256 } = await downloadArchive({ store: from, name: 'one', file, overwrite: true });
  return [sha256, readFileSync(file).length];
};

/** What a restore reads before it writes anything. */
const open: Act = async ({ from }) => {
  const contents = await openContents(from, await openBackup(from, 'one'));
  const objects: unknown[] = [];
  for (const entry of contents.entries) objects.push([entry.place, await contents.read(entry)]);
  await contents.close();
  return objects;
};

const acts: Readonly<Record<string, Act>> = {
  browse,
  history: ({ from }) => readHistory(from, { kind: 'cm', name: 'a' }),
  diff,
  copy,
  download,
  verify: ({ from }) => verifyBackup(from, 'one'),
  restore: open,
};
const names = Object.keys(acts);

interface Outcome {
  readonly at: number;
  readonly value?: unknown;
  readonly error?: unknown;
}

interface Tried {
  readonly expected: unknown;
  readonly outcomes: readonly Outcome[];
}

/** Does it once without a fault, and then once with a fault at each of its calls. */
async function tryEach(act: Act, fault: (at: number, index: number) => Fault, patience = long): Promise<Tried> {
  const counting = await scene();
  const expected = await act(counting);
  const calls = counting.s3.requests.length;
  // Side by side: most of it is waiting.
  const tryAt = async (at: number): Promise<Outcome> => {
    const hit = await scene(patience);
    hit.s3.fault = (_request, index) => fault(at, index);
    const outcome = await act(hit).then(
      (value) => ({ at, value }),
      (error: unknown) => ({ at, error }),
    );
    hit.s3.fault = () => undefined;
    await expectNothingHalf(hit);
    return outcome;
  };
  const outcomes = await Promise.all(Array.from({ length: calls }, (_, at) => tryAt(at)));
  await closeAll();
  return { expected, outcomes };
}

async function expectNothingHalf({ to }: Scene): Promise<void> {
  for (const { name, phase } of await listBackups(to))
    if (phase !== 'Unfinished') expect(await verifyBackup(to, name)).toMatchObject({ flaws: [] });
}

const once =
  (fault: Fault) =>
  (at: number, index: number): Fault =>
    index === at ? fault : undefined;

/** What passes by itself: the call is made again, or the rest of its body asked for. */
const passing: Readonly<Record<string, NonNullable<Fault>>> = {
  'an internal error': { status: 500 },
  'a broken connection': { cut: true },
  'half a body': { truncate: true },
  'a body that stalls': { stall: true },
  'a slow body': { pause: 5 },
};

describe.each(names)('%s', (name) => {
  const act = acts[name] ?? browse;

  it('has as many calls as the page says', async () => {
    const counting = await scene();
    await act(counting);
    expectTried(name, counting.s3.requests.length);
  });

  it.each(Object.entries(passing))('gives the same with %s, once at each call', async (_what, fault) => {
    const { expected, outcomes } = await tryEach(act, once(fault), 'stall' in fault ? short : long);
    for (const { at, value, error } of outcomes) expect({ at, value, error }).toEqual({ at, value: expected });
  });

  it('gives the same or an error with a wrong byte, once at each call', async () => {
    const { expected, outcomes } = await tryEach(act, once({ flipByte: true }));
    for (const { at, value, error } of outcomes) {
      if (error !== undefined) expect(error, `call ${at}`).toBeInstanceOf(UserError);
      else if (JSON.stringify(value) !== JSON.stringify(expected))
        // What tells of damage tells of it in its answer.
        expect(value, `call ${at}`).toMatchObject(
          name === 'history' ? { unread: [expect.anything()] } : { flaws: expect.arrayContaining([expect.anything()]) },
        );
    }
    expect(outcomes.filter(({ error, value }) => error !== undefined || value !== expected).length).toBeGreaterThan(0);
  });

  it('says what is refused, at each call', async () => {
    const { outcomes } = await tryEach(act, once({ status: 403, code: 'AccessDenied' }));
    for (const { at, error } of outcomes) expect({ at, error }).toMatchObject({ at, error: { code: 'store-refused' } });
  });

  it('ends at any call as an error', async () => {
    const dead = (at: number, index: number): Fault => (index >= at ? { status: 400, code: 'Died' } : undefined);
    const { outcomes } = await tryEach(act, dead);
    for (const { at, error } of outcomes) expect({ at, error }).toMatchObject({ at, error: { code: 'store-failed' } });
  });
});

describe('a copy that ended at any call', () => {
  it('goes on when it is run again, and writes no key twice', async () => {
    const counting = await scene();
    const expected = await copy(counting);
    const calls = counting.s3.requests.length;
    for (let at = 0; at < calls; at += 1) {
      const hit = await scene();
      hit.s3.fault = (_request, index) => (index >= at ? { status: 400, code: 'Died' } : undefined);
      await expect(copy(hit)).rejects.toBeInstanceOf(UserError);
      const kept = hit.s3.requests.slice(0, at);
      hit.s3.fault = () => undefined;
      hit.s3.requests.length = 0;
      expect(await copy(hit)).toEqual(expected);
      const written = [...kept, ...hit.s3.requests].filter(({ method }) => method === 'PUT').map(({ key }) => key);
      expect(new Set(written).size, `call ${at}`).toBe(written.length);
      await closeAll();
    }
  });

  it('for want of room or rights says so, and is no backup', async () => {
    for (const [status, code, told] of [
      [507, 'InsufficientStorage', 'store-full'],
      [403, 'QuotaExceeded', 'store-full'],
      [403, 'AccessDenied', 'store-refused'],
    ] as const) {
      const hit = await scene();
      hit.s3.fault = ({ method, key }) => (method === 'PUT' && key.endsWith('.tar.gz') ? { status, code } : undefined);
      await expect(copy(hit)).rejects.toMatchObject({ code: told });
      hit.s3.fault = () => undefined;
      expect((await listBackups(hit.to)).map(({ phase }) => phase)).toEqual(['Unfinished']);
    }
  });
});
