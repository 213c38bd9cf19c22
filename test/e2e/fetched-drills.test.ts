// What scheduled drills have shown, fetched from a store: the built program, a folder as the store, and a cluster in memory.

import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/model/index.ts';
import { openPlaygroundFolder, type PlaygroundFolder } from '../kubernetes/playground-folder.ts';
import { type Ran, root } from './run-cli.ts';

let opened: PlaygroundFolder;
let store: string;
/** Where proofs are kept, and where they are not. */
let keeping: string;
let bare: string;

function runIn(cwd: string, ...words: readonly string[]): Promise<Ran> {
  const env = { PATH: process.env['PATH'] ?? '', HOME: opened.folder, KUBECONFIG: opened.kubeconfig };
  return new Promise((done) => {
    execFile(process.execPath, [join(root, 'bin/nowwhat.js'), ...words], { env, cwd }, (error, out, err) => {
      done({ status: error === null ? 0 : Number(error.code), out, err });
    });
  });
}

/** Names of scheduled backups tell seconds apart. */
async function backUp(): Promise<string> {
  await setTimeout(1005 - (Date.now() % 1000));
  const words = ['backup', 'create', '--context', '.', '-n', 'shop', '--store', store, '--schedule', 'nightly'];
  const made = await runIn(bare, ...words, '-o', 'json');
  expect(made.status, made.err).toBe(0);
  return readdirSync(join(store, 'backups')).toSorted().at(-1) ?? '';
}

/** As a run of a schedule does it, which keeps no proof of its own. */
async function drill(): Promise<void> {
  const ran = await runIn(bare, 'drill', '--from-schedule', 'nightly', '--context', '.', '--store', store, '--yes');
  expect(ran.status, ran.err + ran.out).toBe(0);
}

function settings(text: string): JsonObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings', namespace: 'shop' }, data: { text } };
}

function proofs(...more: readonly string[]): Promise<Ran> {
  return runIn(keeping, 'proofs', '--store', store, ...more);
}

/** Text over lines as one. */
function flat({ out }: Ran): string {
  return out.replaceAll(/\s+/g, ' ');
}

beforeAll(async () => {
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } };
  opened = await openPlaygroundFolder([namespace, settings('first')]);
  store = join(opened.folder, 'kept');
  [keeping, bare] = [join(opened.folder, 'keeping'), join(opened.folder, 'bare')];
  for (const folder of [join(keeping, '.nowwhat'), bare]) mkdirSync(folder, { recursive: true });
});

afterAll(() => opened.close());

describe('proofs --store', () => {
  let drilled: string;

  it('finds nothing where no drill was made', async () => {
    drilled = await backUp();
    const ran = await proofs();
    expect(ran.status, ran.err).toBe(0);
    expect(ran.out).toContain('No proof was recorded');
  });

  it('fetches what the newest drill has shown, keeps it, and says that nothing later tells of changes', async () => {
    await drill();
    const ran = await proofs();
    expect(ran.status, ran.err + ran.out).toBe(0);
    expect(flat(ran)).toContain('The newest backup of the schedule nightly brings shop back');
    expect(flat(ran)).toContain(`fresh: ${drilled} is the newest backup of nightly: nothing later tells of changes`);
    const [file = ''] = readdirSync(join(keeping, '.nowwhat/proofs'));
    expect(JSON.parse(readFileSync(join(keeping, '.nowwhat/proofs', file), 'utf8'))).toMatchObject({
      kind: 'drill',
      figures: { backup: drilled, schedule: 'nightly' },
      comparison: { changed: false },
    });
  });

  it('only shows it where no proofs are kept', async () => {
    const ran = await runIn(bare, 'proofs', '--store', store);
    expect(flat(ran)).toContain('The newest backup of the schedule nightly brings shop back');
    expect(readdirSync(bare)).toEqual([]);
  });

  it('holds it against the newest backup of the schedule, and against the cluster where one is named', async () => {
    const later = await backUp();
    expect(flat(await proofs())).toContain(`fresh: the app in the backup ${later} is as in ${drilled}`);
    opened.playground.store.put('/configmaps', settings('second'));
    expect(flat(await proofs())).toContain(`fresh: the app in the backup ${later} is as in ${drilled}`);
    const live = await proofs('--context', '.', '-n', 'shop');
    expect(live.status).toBe(1);
    expect(flat(live)).toMatch(
      new RegExp(`stale: the app in the cluster \\S+ is not as in ${drilled}: ConfigMap shop/settings`),
    );
    // The backup is older than what the cluster has shown: it takes nothing back.
    const after = await proofs();
    expect(after.status).toBe(1);
    expect(flat(after)).toContain('stale: the app in the cluster');
  });

  it('makes it stale once the newest backup has the app otherwise, for the journey too, and fresh by a new drill', async () => {
    const changed = await backUp();
    const ran = await proofs();
    expect(ran.status).toBe(1);
    const told = `stale: the app in the backup ${changed} is not as in ${drilled}: ConfigMap shop/settings`;
    expect(flat(ran)).toContain(told);
    expect(flat(await runIn(keeping, 'proofs'))).toContain(told);
    await drill();
    const again = await proofs();
    expect(again.status, again.out).toBe(0);
    expect(flat(again)).toContain(`fresh: ${changed} is the newest backup of nightly`);
  });

  it('says so where the newest backup cannot be read, and only ages', async () => {
    opened.playground.store.put('/configmaps', settings('third'));
    const later = await backUp();
    writeFileSync(join(store, 'backups', later, `${later}.tar.gz`), 'no archive');
    const ran = await proofs();
    expect(ran.status, ran.out).toBe(0);
    expect(flat(ran)).toContain('fresh: whether the app has changed since is not known, only its age counts: ');
  });
});
