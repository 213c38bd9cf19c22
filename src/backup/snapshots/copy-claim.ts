// The claim that is made from a snapshot so that a pod can read it, and its end: nothing of it outlives the move.

import { type ApiClient, deleteObject, getObject, isApiError, listAll, patchObject } from '../../api/index.ts';
import { asArray, asObject, asString, type JsonObject } from '../../model/index.ts';
import { helperLabels } from '../volumes/helper-pod.ts';
import { withSize } from './snapshot-objects.ts';
import { ownMarks, snapshotGroup } from './snapshot-words.ts';

const kinds = {
  claims: { group: '', version: 'v1', resource: 'persistentvolumeclaims' },
  volumes: { group: '', version: 'v1', resource: 'persistentvolumes' },
  pods: { group: '', version: 'v1', resource: 'pods' },
} as const;

export interface Copying {
  readonly name: string;
  readonly namespace: string;
  /** The claim whose data it shows. */
  readonly claim: JsonObject;
  readonly storageClass: string;
  /** Name of the VolumeSnapshot. */
  readonly snapshot: string;
  /** Bytes that a volume made from it has at least. */
  readonly size: number;
  /** By which what is left of a backup that was cut off is found. */
  readonly marks: { readonly label: string; readonly annotations: JsonObject };
}

/** In nobody's backup, and nobody's: it may be deleted at any time. */
export function copyClaim({ name, namespace, claim, storageClass, snapshot, size, marks }: Copying): JsonObject {
  const { accessModes = null, volumeMode, resources = {} } = asObject(claim['spec']);
  const source = { apiGroup: snapshotGroup, kind: 'VolumeSnapshot', name: snapshot };
  const { spec } = withSize({ spec: { resources } }, size);
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: {
      name,
      namespace,
      labels: { ...helperLabels(), [ownMarks.label]: marks.label, 'velero.io/exclude-from-backup': 'true' },
      annotations: {
        ...marks.annotations,
        'nowwhat.dev/purpose': 'shows a snapshot to the pod that saves it for a backup; may be deleted at any time',
      },
    },
    spec: {
      accessModes,
      ...(volumeMode === undefined ? {} : { volumeMode }),
      ...(storageClass === '' ? {} : { storageClassName: storageClass }),
      ...asObject(spec),
      dataSource: source,
    },
  };
}

interface Place {
  readonly namespace: string;
  readonly name: string;
}

async function ignoreMissing(act: Promise<unknown>): Promise<void> {
  try {
    await act;
  } catch (error) {
    if (!isApiError(error, 404)) throw error;
  }
}

async function find(client: ApiClient, place: Place): Promise<JsonObject | undefined> {
  try {
    return await getObject(client, kinds.claims, place);
  } catch (error) {
    if (isApiError(error, 404)) return undefined;
    throw error;
  }
}

/** A class may keep the volumes of claims that are gone: this one's is of no use to anybody. */
async function giveUpVolume(client: ApiClient, claim: JsonObject): Promise<void> {
  const name = asString(asObject(claim['spec'])['volumeName']);
  if (name === undefined || name === '') return;
  const volume = await getObject(client, kinds.volumes, { name });
  if (asObject(volume['spec'])['persistentVolumeReclaimPolicy'] !== 'Retain') return;
  const body = { spec: { persistentVolumeReclaimPolicy: 'Delete' } };
  await patchObject(client, kinds.volumes, { name }, { type: 'merge', body });
}

/** It goes, and its volume with it, as soon as no pod uses it. */
export async function removeCopy(client: ApiClient, place: Place): Promise<void> {
  const claim = await find(client, place);
  if (claim === undefined) return;
  await ignoreMissing(giveUpVolume(client, claim));
  await ignoreMissing(deleteObject(client, kinds.claims, place));
}

const isGoneTries = 120;

/** A storage system may not end a snapshot while a volume stands on it. */
export async function awaitCopyGone(
  client: ApiClient,
  place: Place,
  sleep: (milliseconds: number) => Promise<void>,
): Promise<void> {
  for (let tries = 0; tries < isGoneTries && (await find(client, place)) !== undefined; tries += 1) await sleep(500);
}

/** Pods that a killed run has left on it would keep it for hours. */
export async function removeAbandonedCopy(client: ApiClient, place: Place): Promise<void> {
  const { namespace, name } = place;
  const labelSelector = Object.entries(helperLabels())
    .map(([key, value]) => `${key}=${asString(value) ?? ''}`)
    .join(',');
  const path = `/api/v1/namespaces/${namespace}/pods`;
  for (const pod of asArray((await client.request({ path, query: { labelSelector } }))['items']).map(asObject)) {
    const volumes = asArray(asObject(pod['spec'])['volumes']).map((each) => asObject(each)['persistentVolumeClaim']);
    if (!volumes.some((claim) => asObject(claim)['claimName'] === name)) continue;
    const own = { namespace, name: asString(asObject(pod['metadata'])['name']) ?? '' };
    await ignoreMissing(deleteObject(client, kinds.pods, own, { gracePeriodSeconds: 0 }));
  }
  await removeCopy(client, place);
}

/** Why it is not there yet, in the cluster's words; '' where nobody says. */
export async function complaintOfCopy(client: ApiClient, place: Place): Promise<string> {
  const claim = await find(client, place);
  if (asObject(claim?.['status'])['phase'] === 'Bound') return '';
  const events = { ...kinds.pods, resource: 'events', kind: 'Event', singular: '', namespaced: true };
  const what = `the claim ${place.name} that is made from its snapshot is not bound`;
  try {
    const { items } = await listAll(
      client,
      { ...events, verbs: [], shortNames: [], categories: [], subresources: [] },
      {
        namespace: place.namespace,
      },
    );
    const own = items.filter(({ involvedObject }) => asObject(involvedObject)['name'] === place.name);
    const said = asString(own.findLast(({ type }) => type === 'Warning')?.['message'] ?? own.at(-1)?.['message']);
    return said === undefined ? what : `${what}: ${said}`;
  } catch (error) {
    if (isApiError(error, 403)) return what;
    throw error;
  }
}
