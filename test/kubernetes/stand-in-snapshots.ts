// Plays a snapshot controller, a CSI driver and its storage system, for a cluster in memory: what the real ones do to the same objects, and a list of what is stored.

import { setTimeout } from 'node:timers/promises';
import {
  type ApiClient,
  createObject,
  deleteObject,
  getObject,
  isApiError,
  listAll,
  objectNameOf,
  patchObject,
} from '../../src/api/index.ts';
import { asArray, asObject, asString, type Json, type JsonObject, toText } from '../../src/model/index.ts';

const group = 'snapshot.storage.k8s.io';
const finalizer = 'stand-in.test/bound-protection';
export const driver = 'disk.test';

function definition(kind: string, plural: string, scope: string, hasStatus = true): JsonObject {
  const version: JsonObject = {
    name: 'v1',
    served: true,
    storage: true,
    schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
    ...(hasStatus ? { subresources: { status: {} } } : {}),
  };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope,
      names: { kind, plural, singular: kind.toLowerCase(), listKind: `${kind}List` },
      versions: [version],
    },
  };
}

/** What a cluster with snapshots has: definitions, and the driver. */
export const snapshotDefinitions: readonly JsonObject[] = [
  definition('VolumeSnapshot', 'volumesnapshots', 'Namespaced'),
  definition('VolumeSnapshotContent', 'volumesnapshotcontents', 'Cluster'),
  definition('VolumeSnapshotClass', 'volumesnapshotclasses', 'Cluster', false),
  { apiVersion: 'storage.k8s.io/v1', kind: 'CSIDriver', metadata: { name: driver }, spec: { attachRequired: false } },
];

export function snapshotClass(name: string, metadata: JsonObject = {}, deletionPolicy = 'Delete'): JsonObject {
  return {
    apiVersion: `${group}/v1`,
    kind: 'VolumeSnapshotClass',
    metadata: { name, ...metadata },
    driver,
    deletionPolicy,
  };
}

/** A claim that is bound to a volume of the driver. */
export function diskClaim(namespace: string, name: string, metadata: JsonObject = {}): JsonObject[] {
  const modes = { accessModes: ['ReadWriteOnce'], storageClassName: 'disk' };
  return [
    {
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { name: `pv-${name}` },
      spec: {
        ...modes,
        capacity: { storage: '1Gi' },
        csi: { driver, volumeHandle: `vol-${name}` },
        claimRef: { namespace, name },
        persistentVolumeReclaimPolicy: 'Delete',
      },
    },
    {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name, namespace, ...metadata },
      spec: { ...modes, resources: { requests: { storage: '1Gi' } }, volumeName: `pv-${name}` },
      status: { phase: 'Bound' },
    },
  ];
}

const at = (resource: string) => ({
  group,
  version: 'v1',
  resource,
  kind: '',
  singular: '',
  namespaced: resource === 'volumesnapshots',
  verbs: [],
  shortNames: [],
  categories: [],
  subresources: [],
});
const kinds = {
  snapshots: at('volumesnapshots'),
  contents: at('volumesnapshotcontents'),
  classes: at('volumesnapshotclasses'),
  claims: { ...at('persistentvolumeclaims'), group: '', namespaced: true },
  volumes: { ...at('persistentvolumes'), group: '' },
};

const statusOf = (object: JsonObject): JsonObject => asObject(object['status']);
const specOf = (object: JsonObject): JsonObject => asObject(object['spec']);
const isGoing = (object: JsonObject): boolean => asObject(object['metadata'])['deletionTimestamp'] !== undefined;

export class StandInSnapshots {
  /** What the storage system holds: snapshots by handle, with the volume that each is of. */
  readonly stored = new Map<string, string>();
  /** Volumes that were made from snapshots: claim, and the handle. */
  readonly filled = new Map<string, string>();
  /** Why the driver takes no snapshot. */
  trouble: string | undefined;
  /** Whether snapshots can be used as soon as they are taken. */
  isReady = true;
  /** Whether new claims get volumes from snapshots. */
  fillsClaims = true;
  private readonly client: ApiClient;
  private isRunning = true;
  private taken = 0;
  private readonly loop: Promise<void>;

  constructor(client: ApiClient) {
    this.client = client;
    this.loop = this.run();
  }

  async stop(): Promise<void> {
    this.isRunning = false;
    await this.loop;
  }

  /** Objects of snapshots that are in the cluster. */
  async objects(): Promise<readonly string[]> {
    const lists = await Promise.all([kinds.snapshots, kinds.contents].map((kind) => listAll(this.client, kind)));
    return lists.flatMap(({ items }) => items.map((each) => objectNameOf(each).name));
  }

  private async run(): Promise<void> {
    while (this.isRunning) {
      await this.pass();
      await setTimeout(15);
    }
  }

  private async pass(): Promise<void> {
    for (const content of (await listAll(this.client, kinds.contents)).items)
      await this.tend(() => this.content(content));
    for (const snapshot of (await listAll(this.client, kinds.snapshots)).items)
      await this.tend(() => this.snapshot(snapshot));
    for (const claim of (await listAll(this.client, kinds.claims)).items) await this.tend(() => this.claim(claim));
  }

  /** What is gone or changed meanwhile is met in the next pass. */
  private async tend(act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (error) {
      if (!isApiError(error, 404) && !isApiError(error, 409)) throw error;
    }
  }

  private async setStatus(kind: typeof kinds.contents, object: JsonObject, status: JsonObject): Promise<void> {
    await patchObject(
      this.client,
      kind,
      { ...objectNameOf(object), subresource: 'status' },
      { type: 'merge', body: { status } },
    );
  }

  /** Answers whether the object was only now taken up. */
  private async takeUp(kind: typeof kinds.contents, object: JsonObject): Promise<void> {
    const own = asArray(asObject(object['metadata'])['finalizers']);
    if (own.includes(finalizer)) return;
    await patchObject(this.client, kind, objectNameOf(object), {
      type: 'merge',
      body: { metadata: { finalizers: [...own, finalizer] } },
    });
  }

  private async letGo(kind: typeof kinds.contents, object: JsonObject): Promise<void> {
    await patchObject(this.client, kind, objectNameOf(object), {
      type: 'merge',
      body: { metadata: { finalizers: null } },
    });
  }

  private async content(content: JsonObject): Promise<void> {
    const { deletionPolicy, source } = specOf(content);
    const { snapshotHandle, volumeHandle } = asObject(source);
    const known = asString(statusOf(content)['snapshotHandle']) ?? asString(snapshotHandle);
    if (isGoing(content)) {
      if (deletionPolicy === 'Delete' && known !== undefined) this.stored.delete(known);
      return await this.letGo(kinds.contents, content);
    }
    await this.takeUp(kinds.contents, content);
    if (statusOf(content)['readyToUse'] === true) return;
    if (known !== undefined && !this.stored.has(known))
      return await this.setStatus(kinds.contents, content, { error: { message: `no snapshot ${known}` } });
    if (this.trouble !== undefined)
      return await this.setStatus(kinds.contents, content, { error: { message: this.trouble } });
    const handle = known ?? this.take(asString(volumeHandle) ?? '');
    const readyToUse: Json = this.isReady;
    await this.setStatus(kinds.contents, content, {
      snapshotHandle: handle,
      restoreSize: 2 ** 30,
      creationTime: 1,
      readyToUse,
    });
  }

  private take(volume: string): string {
    this.taken += 1;
    this.stored.set(`snap-${this.taken}`, volume);
    return `snap-${this.taken}`;
  }

  private async snapshot(snapshot: JsonObject): Promise<void> {
    const bound = asString(statusOf(snapshot)['boundVolumeSnapshotContentName']);
    if (isGoing(snapshot)) {
      if (bound !== undefined) await this.tend(() => this.endContent(bound));
      return await this.letGo(kinds.snapshots, snapshot);
    }
    await this.takeUp(kinds.snapshots, snapshot);
    if (bound === undefined) return await this.bind(snapshot);
    const { readyToUse, restoreSize } = statusOf(await getObject(this.client, kinds.contents, { name: bound }));
    if (readyToUse === true && statusOf(snapshot)['readyToUse'] !== true)
      await this.setStatus(kinds.snapshots, snapshot, {
        readyToUse,
        restoreSize: toText(restoreSize),
        creationTime: '2026-11-29T02:15:00Z',
      });
  }

  private async endContent(name: string): Promise<void> {
    const { deletionPolicy } = specOf(await getObject(this.client, kinds.contents, { name }));
    if (deletionPolicy === 'Delete') await deleteObject(this.client, kinds.contents, { name });
  }

  private async bind(snapshot: JsonObject): Promise<void> {
    const { source, volumeSnapshotClassName } = specOf(snapshot);
    const { persistentVolumeClaimName, volumeSnapshotContentName } = asObject(source);
    const name =
      asString(volumeSnapshotContentName) ?? `content-${asString(asObject(snapshot['metadata'])['uid']) ?? ''}`;
    if (persistentVolumeClaimName !== undefined)
      await this.makeContent(snapshot, {
        name,
        claim: asString(persistentVolumeClaimName) ?? '',
        className: asString(volumeSnapshotClassName) ?? '',
      });
    await this.setStatus(kinds.snapshots, snapshot, { boundVolumeSnapshotContentName: name });
  }

  private async makeContent(
    snapshot: JsonObject,
    { name, claim, className }: { name: string; claim: string; className: string },
  ): Promise<void> {
    const { namespace = '', name: own } = objectNameOf(snapshot);
    const { volumeName } = specOf(await getObject(this.client, kinds.claims, { namespace, name: claim }));
    const { csi } = specOf(await getObject(this.client, kinds.volumes, { name: asString(volumeName) ?? '' }));
    const { deletionPolicy = null } = await getObject(this.client, kinds.classes, { name: className });
    await createObject(this.client, kinds.contents, {
      apiVersion: `${group}/v1`,
      kind: 'VolumeSnapshotContent',
      metadata: { name },
      spec: {
        deletionPolicy,
        driver,
        source: { volumeHandle: asObject(csi)['volumeHandle'] ?? null },
        volumeSnapshotClassName: className,
        volumeSnapshotRef: { apiVersion: `${group}/v1`, kind: 'VolumeSnapshot', namespace, name: own },
      },
    });
  }

  /** The provisioner: a new claim gets a volume with what its snapshot holds. */
  private async claim(claim: JsonObject): Promise<void> {
    const { namespace = '', name } = objectNameOf(claim);
    const { name: snapshot } = asObject(specOf(claim)['dataSource']);
    if (!this.fillsClaims || typeof snapshot !== 'string' || statusOf(claim)['phase'] === 'Bound') return;
    const found = await getObject(this.client, kinds.snapshots, { namespace, name: snapshot });
    const content = asString(statusOf(found)['boundVolumeSnapshotContentName']) ?? '';
    const { snapshotHandle } = statusOf(await getObject(this.client, kinds.contents, { name: content }));
    if (statusOf(found)['readyToUse'] !== true || typeof snapshotHandle !== 'string') return;
    this.filled.set(`${namespace}/${name}`, snapshotHandle);
    await this.setStatus(kinds.claims, claim, { phase: 'Bound' });
  }
}
