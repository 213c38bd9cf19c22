import { setTimeout } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openSnapshotStorage } from '../../../test/kubernetes/snapshot-storage.ts';
import { diskClaim } from '../../../test/kubernetes/stand-in-snapshots.ts';
import { wishFor } from '../../../test/backup/restoring.ts';
import { type ApiClient, createClient, createObject, getObject } from '../../api/index.ts';
import { asArray, asObject, asString, type JsonObject } from '../../model/index.ts';
import type { ExecCall } from '../../playground/index.ts';
import { parseEntry, readArchive } from '../archive/read-archive.ts';
import { createBackup } from '../create/create-backup.ts';
import type { CreateContext } from '../create/create-wish.ts';
import { openBackup, readSide } from '../inspect/read-backup.ts';
import { openContents } from '../restore/open-contents.ts';
import { restoreBackup } from '../restore/restore-backup.ts';
import type { Store } from '../store/store.ts';
import { helperPod } from '../volumes/helper-pod.ts';
import { readRecords } from '../volumes/read-records.ts';
import { readVolumes } from '../volumes/read-volumes.ts';
import { copyClaim } from './copy-claim.ts';
import { podSpecsOfClaims, SnapshotMover } from './move-data.ts';
import { planVolumes, snapshotsOf } from './plan-volumes.ts';
import { readClasses } from './read-classes.ts';
import { readSnapshots } from './saved-snapshots.ts';
import { newSnapshot } from './snapshot-objects.ts';
import { SnapshotRun } from './snapshot-run.ts';
import { snapshotKinds } from './snapshot-words.ts';
import { findLeftoversOf, removeLeftovers, tidySnapshots } from './tidy-leftovers.ts';

const pod: JsonObject = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'db-0', namespace: 'shop' },
  spec: {
    securityContext: { runAsUser: 999 },
    containers: [{ name: 'db', image: 'r.test/db:1', volumeMounts: [{ name: 'data', mountPath: '/data' }] }],
    volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }],
  },
};

const sleep = (milliseconds: number): Promise<void> => setTimeout(Math.min(milliseconds, 20));
const claims = { group: '', version: 'v1', resource: 'persistentvolumeclaims' } as const;

type Answer = { readonly stdout?: string; readonly stderr?: string; readonly exitCode?: number };

/** What helper pods say, by the first words of the command. */
const usualAnswers: Readonly<Record<string, Answer>> = {
  date: { stdout: '1000\n' },
  'kopia snapshot': { stdout: JSON.stringify({ id: 'a1b2', rootEntry: { summ: { size: 5, files: 1 } } }) },
  'kopia snapshot list': { stdout: '[]' },
  'sh -c': { stdout: `41ed 0 0 4096 5\0-\0\0.\x0081a4 33 33 5 5\0${'ab'.repeat(32)}\0\0./x\0` },
};

async function open(answers: Readonly<Record<string, Answer | (() => Answer)>> = {}) {
  const commands: string[] = [];
  const exec = {
    namespace: 'shop',
    pod: /^nowwhat-volume-/,
    result: ({ command }: ExecCall): Answer => {
      const line = command.join(' ');
      commands.push(line);
      const table = { ...usualAnswers, ...answers };
      const known = Object.keys(table).toSorted((a, b) => b.length - a.length);
      const answer: Answer | (() => Answer) = table[known.find((each) => line.startsWith(each)) ?? ''] ?? {};
      return typeof answer === 'function' ? answer() : answer;
    },
  };
  const seed = [...diskClaim('shop', 'data'), pod];
  const { playground, folder, client, standIn, store } = await openSnapshotStorage(seed, { scripts: { exec: [exec] } });
  const selection = { includedNamespaces: ['shop'] };
  const stop = new AbortController();
  const told: string[] = [];

  async function runFor(name: string, timeout: number): Promise<SnapshotRun> {
    const read = await readVolumes(client, selection, { all: false });
    const classes = await readClasses(client);
    const wish = { all: false, policy: undefined, snapshots: 'asked', movesData: true, annotations: {} } as const;
    const toTake = snapshotsOf(planVolumes({ ...read, ...wish, classes }));
    const { volumes } = read;
    const progress = (text: string) => void told.push(text);
    const mover = new SnapshotMover({
      moving: {
        context: { client, sleep, now: Date.now, signal: stop.signal, helpers: new Set() },
        repository: {
          kind: 'bucket',
          bucket: 'b',
          prefix: '',
          endpoint: 'http://s3.test',
          region: 'eu',
          hasAuthority: false,
        },
        store,
        secret: { KOPIA_PASSWORD: 'p' },
        image: 'r.test/kopia:1',
        timeout: 60_000,
        concurrency: 2,
        folder,
        progress,
      },
      backup: name,
      veleroNamespace: 'velero',
      storageLocation: 'default',
      store: store.place,
      timeout,
      podSpecs: podSpecsOfClaims(read.pods),
      volumes,
    });
    const taking = { client, sleep, now: Date.now, signal: stop.signal, timeout, backup: name, store: store.place };
    return new SnapshotRun(
      { ...taking, movesData: true, progress },
      { toTake, volumes, podsOfFiles: new Set(), mover },
    );
  }

  async function make(name: string, { timeout = 60_000, ...more }: Partial<CreateContext> & { timeout?: number } = {}) {
    const snapshots = await runFor(name, timeout);
    const volumeSpec = { snapshotVolumes: true, snapshotMoveData: true, defaultVolumesToFsBackup: false } as const;
    return await createBackup(
      {
        name,
        selection,
        storageLocation: 'default',
        veleroNamespace: 'velero',
        concurrency: 2,
        takeOver: true,
        volumeSpec,
      },
      { client, store, now: Date.now, tool: 'test', writer: 'test', progress: () => undefined, snapshots, ...more },
    );
  }

  async function namesOf(plural: string): Promise<string[]> {
    const { items } = await client.request({ path: `/api/v1/namespaces/shop/${plural}` });
    return asArray(items).map((each) => asString(asObject(asObject(each)['metadata'])['name']) ?? '');
  }

  /** All that a move makes, as soon as it is gone; what is there still after a while. */
  async function left(): Promise<readonly string[]> {
    for (let tries = 0; ; tries += 1) {
      await playground.settled();
      const all = [
        ...(await standIn.objects()),
        ...(await namesOf('persistentvolumeclaims')),
        ...(await namesOf('pods')),
      ];
      const found = all.filter((name) => name !== 'data' && name !== 'db-0');
      if (found.length === 0 || tries === 100) return found;
      await setTimeout(25);
    }
  }

  return { client, standIn, store, commands, told, make, left, stop };
}

async function archivedIn(store: Store, name: string): Promise<Record<string, JsonObject>> {
  const { keys } = await openBackup(store, name);
  const found: Record<string, JsonObject> = {};
  for await (const entry of readArchive(await store.read(keys.contents), keys.contents))
    if (entry.place.version === undefined) found[entry.place.groupResource] = parseEntry(entry, keys.contents);
  return found;
}

describe('a backup that moves what snapshots hold', () => {
  it('has the data in the store, and leaves nothing in the cluster nor in the storage system', async () => {
    const { standIn, store, commands, make, left } = await open();
    const made = await make('one');
    expect(made).toMatchObject({ phase: 'Completed', problems: [], snapshots: [] });
    expect(made.volumes).toEqual([
      { namespace: 'shop', pod: '', name: 'data', node: '', claim: 'data', snapshot: 'a1b2', bytes: 5, files: 1 },
    ]);
    expect(await left()).toEqual([]);
    expect(standIn.stored.size).toBe(0);
    expect([...standIn.filled]).toEqual([[expect.stringMatching(/^shop\/nowwhat-copy-/), 'snap-1']]);
    const source = '--override-source=default@default:snapshot-data-upload-download/kopia/shop/data';
    expect(commands.find((line) => line.startsWith('kopia snapshot create'))).toContain(source);
    expect(await readSnapshots(store, await openBackup(store, 'one'))).toEqual([]);
  });

  it('says where they are as a restore by Velero looks for it', async () => {
    const { store, make } = await open();
    await make('one');
    const {
      'datauploads.velero.io': upload = {},
      persistentvolumeclaims: claim = {},
      ...rest
    } = await archivedIn(store, 'one');
    expect(upload).toMatchObject({
      metadata: { namespace: 'velero' },
      spec: { sourcePVC: 'data', sourceNamespace: 'shop', csiSnapshot: { driver: 'disk.test', storageClass: 'disk' } },
      status: { phase: 'Completed', snapshotID: 'a1b2', progress: { totalBytes: 5 } },
    });
    const name = asString(asObject(upload['metadata'])['name']) ?? '';
    expect(asObject(claim['metadata'])['annotations']).toMatchObject({
      'velero.io/data-upload-name': `velero/${name}`,
    });
    expect(Object.keys(rest).filter((each) => each.includes('snapshot'))).toEqual([]);
    const { keys, object } = await openBackup(store, 'one');
    expect(object).toMatchObject({ spec: { snapshotMoveData: true }, status: { backupItemOperationsCompleted: 1 } });
    expect(asObject(object['status'])['csiVolumeSnapshotsAttempted']).toBeUndefined();
    expect(await readSide(store, keys.volumeInfo)).toMatchObject([
      { backupMethod: 'CSISnapshot', snapshotDataMoved: true, snapshotDataMovementInfo: { snapshotHandle: 'a1b2' } },
    ]);
    expect(await readSide(store, keys.itemOperations)).toMatchObject([
      { spec: { postOperationItems: [{ Resource: 'datauploads', Name: name }] }, status: { phase: 'Completed' } },
    ]);
  });

  it('comes back as files into a new claim, and needs no snapshot for it', async () => {
    const { client, store, make } = await open();
    await make('one');
    const backup = await openBackup(store, 'one');
    const contents = await openContents(store, backup, {});
    const { records, pods } = await readRecords(store, backup, contents);
    expect(records).toMatchObject([
      { namespace: 'shop', pod: 'db-0', claim: 'data', snapshot: 'a1b2', trouble: undefined },
    ]);
    expect(pods.get('shop/db-0')).toMatchObject({ spec: { securityContext: { runAsUser: 999 } } });
    const namespaceMappings = new Map([['shop', 'copy']]);
    const wish = wishFor({ backup: 'one', fillsFromSnapshots: true, namespaceMappings });
    const filled: ReadonlyMap<string, string>[] = [];
    await restoreBackup(wish, {
      client,
      contents,
      sleep,
      now: Date.now,
      progress: () => undefined,
      fillVolumes: ({ claims: made }) => Promise.resolve(void filled.push(made)).then(() => []),
    });
    await contents.close();
    expect([...(filled[0] ?? [])]).toEqual([['copy/data', 'made']]);
    const { metadata, spec } = await getObject(client, claims, { namespace: 'copy', name: 'data' });
    expect(asObject(spec)['dataSource']).toBeUndefined();
    expect(Object.keys(asObject(asObject(metadata)['annotations'])).filter((each) => each.includes('velero'))).toEqual(
      [],
    );
  });

  it.each([
    ['kopia fails', { 'kopia snapshot create': { exitCode: 1, stderr: 'ERROR no space left' } }, 'no space left'],
    ['its files cannot be listed', { 'sh -c': { stdout: 'torn' } }, 'cut off'],
  ])('is whole but for the data where %s, and leaves nothing', async (_, answers, words) => {
    const { standIn, store, make, left } = await open(answers);
    const made = await make('one');
    expect(made).toMatchObject({ phase: 'PartiallyFailed', volumes: [] });
    expect(made.problems).toEqual([expect.objectContaining({ severity: 'error', namespace: 'shop' })]);
    expect(made.problems[0]?.message).toMatch(new RegExp(`^the data of claim data are not saved: .*${words}`));
    expect(await left()).toEqual([]);
    expect(standIn.stored.size).toBe(0);
    const { persistentvolumeclaims: claim = {} } = await archivedIn(store, 'one');
    expect(asObject(claim['metadata'])['annotations']).toBeUndefined();
    expect((await openBackup(store, 'one')).object['status']).toMatchObject({ backupItemOperationsFailed: 1 });
  });

  it('says what keeps a claim waiting that is made from a snapshot', async () => {
    const { client, standIn, make, left } = await open();
    standIn.fillsClaims = false;
    const making = make('one', { timeout: 6000 });
    let copy = '';
    while (copy === '') {
      const { items } = await client.request({ path: '/api/v1/namespaces/shop/persistentvolumeclaims' });
      const names = asArray(items).map((each) => asString(asObject(asObject(each)['metadata'])['name']) ?? '');
      copy = names.find((name) => name.startsWith('nowwhat-copy-')) ?? '';
      await setTimeout(10);
    }
    await createObject(
      client,
      { ...claims, resource: 'events' },
      {
        apiVersion: 'v1',
        kind: 'Event',
        metadata: { name: 'told', namespace: 'shop' },
        involvedObject: { kind: 'PersistentVolumeClaim', namespace: 'shop', name: copy },
        type: 'Warning',
        message: 'exceeded quota: storage',
      },
    );
    const { problems } = await making;
    expect(problems[0]?.message).toMatch(
      /the claim nowwhat-copy-\w+ that is made from its snapshot is not bound: exceeded quota: storage$/,
    );
    expect(await left()).toEqual([]);
    expect(standIn.stored.size).toBe(0);
  });

  it('leaves nothing where it is ended in the middle', async () => {
    const { standIn, store, make, left, stop } = await open({
      'kopia snapshot create': () => {
        stop.abort(new Error('ended'));
        return { exitCode: 1 };
      },
    });
    await expect(make('one')).rejects.toThrow('ended');
    expect(await left()).toEqual([]);
    expect(standIn.stored.size).toBe(0);
    expect(await store.size('backups/one/velero-backup.json')).toBeUndefined();
  });
});

describe('what a killed run has left of a move', () => {
  /** As it stands after the program was killed while kopia was at work. */
  async function openKilled(backup: string) {
    const opened = await open();
    const { client, store } = opened;
    const toTake = { namespace: 'shop', claim: 'data', volume: 'pv-data', driver: 'disk.test', className: 'usual' };
    const claim = await getObject(client, claims, { namespace: 'shop', name: 'data' });
    const snapshot = newSnapshot(toTake, claim, { backup, store: store.place, suffix: 'x', movesData: true });
    await createObject(client, snapshotKinds.snapshots, snapshot);
    const [name, namespace] = ['nowwhat-copy-1', 'shop'];
    const marks = { label: backup, annotations: { 'nowwhat.dev/backup': backup, 'nowwhat.dev/store': store.place } };
    await createObject(
      client,
      claims,
      copyClaim({ name, namespace, claim, storageClass: 'disk', snapshot: 'velero-data-x', size: 5, marks }),
    );
    const wish = { namespace, name: 'nowwhat-volume-1', image: 'r.test/kopia:1', podSpec: {}, asPod: false };
    const source = { persistentVolumeClaim: { claimName: name } };
    await createObject(
      client,
      { ...claims, resource: 'pods' },
      helperPod({ ...wish, source, readOnly: true, lifetime: 60, needsStore: false, patience: 60_000 }),
    );
    while (!opened.standIn.filled.has('shop/nowwhat-copy-1')) await setTimeout(10);
    return opened;
  }

  it('goes before the next backup of its name, pod and claim and snapshot', async () => {
    const { client, standIn, store, left } = await openKilled('cut');
    const tidying = { client, store, namespaces: ['shop'], now: Date.now() };
    expect(await tidySnapshots({ ...tidying, backup: 'other' })).toEqual([]);
    expect(standIn.stored.size).toBe(1);
    expect(await tidySnapshots({ ...tidying, backup: 'cut' })).toEqual([
      'the PersistentVolumeClaim shop/nowwhat-copy-1 of the backup cut, which was cut off, was removed',
      'the VolumeSnapshot shop/velero-data-x of the backup cut, which was cut off, was removed',
    ]);
    expect(await left()).toEqual([]);
    expect(standIn.stored.size).toBe(0);
  });

  it('is left, and told, where who comes next may not remove it', async () => {
    const { client, standIn, store } = await openKilled('cut');
    const limited: ApiClient = {
      ...client,
      request: (asked) => {
        const isRead = (asked.method ?? 'GET') === 'GET';
        return isRead ? client.request(asked) : limitedClient.request(asked);
      },
    };
    const limitedClient = createClient({ ...client.connection, impersonate: { user: 'nobody' } });
    onTestFinished(() => limitedClient.close());
    const tidying = { client: limited, store, namespaces: ['shop'], now: Date.now() };
    expect(await tidySnapshots({ ...tidying, backup: 'cut' })).toEqual([
      'the PersistentVolumeClaim shop/nowwhat-copy-1 of the backup cut is left in the cluster, and this user may not remove it',
      'the VolumeSnapshot shop/velero-data-x of the backup cut is left in the cluster, and this user may not remove it',
    ]);
    expect(standIn.stored.size).toBe(1);
  });

  it('goes also where the backup is whole: its data are in the store', async () => {
    const { client, standIn, store, left } = await openKilled('whole');
    await store.put('backups/whole/velero-backup.json', Buffer.from('{}'));
    const tidying = { client, store, namespaces: ['shop'], now: Date.now() };
    expect(await tidySnapshots({ ...tidying, backup: 'other' })).toHaveLength(2);
    expect(await left()).toEqual([]);
    expect(standIn.stored.size).toBe(0);
  });

  it('goes with its backup, and nothing of another', async () => {
    const { client, standIn, store, left } = await openKilled('cut');
    expect(await findLeftoversOf({ client, store }, 'other')).toEqual([]);
    const found = await findLeftoversOf({ client, store }, 'cut');
    expect(found.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      'PersistentVolumeClaim nowwhat-copy-1',
      'VolumeSnapshot velero-data-x',
    ]);
    await removeLeftovers(client, found, true);
    expect(await left()).toEqual([]);
    expect(standIn.stored.size).toBe(0);
  });
});
