import { setTimeout } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openPlaygroundFolder } from '../../../test/kubernetes/playground-folder.ts';
import { openSnapshotStorage } from '../../../test/kubernetes/snapshot-storage.ts';
import { diskClaim, driver, snapshotClass, snapshotDefinitions } from '../../../test/kubernetes/stand-in-snapshots.ts';
import { wishFor } from '../../../test/backup/restoring.ts';
import { createClient, getObject, readConnection } from '../../api/index.ts';
import { asArray, asObject, type JsonObject } from '../../model/index.ts';
import type { ExecCall } from '../../playground/index.ts';
import { createBackup } from '../create/create-backup.ts';
import type { CreateContext } from '../create/create-wish.ts';
import { openBackup, readSide } from '../inspect/read-backup.ts';
import { openContents } from '../restore/open-contents.ts';
import { restoreBackup } from '../restore/restore-backup.ts';
import { readVolumes } from '../volumes/read-volumes.ts';
import { deleteSnapshots } from './delete-snapshots.ts';
import { planVolumes, snapshotsOf } from './plan-volumes.ts';
import { readClasses } from './read-classes.ts';
import { readSnapshots } from './saved-snapshots.ts';
import { type SnapshotRight, snapshotRights } from './snapshot-rights.ts';
import { SnapshotRun } from './snapshot-run.ts';
import { tidySnapshots } from './tidy-leftovers.ts';

const pod: JsonObject = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name: 'db-0',
    namespace: 'shop',
    annotations: {
      'pre.hook.backup.velero.io/command': '["freeze"]',
      'post.hook.backup.velero.io/command': '["thaw"]',
    },
  },
  spec: {
    containers: [{ name: 'db', image: 'r.test/db:1', volumeMounts: [{ name: 'data', mountPath: '/data' }] }],
    volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }],
  },
  status: { phase: 'Running' },
};

const sleep = (milliseconds: number): Promise<void> => setTimeout(Math.min(milliseconds, 20));

async function open(seed: readonly JsonObject[] = [...diskClaim('shop', 'data', { labels: { app: 'db' } }), pod]) {
  const events: string[] = [];
  const result = ({ command }: ExecCall) => {
    events.push(`${command.join(' ')}, ${standIn.stored.size} stored`);
    return {};
  };
  const { client, standIn, store } = await openSnapshotStorage(seed, {
    controllers: false,
    scripts: { exec: [{ result }] },
  });
  const selection = { includedNamespaces: ['shop'] };
  const stop = new AbortController();

  async function runFor(name: string, timeout: number): Promise<SnapshotRun> {
    const read = await readVolumes(client, selection, { all: false });
    const planned = planVolumes({
      ...read,
      all: false,
      policy: undefined,
      snapshots: 'usual',
      classes: await readClasses(client),
      annotations: {},
    });
    return new SnapshotRun(
      {
        client,
        sleep,
        now: Date.now,
        signal: stop.signal,
        timeout,
        backup: name,
        store: store.place,
        movesData: false,
        progress: () => undefined,
      },
      { toTake: snapshotsOf(planned), volumes: read.volumes, podsOfFiles: new Set() },
    );
  }

  async function make(name: string, { timeout = 60_000, ...more }: Partial<CreateContext> & { timeout?: number } = {}) {
    const snapshots = await runFor(name, timeout);
    return await createBackup(
      { name, selection, storageLocation: 'default', veleroNamespace: 'velero', concurrency: 2, takeOver: true },
      { client, store, now: Date.now, tool: 'test', writer: 'test', progress: () => undefined, snapshots, ...more },
    );
  }

  async function restore(name: string, rest: Parameters<typeof wishFor>[0] = {}) {
    const contents = await openContents(store, await openBackup(store, name), {});
    try {
      const wish = wishFor({ backup: name, fillsFromSnapshots: true, ...rest });
      return await restoreBackup(wish, { client, contents, sleep, now: Date.now, progress: () => undefined });
    } finally {
      await contents.close();
    }
  }

  /** Objects of snapshots go once their finalizers are met. */
  async function settled(): Promise<readonly string[]> {
    for (let tries = 0; tries < 200; tries += 1) {
      if ((await standIn.objects()).length === 0) return [];
      await setTimeout(25);
    }
    return await standIn.objects();
  }

  return { client, standIn, store, events, make, restore, settled, stop };
}

const claimKind = { group: '', version: 'v1', resource: 'persistentvolumeclaims' };

describe('a backup with snapshots', () => {
  it('takes them, keeps them in the storage system, and leaves nothing in the cluster', async () => {
    const { standIn, store, make, settled } = await open();
    const made = await make('one');
    expect(made).toMatchObject({ phase: 'Completed', problems: [] });
    expect(made.snapshots).toEqual([
      { namespace: 'shop', claim: 'data', driver, className: 'usual', handle: 'snap-1', size: 2 ** 30 },
    ]);
    expect(await settled()).toEqual([]);
    expect([...standIn.stored]).toEqual([['snap-1', 'vol-data']]);
    const backup = await openBackup(store, 'one');
    expect(asObject(backup.object['status'])).toMatchObject({
      csiVolumeSnapshotsAttempted: 1,
      csiVolumeSnapshotsCompleted: 1,
    });
    const [info] = asArray((await readSide(store, backup.keys.volumeInfo)) ?? []);
    expect(info).toMatchObject({
      pvName: 'pv-data',
      pvcName: 'data',
      backupMethod: 'CSISnapshot',
      skipped: false,
      csiSnapshotInfo: { snapshotHandle: 'snap-1', driver, size: 2 ** 30, ReadyToUse: true },
    });
  });

  it('holds the objects that a restore by Velero finds its way by', async () => {
    const { store, make } = await open();
    await make('one');
    const contents = await openContents(store, await openBackup(store, 'one'), {});
    const read = async (resource: string): Promise<JsonObject> => {
      const entry = contents.entries.find(({ place }) => place.groupResource === resource);
      return entry === undefined ? {} : await contents.read(entry);
    };
    const snapshot = await read('volumesnapshots.snapshot.storage.k8s.io');
    const { name, annotations, labels } = asObject(snapshot['metadata']);
    expect(annotations).toEqual({
      'velero.io/csi-volumesnapshot-handle': 'snap-1',
      'velero.io/csi-driver-name': driver,
      'velero.io/csi-volumesnapshot-restore-size': '1Gi',
      'velero.io/csi-vsc-deletion-policy': 'Delete',
      'backup.velero.io/must-include-additional-items': 'true',
    });
    expect(labels).toEqual({ app: 'db', 'velero.io/backup-name': 'one' });
    expect(asObject((await read('persistentvolumeclaims'))['metadata'])).toMatchObject({
      annotations: { 'velero.io/volume-snapshot-name': name },
      labels: { 'velero.io/backup-name': 'one' },
    });
    expect(await read('volumesnapshotcontents.snapshot.storage.k8s.io')).toMatchObject({
      metadata: { labels: { 'velero.io/backup-name': 'one' } },
      spec: { driver, source: { volumeHandle: 'vol-data' } },
      status: { snapshotHandle: 'snap-1' },
    });
    expect(await read('volumesnapshotclasses.snapshot.storage.k8s.io')).toMatchObject({ metadata: { name: 'usual' } });
    await contents.close();
  });

  it('holds an app still only until the moment of its snapshot is past', async () => {
    const { standIn, events, make } = await open();
    standIn.isReady = false;
    const hooks = { specs: [], agrees: () => true };
    const making = make('one', { hooks });
    while (events.length < 2) await setTimeout(10);
    expect(events).toEqual(['freeze, 0 stored', 'thaw, 1 stored']);
    standIn.isReady = true;
    expect(await making).toMatchObject({ phase: 'Completed' });
  });

  it('tells of one that cannot be taken, removes what was begun, and saves the claim as it is', async () => {
    const { standIn, store, make, settled } = await open();
    standIn.trouble = 'no room left';
    const made = await make('one', { timeout: 4000 });
    expect(made).toMatchObject({ phase: 'PartiallyFailed', snapshots: [] });
    expect(made.problems).toEqual([
      {
        severity: 'error',
        namespace: 'shop',
        message: 'the data of claim data are not saved: the snapshot of shop/data is not ready after 4 s: no room left',
      },
    ]);
    expect(await settled()).toEqual([]);
    const contents = await openContents(store, await openBackup(store, 'one'), {});
    expect(contents.entries.map(({ place }) => place.groupResource)).toContain('persistentvolumeclaims');
    expect(contents.entries.map(({ place }) => place.groupResource)).not.toContain(
      'volumesnapshots.snapshot.storage.k8s.io',
    );
    await contents.close();
  });

  it('leaves no snapshot behind where it is ended in the middle, or the store fails', async () => {
    const { standIn, store, make, settled, stop } = await open();
    standIn.isReady = false;
    const making = make('one');
    while (standIn.stored.size === 0) await setTimeout(10);
    stop.abort(new Error('ended'));
    await expect(making).rejects.toThrow('ended');
    expect(await settled()).toEqual([]);
    expect(standIn.stored.size).toBe(0);
    standIn.isReady = true;
    expect(await store.size('backups/one/velero-backup.json')).toBeUndefined();
  });

  it('leaves none where its last key cannot be written', async () => {
    const { standIn, store, make, settled } = await open();
    const isLast = (name: string | symbol, key: string): boolean =>
      name === 'put' && key.endsWith('velero-backup.json');
    const broken = calling(store, (name, key) => (isLast(name, key) ? new Error('no room') : undefined));
    await expect(make('one', { store: broken })).rejects.toThrow('no room');
    expect(await settled()).toEqual([]);
    expect(standIn.stored.size).toBe(0);
  });
});

/** A store some of whose calls fail. */
function calling<T extends object>(store: T, fail: (name: string | symbol, key: string) => Error | undefined): T {
  return new Proxy(store, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      return (key: string, ...rest: readonly unknown[]): unknown => {
        const error = fail(name, key);
        return error === undefined ? Reflect.apply(value, target, [key, ...rest]) : Promise.reject(error);
      };
    },
  });
}

describe('a restore from snapshots', () => {
  it('fills new claims, and leaves the snapshots in the storage system', async () => {
    const { client, standIn, make, restore, settled } = await open();
    await make('one');
    await settled();
    const report = await restore('one', { namespaceMappings: new Map([['shop', 'copy']]) });
    expect(report).toMatchObject({
      phase: 'Completed',
      warnings: [],
      volumes: [{ namespace: 'copy', name: 'data', result: 'filled' }],
    });
    expect([...standIn.filled]).toEqual([['copy/data', 'snap-1']]);
    expect(await settled()).toEqual([]);
    expect([...standIn.stored.keys()]).toEqual(['snap-1']);
    const { metadata, spec } = await getObject(client, claimKind, { namespace: 'copy', name: 'data' });
    expect(asObject(asObject(metadata)['annotations'])).toEqual({});
    expect(asObject(spec)['volumeName']).toBeUndefined();
  });

  it('changes nothing where the claims are there, whatever it is called', async () => {
    const { standIn, make, restore, settled } = await open();
    await make('one');
    await settled();
    const mapping = { namespaceMappings: new Map([['shop', 'copy']]) };
    await restore('one', mapping);
    const again = await restore('one', { ...mapping, name: 'another' });
    expect(again.counts).toMatchObject({ created: 0, updated: 0, failed: 0, differs: 0 });
    expect(await settled()).toEqual([]);
    expect(standIn.filled.size).toBe(1);
  });

  it('makes an empty claim, and no snapshot, where data are not to come back', async () => {
    const { client, make, restore, settled } = await open();
    await make('one');
    await settled();
    const report = await restore('one', { namespaceMappings: new Map([['shop', 'copy']]), fillsFromSnapshots: false });
    expect(report.items.map(({ groupResource }) => groupResource)).not.toContain(
      'volumesnapshots.snapshot.storage.k8s.io',
    );
    const { spec } = await getObject(client, claimKind, { namespace: 'copy', name: 'data' });
    expect(asObject(spec)['dataSource']).toBeUndefined();
  });

  it('does not touch a snapshot that the storage system has lost, and says what is left waiting', async () => {
    const { standIn, make, restore, settled } = await open();
    await make('one');
    await settled();
    standIn.stored.clear();
    const report = await restore('one', { namespaceMappings: new Map([['shop', 'copy']]) });
    expect(report.warnings).toEqual([
      expect.stringMatching(/^the claim copy\/data is not bound yet; once it is, .* may be deleted$/),
    ]);
  });

  it('brings a claim that once came from a snapshot back without it', async () => {
    const { client, standIn, make, restore, settled } = await open();
    await make('one');
    await settled();
    await restore('one', { namespaceMappings: new Map([['shop', 'copy']]) });
    await settled();
    const { spec } = await getObject(client, claimKind, { namespace: 'copy', name: 'data' });
    expect(asObject(asObject(spec)['dataSource'])['kind']).toBe('VolumeSnapshot');
    const { restoreClaimSource } = await import('./restore-objects.ts');
    const saved = await getObject(client, claimKind, { namespace: 'copy', name: 'data' });
    expect(asObject(restoreClaimSource(saved, undefined)['spec'])['dataSource']).toBeUndefined();
    expect(standIn.filled.size).toBe(1);
  });
});

describe('what is left of snapshots', () => {
  it('of a backup that was cut off goes before the next of its name, and of a whole one its objects only', async () => {
    const { client, standIn, store, make, settled } = await open();
    const place = { client, store, namespaces: ['shop'], now: Date.now() };
    const kept = (): Partial<CreateContext> => ({ store: cutOff(store) });
    await expect(make('cut', kept())).rejects.toThrow('gone');
    expect(standIn.stored.size).toBe(1);
    expect(await tidySnapshots({ ...place, backup: 'other' })).toEqual([]);
    expect(await tidySnapshots({ ...place, backup: 'cut' })).toEqual([
      expect.stringMatching(
        /^the VolumeSnapshot shop\/velero-data-\w+ of the backup cut, which was cut off, was removed$/,
      ),
    ]);
    expect(await settled()).toEqual([]);
    expect(standIn.stored.size).toBe(0);
    await expect(make('late', kept())).rejects.toThrow('gone');
    expect(await tidySnapshots({ ...place, backup: 'other', now: Date.now() + 25 * 3_600_000 })).toHaveLength(1);
    await settled();
    await expect(make('whole', kept())).rejects.toThrow('gone');
    await store.put('backups/whole/velero-backup.json', Buffer.from('{}'));
    expect(await tidySnapshots({ ...place, backup: 'other' })).toEqual([
      expect.stringContaining('whose snapshot stays in the storage system'),
    ]);
    expect(await settled()).toEqual([]);
    expect(standIn.stored.size).toBe(1);
  });

  it('is deleted with the backup, also where its objects are long gone', async () => {
    const { client, standIn, store, make, settled } = await open();
    await make('one');
    await settled();
    const held = await readSnapshots(store, await openBackup(store, 'one'));
    expect(held).toMatchObject([{ driver, handle: 'snap-1', claim: 'shop/data' }]);
    const how = { client, sleep, progress: () => undefined };
    expect(await deleteSnapshots(how, [{ ...held[0], driver: 'other.test' } as (typeof held)[number]])).toEqual([
      {
        driver: 'other.test',
        handle: 'snap-1',
        claim: 'shop/data',
        result: 'left',
        message: 'its driver is not in this cluster',
      },
    ]);
    expect(await deleteSnapshots(how, held)).toEqual([
      { driver, handle: 'snap-1', claim: 'shop/data', result: 'deleted' },
    ]);
    expect(standIn.stored.size).toBe(0);
    expect(await settled()).toEqual([]);
  });
});

/** Takes everything but the last key, and then cannot even be asked: as where the line is cut. */
function cutOff<T extends object>(store: T): T {
  let isCut = false;
  return calling(store, (name, key) => {
    if (name === 'put' && key.endsWith('-seal.json')) isCut = true;
    return isCut && key.endsWith('velero-backup.json') ? new Error('gone') : undefined;
  });
}

describe('who may take snapshots', () => {
  const rbac = 'rbac.authorization.k8s.io';

  function granted(user: string, kind: string, namespace: JsonObject, rights: readonly SnapshotRight[]): JsonObject[] {
    const metadata = { name: `${user}-takes`, ...namespace };
    const rules = rights.map(({ group, resource, verbs }) => ({
      apiGroups: [group],
      resources: [resource],
      verbs: [...verbs],
    }));
    return [
      { apiVersion: `${rbac}/v1`, kind, metadata, rules },
      {
        apiVersion: `${rbac}/v1`,
        kind: `${kind}Binding`,
        metadata,
        roleRef: { apiGroup: rbac, kind, name: metadata.name },
        subjects: [{ kind: 'User', name: user, apiGroup: rbac }],
      },
    ];
  }

  it('is asked before, in each namespace, right by right', async () => {
    const { inNamespaces } = snapshotRights({ movesData: false });
    const { inCluster } = snapshotRights({ movesData: true });
    const fewer = inCluster.map((each) => ({ ...each, verbs: each.verbs.filter((verb) => verb !== 'patch') }));
    const { kubeconfig, close } = await openPlaygroundFolder([
      ...snapshotDefinitions,
      snapshotClass('usual'),
      ...granted('carol', 'ClusterRole', {}, inCluster),
      ...granted('carol', 'Role', { namespace: 'shop' }, inNamespaces),
      ...granted('erin', 'ClusterRole', {}, fewer),
    ]);
    const as = async (user: string) =>
      createClient(
        await readConnection({
          environment: { KUBECONFIG: kubeconfig },
          impersonate: { user },
        }),
      );
    const [carol, dave, erin] = [await as('carol'), await as('dave'), await as('erin')];
    onTestFinished(async () => {
      await Promise.all([carol.close(), dave.close(), erin.close()]);
      await close();
    });
    const both = { namespaces: ['shop', 'other'], movesData: false };
    expect(await readClasses(carol, both)).toMatchObject({
      forbidden: new Map([['other', 'this user may not get volumesnapshots']]),
    });
    expect(await readClasses(carol, { ...both, movesData: true })).toMatchObject({
      forbidden: new Map([
        ['shop', 'this user may not get persistentvolumeclaims'],
        ['other', 'this user may not get volumesnapshots'],
      ]),
    });
    expect(await readClasses(dave, both)).toEqual({ obstacle: 'this user may not list volumesnapshotclasses' });
    expect(await readClasses(erin, both)).toEqual({ obstacle: 'this user may not patch volumesnapshotcontents' });
  });
});
