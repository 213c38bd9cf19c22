// Directories of nodes in a drill: what is restored behind the fence gets claims or empty folders in their place, so that nothing is written on a node. Pure.

import { createHash } from 'node:crypto';
import { asArray, asObject, asString, type JsonObject } from '../../model/index.ts';
import { changeEach } from '../restore/edit-object.ts';
import { changePodSpec } from './pod-spec.ts';
import type { PlaceDirectory } from '../volumes/decide-target.ts';
import type { VolumeRecord } from '../volumes/velero-records.ts';

/** The claim that stands for a directory that a pod of this namespace of the backup names. */
export type ClaimForDirectory = (namespace: string, path: string) => string | undefined;

export interface InnerClaim {
  /** Of the backup. */
  readonly namespace: string;
  readonly name: string;
  readonly bytes: number;
}

export interface InnerDirectories {
  readonly claims: readonly InnerClaim[];
  readonly claimFor: ClaimForDirectory;
  readonly place: PlaceDirectory;
}

/** A path in one way of writing. */
function plainPath(path: string): string {
  return `/${path
    .split('/')
    .filter((step) => step !== '' && step !== '.')
    .join('/')}`;
}

function keyOf(namespace: string, path: string): string {
  return `${namespace}:${plainPath(path)}`;
}

function nameFor(path: string): string {
  return `nowwhat-drill-${createHash('sha256').update(plainPath(path)).digest('hex').slice(0, 12)}`;
}

/**
 * A directory of one node is one claim for all who name it. The same path on several nodes is several directories, and a claim would be only one of them:
 * each is compared by itself then, and pods begin with empty ones. `hasClass`: whether a claim gets a volume by itself.
 */
export function planDirectories(records: readonly VolumeRecord[], hasClass: boolean): InnerDirectories {
  const nodes = new Map<string, Set<string>>();
  for (const { namespace, hostPath = '', node } of records) {
    const key = keyOf(namespace, hostPath);
    nodes.set(key, (nodes.get(key) ?? new Set()).add(node));
  }
  const filling = new Map<string, VolumeRecord>();
  for (const record of records) {
    const key = keyOf(record.namespace, record.hostPath ?? '');
    if (hasClass && nodes.get(key)?.size === 1 && !filling.has(key)) filling.set(key, record);
  }
  return {
    claims: [...filling.values()].map(({ namespace, hostPath = '', bytes }) => ({
      namespace,
      name: nameFor(hostPath),
      bytes,
    })),
    claimFor: (namespace, path) => (filling.has(keyOf(namespace, path)) ? nameFor(path) : undefined),
    place: (record) => {
      const { namespace, hostPath = '' } = record;
      const isFilling = filling.get(keyOf(namespace, hostPath)) === record;
      return {
        source: isFilling ? { persistentVolumeClaim: { claimName: nameFor(hostPath) } } : { emptyDir: {} },
      };
    },
  };
}

const mebibyte = 2 ** 20;

/** With room for what the app adds as it starts. `namespace`: of the copy. */
export function innerClaim({ name, bytes }: InnerClaim, namespace: string): JsonObject {
  const size = Math.max(128, Math.ceil((bytes * 1.5) / mebibyte));
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name, namespace },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: `${size}Mi` } } },
  };
}

/** Where programs of the node listen: who may only read such a directory can still talk to them. */
const doors = /^\/(?:$|var$|run(?:\/|$)|var\/run(?:\/|$)|var\/lib$|var\/lib\/kubelet(?:\/|$)|dev(?:\/|$))|\.sock$/;

function mountsOf(spec: JsonObject, name: string): JsonObject[] {
  const containers = [...asArray(spec['containers']), ...asArray(spec['initContainers'])].map(asObject);
  return containers
    .flatMap((each) => asArray(each['volumeMounts']).map(asObject))
    .filter((each) => each['name'] === name);
}

/** Time zones, certificates: what is only looked at does no harm. */
function isOnlyRead(spec: JsonObject, name: string, path: string): boolean {
  return !doors.test(plainPath(path)) && mountsOf(spec, name).every((each) => each['readOnly'] === true);
}

type ClaimForPath = (path: string) => string | undefined;

function innerVolume(spec: JsonObject, volume: JsonObject, claimFor: ClaimForPath): JsonObject {
  const { hostPath, ...rest } = volume;
  if (hostPath === undefined) return volume;
  const path = asString(asObject(hostPath)['path']) ?? '';
  const claimName = claimFor(path);
  if (claimName !== undefined) return { ...rest, persistentVolumeClaim: { claimName } };
  return isOnlyRead(spec, asString(rest['name']) ?? '', path) ? volume : { ...rest, emptyDir: {} };
}

/** Of a pod, or of what makes pods; the same object where nothing of a node is in it. */
export function moveDirectoriesIn(object: JsonObject, claimFor: ClaimForPath): JsonObject {
  return changePodSpec(object, (spec) => {
    if (!asArray(spec['volumes']).some((each) => asObject(each)['hostPath'] !== undefined)) return spec;
    return { ...spec, volumes: changeEach(spec['volumes'], (each) => innerVolume(spec, each, claimFor)) ?? [] };
  });
}
