// Snapshots as a user takes them: the built program asks, takes them, brings them back and deletes them, with a stand-in for the storage system.

import { execFile, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiClient, createClient, readConnection } from '../../src/api/index.ts';
import { openPlaygroundFolder, type PlaygroundFolder } from '../kubernetes/playground-folder.ts';
import { diskClaim, snapshotClass, snapshotDefinitions, StandInSnapshots } from '../kubernetes/stand-in-snapshots.ts';
import { type Ran, root } from './run-cli.ts';

let cluster: PlaygroundFolder;
let client: ApiClient;
let standIn: StandInSnapshots;
let store: string[];

beforeAll(async () => {
  const seed = [...snapshotDefinitions, snapshotClass('usual'), ...diskClaim('shop', 'data')];
  cluster = await openPlaygroundFolder(seed, { controllers: false });
  client = createClient(await readConnection({ environment: { KUBECONFIG: cluster.kubeconfig } }));
  standIn = new StandInSnapshots(client);
  store = ['--store', join(cluster.folder, 'kept')];
});

afterAll(async () => {
  await standIn.stop();
  await client.close();
  await cluster.close();
});

/** Not in the way of the servers, which run in this very process. */
function run(...args: string[]): Promise<Ran> {
  const env = { PATH: process.env['PATH'] ?? '', HOME: cluster.folder, KUBECONFIG: cluster.kubeconfig };
  return new Promise((done) => {
    execFile(process.execPath, [join(root, 'bin/nowwhat.js'), ...args], { env }, (error, out, err) => {
      done({ status: error === null ? 0 : Number(error.code), out, err });
    });
  });
}

const live = ['--context', '.', '-n', 'shop'];
const create = (...args: string[]): Promise<Ran> => run('backup', 'create', ...args, ...live, ...store);

async function nothingLeft(): Promise<readonly string[]> {
  for (let tries = 0; tries < 2400 && (await standIn.objects()).length > 0; tries += 1) await setTimeout(25);
  return await standIn.objects();
}

describe('backup create with a class of snapshots', () => {
  it('says what it would take, and takes nothing without a word', async () => {
    expect((await create('--dry-run')).out).toContain(
      'shop: claim data  a snapshot  no policy and no pod says otherwise',
    );
    const { status, err } = await create('one');
    expect(status).toBe(2);
    expect(err).toContain('A snapshot is taken of 1 volume:');
    expect(err).toContain('shop: claim data, by disk.test with class usual');
    expect(err).toContain('not-agreed');
    expect(standIn.stored.size).toBe(0);
  });

  it.each([['--no-volumes'], ['--snapshot-volumes', 'false']])('takes none with %j', async (...option) => {
    const { status, out } = await create(`without-${option.length}`, ...option);
    expect(status).toBe(0);
    expect(out).not.toContain('snapshot in');
    expect(standIn.stored.size).toBe(0);
  });

  it('says what it would make to move their data, and makes nothing without a word', async () => {
    expect((await create('--dry-run', '--snapshot-move-data')).out).toMatch(/shop: claim data {2}moved /);
    const { status, err } = await create('one', '--snapshot-move-data');
    expect(status).toBe(2);
    expect(err).toMatch(/A snapshot is taken of 1 volume, and what it holds is saved in .*:/);
    expect(err).toContain('also the snapshots in the storage system');
    expect(standIn.stored.size).toBe(0);
  });

  it.each([['--snapshot-volumes', 'false']])('moves none with %j', async (...option) => {
    const { status, err } = await create('moved', '--snapshot-move-data', ...option);
    expect(status).toBe(2);
    expect(err).toContain('no snapshots are to be taken [invalid-option]');
  });

  it("takes Velero's file for it, and no other data mover than Velero's", async () => {
    const file = join(cluster.folder, 'moved.yaml');
    const write = (datamover: string): void =>
      writeFileSync(
        file,
        JSON.stringify({
          apiVersion: 'velero.io/v1',
          kind: 'Backup',
          metadata: { name: 'moved' },
          spec: { includedNamespaces: ['shop'], snapshotMoveData: true, datamover },
        }),
      );
    write('velero');
    expect((await create('--dry-run', '-f', file)).out).toMatch(/shop: claim data {2}moved /);
    write('other');
    expect((await create('--dry-run', '-f', file)).err).toContain('spec.datamover is "other"');
  });

  it('takes them, and leaves nothing in the cluster', async () => {
    const { status, out } = await create('one', '--yes');
    expect(status).toBe(0);
    expect(out).toContain('with 1 snapshot in disk.test');
    expect(await nothingLeft()).toEqual([]);
    expect(standIn.stored.size).toBe(1);
  });
});

describe('what was taken', () => {
  it('comes back into a new claim', async () => {
    const words = ['--from-backup', 'one', '--context', '.', '--namespace-mappings', 'shop:copy', ...store];
    const asked = await run('restore', 'create', ...words);
    expect(asked.err).toMatch(/claims from snapshots .*\n {4}claim shop\/data/);
    expect(standIn.filled.size).toBe(0);
    const { status, out } = await run('restore', 'create', ...words, '--yes');
    expect(status).toBe(0);
    expect(out).toContain('the data of 1 volume');
    expect([...standIn.filled.keys()]).toEqual(['copy/data']);
    expect(await nothingLeft()).toEqual([]);
  });

  it('stays with a prune that names no cluster, and with a delete that does not say what becomes of it', async () => {
    await create('two', '--yes');
    const prune = ['backup', 'prune', '--all', '--keep-last', '1', '--yes', ...store];
    const { status, out } = await run(...prune);
    expect(status).toBe(0);
    expect(out).toMatch(/one .*it holds snapshots that only their driver can delete/s);
    const refused = await run('backup', 'delete', 'one', '--yes', ...store);
    expect(refused.status).toBe(2);
    expect(refused.err).toContain('snap-1 in disk.test');
    expect(standIn.stored.size).toBe(2);
  });

  it('goes with its backup where the cluster is named', async () => {
    const { status, out } = await run('backup', 'delete', 'one', '--yes', '--context', '.', ...store);
    expect(status).toBe(0);
    expect(out).toMatch(/deleted one: \d+ keys and 1 snapshot/);
    expect([...standIn.stored.keys()]).toEqual(['snap-2']);
    expect(await nothingLeft()).toEqual([]);
  });

  it('is named where it is left', async () => {
    const { out } = await run('backup', 'delete', 'two', '--yes', '--keep-snapshots', ...store);
    expect(out).toContain('left in disk.test: snap-2, of claim shop/data');
    expect(standIn.stored.size).toBe(1);
  });
});

it('an interrupted backup leaves no snapshot, and says that it tidies up', async () => {
  const before = standIn.stored.size;
  standIn.isReady = false;
  const env = { PATH: process.env['PATH'] ?? '', HOME: cluster.folder, KUBECONFIG: cluster.kubeconfig };
  const words = ['backup', 'create', 'cut', '--yes', ...live, ...store];
  const child = spawn(process.execPath, [join(root, 'bin/nowwhat.js'), ...words], { env });
  let told = '';
  child.stderr.on('data', (chunk: Buffer) => void (told += chunk.toString()));
  const ended = new Promise((resolve) => child.once('close', resolve));
  while (standIn.stored.size === before) await setTimeout(20);
  child.kill('SIGINT');
  expect(await ended).toBe(130);
  expect(told).toContain('what was made is removed first');
  expect(await nothingLeft()).toEqual([]);
  expect(standIn.stored.size).toBe(before);
  standIn.isReady = true;
});
