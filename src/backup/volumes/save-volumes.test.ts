import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { createClient, readConnection } from '../../api/index.ts';
import { asArray, asObject, type JsonObject } from '../../model/index.ts';
import { startPlayground } from '../../playground/index.ts';
import { openFolderStore } from '../store/folder-store.ts';
import { readVolumes } from './read-volumes.ts';
import { openFileLists } from './save-files.ts';
import { saveVolumes } from './save-volumes.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

function pod(name: string): JsonObject {
  const container = { name: 'c', image: 'r.test/db:1', volumeMounts: [{ name: 'data', mountPath: '/d' }] };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'shop' },
    spec: { containers: [container], volumes: [{ name: 'data', persistentVolumeClaim: { claimName: name } }] },
  };
}

function claim(name: string): JsonObject {
  const resources = { requests: { storage: '1Gi' } };
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name, namespace: 'shop' },
    spec: { accessModes: ['ReadWriteOnce'], resources },
  };
}

const snapshot = { id: 'a1b2', rootEntry: { summ: { size: 5, files: 1, numFailed: 0 } } };
const listed =
  '41ed 0 0 4096 5\0-\0\0.\0' + `81a4 33 33 5 5\0${'ab'.repeat(32)}\0\0./x\0` + '81a4 33 33 5 9999999999\0-\0\0./y\0';

type Answer = { readonly stdout?: string; readonly stderr?: string; readonly exitCode?: number };

/** A cluster whose helper pods hold a kopia that says what it is told; each other answer for a command by the first words of it. */
async function open(
  answers: Readonly<Record<string, Answer | (() => Answer)>> = {},
  names: readonly string[] = ['db-0', 'db-1'],
) {
  const calls: string[] = [];
  const usual: Readonly<Record<string, Answer>> = {
    date: { stdout: '1000\n' },
    'kopia snapshot': { stdout: JSON.stringify(snapshot), stderr: ' * 0 hashing, 3 hashed (3 MB)\n' },
    'sh -c': { stdout: listed },
    'kopia snapshot list': { stdout: '[]' },
  };
  const script = {
    namespace: 'shop',
    pod: /^nowwhat-volume-/,
    result: ({ command }: { readonly command: readonly string[] }): Answer => {
      const line = command.join(' ');
      calls.push(line);
      const table = { ...usual, ...answers };
      const known = Object.keys(table).toSorted((a, b) => b.length - a.length);
      const answer: Answer | (() => Answer) = table[known.find((each) => line.startsWith(each)) ?? ''] ?? {};
      return typeof answer === 'function' ? answer() : answer;
    },
  };
  const seed = names.flatMap((name) => [claim(name), pod(name)]);
  const playground = await startPlayground({ seed, scripts: { exec: [script] } });
  const folder = mkdtempSync(join(tmpdir(), 'nowwhat-volumes-'));
  const file = join(folder, 'config');
  writeFileSync(file, playground.kubeconfig());
  const client = createClient(await readConnection({ environment: { KUBECONFIG: file } }));
  closing.push(
    () => rmSync(folder, { recursive: true }),
    () => playground.close(),
    () => client.close(),
  );
  await playground.settled();
  const store = openFolderStore(join(folder, 'store'));
  const stop = new AbortController();
  const { chosen, volumes } = await readVolumes(client, { includedNamespaces: ['shop'] }, { all: true });
  const told: string[] = [];
  const save = () =>
    saveVolumes(
      {
        context: {
          client,
          sleep: (ms) => setTimeout(Math.min(ms, 20)),
          now: Date.now,
          signal: stop.signal,
          helpers: new Set(),
        },
        repository: {
          kind: 'bucket',
          bucket: 'kept',
          prefix: '',
          endpoint: 'http://s3.test',
          region: 'eu',
          hasAuthority: false,
        },
        store,
        secret: { AWS_SECRET_ACCESS_KEY: 'geheim', KOPIA_PASSWORD: 'p' },
        image: 'r.test/kopia:1',
        timeout: 60_000,
        concurrency: 2,
        folder,
        progress: (text) => told.push(text),
        chosen,
        volumes,
        backup: 'b',
        veleroNamespace: 'velero',
        storageLocation: 'default',
      },
      { onPodSaved: async (_namespace, name) => void told.push(`saved ${name}`) },
    );
  const left = async (): Promise<number> => {
    await playground.settled();
    const pods = asArray((await client.request({ path: '/api/v1/namespaces/shop/pods' }))['items']);
    const secrets = asArray((await client.request({ path: '/api/v1/namespaces/shop/secrets' }))['items']);
    return pods.length - names.length + secrets.length;
  };
  return { save, left, calls, told, stop, chosen, store };
}

describe('saving volumes', () => {
  it('leaves what Velero would write, the hash of every file, and nothing in the cluster', async () => {
    const { save, left, told } = await open();
    const saved = await save();
    expect(saved.podVolumeBackups).toHaveLength(2);
    expect(saved.podVolumeBackups[0]).toMatchObject({
      metadata: { annotations: { 'velero.io/pvc-name': 'db-0' } },
      spec: { pod: { name: 'db-0', namespace: 'shop' }, volume: 'data', uploaderType: 'kopia' },
      status: { phase: 'Completed', snapshotID: 'a1b2', progress: { totalBytes: 5, bytesDone: 5 } },
    });
    expect(saved.infos[0]).toMatchObject({ pvcName: 'db-0', backupMethod: 'PodVolumeBackup', skipped: false });
    expect(asObject(saved.infos[0])['pvName']).not.toBe('');
    const chunks: Buffer[] = [];
    for await (const chunk of openFileLists('b', saved.listed)) chunks.push(chunk as Buffer);
    const lines = gunzipSync(Buffer.concat(chunks)).toString().trim().split('\n');
    expect(lines).toHaveLength(1 + 2 * 4 + 1);
    expect(JSON.parse(lines[3] ?? '')).toMatchObject({ file: { path: './x', uid: 33, sha256: 'ab'.repeat(32) } });
    expect(JSON.parse(lines[4] ?? '')).toMatchObject({ file: { path: './y', moving: true } });
    expect(saved.problems[0]?.message).toContain('changed while they were saved');
    for (const each of ['saved db-0', 'saved db-1']) expect(told.filter((text) => text === each)).toHaveLength(1);
    expect(told.some((text) => text.includes('3 MB'))).toBe(true);
    expect(await left()).toBe(0);
  });

  const uninitialized = { exitCode: 1, stderr: 'ERROR repository not initialized' };
  const key = 'kopia/shop/kopia.repository';

  it('makes a repository where there is none, aside, and puts it where nobody else has put one', async () => {
    let tries = 0;
    const { save, calls, store } = await open(
      {
        'kopia repository connect': () => {
          tries += 1;
          return tries === 1 ? uninitialized : {};
        },
        'cat /work/new/kopia.repository.f': { stdout: 'made here' },
        'cat /work/new/kopia.blobcfg.f': { stdout: 'and its blobs' },
      },
      ['db-0'],
    );
    expect((await save()).podVolumeBackups).toHaveLength(1);
    expect((await store.get(key))?.toString()).toBe('made here');
    expect((await store.get('kopia/shop/kopia.blobcfg'))?.toString()).toBe('and its blobs');
    expect(calls.some((each) => each.startsWith('kopia repository create s3'))).toBe(false);
    expect(calls.filter((each) => each.startsWith('kopia maintenance set --owner=me'))).toHaveLength(1);
    expect(calls).toContain('rm -rf /work/new');
  });

  it('takes the repository that another has made in the same moment, and writes nothing over it', async () => {
    let tries = 0;
    const { save, calls, store } = await open(
      {
        'kopia repository connect': () => {
          tries += 1;
          return tries === 1 ? uninitialized : {};
        },
        'cat /work/new/kopia': { stdout: 'mine, too late' },
      },
      ['db-0'],
    );
    await store.put(key, Buffer.from('theirs'));
    expect((await save()).podVolumeBackups).toHaveLength(1);
    expect((await store.get(key))?.toString()).toBe('theirs');
    expect(await store.get('kopia/shop/kopia.blobcfg')).toBeUndefined();
    expect(calls.some((each) => each.startsWith('kopia maintenance'))).toBe(false);
  });

  it.each<[string, Record<string, Answer>, string]>([
    [
      'the store refuses',
      { 'kopia repository connect': { exitCode: 1, stderr: 'ERROR Access Denied.' } },
      'Access Denied',
    ],
    ['the snapshot fails', { 'kopia snapshot': { exitCode: 1, stderr: 'ERROR upload error: disk full' } }, 'disk full'],
    [
      'the snapshot is not whole',
      { 'kopia snapshot': { stdout: '{"id":"a","incomplete":"x","rootEntry":{"summ":{"size":1,"files":1}}}' } },
      'incomplete',
    ],
    [
      'kopia is not in the image',
      { 'kopia repository connect': { exitCode: 127, stderr: 'sh: kopia: not found' } },
      'not found',
    ],
    ['the list is cut off', { 'sh -c': { stdout: listed.slice(0, -3) } }, 'cut off'],
    ['the list ends in an error', { 'sh -c': { stdout: listed, exitCode: 1 } }, 'failed'],
  ])('is an error of the backup where %s, and leaves nothing', async (_what, answers, words) => {
    const { save, left, told } = await open(answers);
    const { problems, podVolumeBackups, listed: lists } = await save();
    expect(problems).toHaveLength(2);
    expect(problems[0]).toMatchObject({ severity: 'error', namespace: 'shop' });
    expect(problems[0]?.message).toContain(words);
    expect([podVolumeBackups, lists]).toEqual([[], []]);
    expect(told).toContain('saved db-0');
    expect(await left()).toBe(0);
  });

  it('removes the snapshots of backups that are gone, once a repository, and none of others', async () => {
    const source = { path: 'pod-volume-backup-restore/kopia/shop/db-0/db-0' };
    const list = [
      { id: 'old', source, description: 'nowwhat backup gone' },
      { id: 'kept', source, description: 'nowwhat backup kept' },
      { id: 'running', source, description: 'nowwhat backup begun' },
      { id: 'velero', source, description: 'Kopia Uploader' },
      { id: 'user', source: { path: '/home' }, description: 'nowwhat backup gone' },
    ];
    const { save, calls, told, store } = await open({ 'kopia snapshot list': { stdout: JSON.stringify(list) } });
    await store.put('backups/kept/velero-backup.json', Buffer.from('{}'));
    await store.put('backups/begun/begun-nowwhat-claim.json', Buffer.from('{}'));
    expect((await save()).problems.filter(({ message }) => message.includes('repository'))).toEqual([]);
    const deleted = calls.filter((each) => each.startsWith('kopia snapshot delete'));
    expect(deleted.map((each) => each.split(' --')[0])).toEqual(['kopia snapshot delete old']);
    expect(told.some((text) => text.includes('1 snapshot'))).toBe(true);
  });

  it('is whole also where the repository cannot be tidied, and says so', async () => {
    const { save } = await open({ 'kopia snapshot list': { exitCode: 1, stderr: 'ERROR lock' } });
    const { podVolumeBackups, problems } = await save();
    expect(podVolumeBackups).toHaveLength(2);
    expect(problems.filter(({ message }) => message.includes('left in the repository'))).toHaveLength(1);
  });

  it('ends where the user ends it, and leaves nothing', async () => {
    const { save, left, stop } = await open();
    const running = save();
    stop.abort(new Error('ended'));
    await expect(running).rejects.toThrow('ended');
    expect(await left()).toBe(0);
  });
});
