// Which volumes of running pods are saved file by file, by Velero's rules, and why the others are not: pure.

import { asArray, asObject, asString, type JsonObject } from '../../model/index.ts';
import { decideVolume } from '../policies/decide-volume.ts';
import type { VolumeFacts } from '../policies/match-volume.ts';
import type { PolicyVerdict } from '../policies/parse-policies.ts';

/** Where a helper pod finds the same files. */
export type VolumeSource =
  | {
      readonly kind: 'claim';
      readonly claim: string;
      readonly claimUid: string;
      /** Name of the persistent volume. */
      readonly volume: string;
    }
  | { readonly kind: 'host-path'; readonly path: string }
  | { readonly kind: 'nfs'; readonly nfs: JsonObject };

export interface VolumeToSave {
  readonly namespace: string;
  readonly pod: string;
  readonly podUid: string;
  readonly node: string;
  /** Its name in the pod. */
  readonly name: string;
  readonly source: VolumeSource;
  /** The pod's own user, for namespaces that let nobody else in. */
  readonly podSpec: JsonObject;
}

export interface VolumeLeftOut {
  readonly namespace: string;
  readonly pod: string;
  readonly name: string;
  readonly claim?: string;
  /** Of a persistent volume its name. */
  readonly volume?: string;
  readonly reason: string;
  /** Somebody asked for it by name: that it is not saved must be told. */
  readonly asked: boolean;
}

export interface ChosenVolumes {
  readonly saved: readonly VolumeToSave[];
  readonly leftOut: readonly VolumeLeftOut[];
}

export interface ChoosingVolumes {
  readonly pods: readonly JsonObject[];
  /** By `namespace/name`. */
  readonly claims: ReadonlyMap<string, JsonObject>;
  /** Persistent volumes by name. */
  readonly volumes: ReadonlyMap<string, JsonObject>;
  /** Whether the claims of a namespace could not be listed. */
  readonly hidesClaims?: (namespace: string) => boolean;
  /** All but those that a pod excludes; otherwise only those that a pod names. */
  readonly all: boolean;
  /** What policies say of a volume; nothing where none means it. */
  readonly policy?: ((facts: VolumeFacts) => PolicyVerdict | undefined) | undefined;
}

const included = 'backup.velero.io/backup-volumes';
const excluded = 'backup.velero.io/backup-volumes-excludes';

function namesIn(pod: JsonObject, annotation: string): ReadonlySet<string> {
  const text = asString(asObject(asObject(pod['metadata'])['annotations'])[annotation]) ?? '';
  const names = text.split(',').map((name) => name.trim());
  return new Set(names.filter((name) => name !== ''));
}

/** Content that Kubernetes makes anew from objects; what is on the node itself is taken only by name. Source: Velero 1.18, GetVolumesByPod. */
const neverByDefault = ['secret', 'configMap', 'projected', 'downwardAPI', 'hostPath'];

function textOf(object: JsonObject, ...path: readonly string[]): string {
  const last = path.at(-1) ?? '';
  const parent = path.slice(0, -1).reduce<JsonObject>((each, key) => asObject(each[key]), object);
  return asString(parent[last]) ?? '';
}

function mountsOf(pod: JsonObject, list: 'volumeMounts' | 'volumeDevices'): ReadonlySet<string> {
  const containers = asArray(asObject(pod['spec'])['containers']).map(asObject);
  return new Set(containers.flatMap((each) => asArray(each[list]).map((mount) => textOf(asObject(mount), 'name'))));
}

interface Candidate extends VolumeFacts {
  readonly pod: JsonObject;
  readonly podVolume: JsonObject;
  readonly name: string;
}

function sourceOf({ pod, podVolume, claim }: Candidate, { hidesClaims }: ChoosingVolumes): VolumeSource | string {
  const { persistentVolumeClaim, hostPath, nfs } = podVolume;
  if (hostPath !== undefined) return { kind: 'host-path', path: textOf(asObject(hostPath), 'path') };
  if (nfs !== undefined) return { kind: 'nfs', nfs: asObject(nfs) };
  if (persistentVolumeClaim === undefined) {
    const kind = Object.keys(podVolume).find((key) => key !== 'name') ?? 'emptyDir';
    return `a volume of the kind ${kind} is gone with its pod, and is not saved`;
  }
  const name = textOf(asObject(persistentVolumeClaim), 'claimName');
  if (claim === undefined)
    return hidesClaims?.(textOf(pod, 'metadata', 'namespace')) === true
      ? `its claim ${name} could not be read`
      : `the claim ${name} is not there`;
  const volume = textOf(claim, 'spec', 'volumeName');
  if (volume === '') return `the claim ${name} is not bound`;
  const modes = asArray(asObject(claim['spec'])['accessModes']);
  if (modes.includes('ReadWriteOncePod'))
    return `the claim ${name} lets one pod in and no second one (ReadWriteOncePod)`;
  return { kind: 'claim', claim: name, claimUid: textOf(claim, 'metadata', 'uid'), volume };
}

function obstacle({ pod, name }: Candidate): string | undefined {
  const phase = textOf(pod, 'status', 'phase');
  if (phase !== 'Running') return `the pod is ${phase === '' ? 'not running' : phase}`;
  if (mountsOf(pod, 'volumeDevices').has(name)) return 'it is a block device, which has no files';
  return mountsOf(pod, 'volumeMounts').has(name) ? undefined : 'no container mounts it';
}

function candidatesOf(pod: JsonObject, { claims, volumes }: ChoosingVolumes): Candidate[] {
  const namespace = textOf(pod, 'metadata', 'namespace');
  return asArray(asObject(pod['spec'])['volumes'])
    .map(asObject)
    .map((podVolume) => {
      const claim = claims.get(`${namespace}/${textOf(podVolume, 'persistentVolumeClaim', 'claimName')}`);
      const volume = claim === undefined ? undefined : volumes.get(textOf(claim, 'spec', 'volumeName'));
      return { pod, podVolume, name: textOf(podVolume, 'name'), claim, volume };
    });
}

/** Whether the pod itself asks for the volume, or has all of its volumes saved. */
export function asksForFiles(pod: JsonObject, podVolume: JsonObject, all: boolean): boolean {
  const name = textOf(podVolume, 'name');
  if (namesIn(pod, included).has(name)) return true;
  return all && !namesIn(pod, excluded).has(name) && !isNeverByDefault(podVolume);
}

function isNeverByDefault(podVolume: JsonObject): boolean {
  return neverByDefault.some((kind) => podVolume[kind] !== undefined);
}

/** Whether a volume of the pod could be chosen, or told of: most pods have none but what Kubernetes makes from objects. */
export function mayHaveData(pod: JsonObject): boolean {
  const volumes = asArray(asObject(pod['spec'])['volumes']).map(asObject);
  return namesIn(pod, included).size > 0 || volumes.some((each) => !isNeverByDefault(each));
}

/** Policies have no say about what is never taken by default: one that is for every volume would take secrets, and all of a node. */
function isTaken(candidate: Candidate, { all, policy }: ChoosingVolumes): boolean {
  const { pod, podVolume } = candidate;
  const filesAsked = asksForFiles(pod, podVolume, all);
  const verdict = isNeverByDefault(podVolume) ? undefined : policy?.(candidate);
  return decideVolume({ policy: verdict, filesAsked, snapshots: false }).method === 'files';
}

class Choosing {
  readonly saved: VolumeToSave[] = [];
  readonly leftOut: VolumeLeftOut[] = [];
  private readonly seen = new Set<string>();
  private readonly how: ChoosingVolumes;

  constructor(how: ChoosingVolumes) {
    this.how = how;
  }

  consider(candidate: Candidate): void {
    const { pod, name } = candidate;
    if (!isTaken(candidate, this.how)) return;
    const source = sourceOf(candidate, this.how);
    if (typeof source === 'string') return this.leave(candidate, source);
    const namespace = textOf(pod, 'metadata', 'namespace');
    const key =
      source.kind === 'claim'
        ? `${namespace}/${source.claim}`
        : `${namespace}/${textOf(pod, 'metadata', 'name')}/${name}`;
    // Several pods of one claim see the same files.
    if (this.seen.has(key)) return;
    const why = obstacle(candidate);
    if (why !== undefined) return this.leave(candidate, why);
    this.seen.add(key);
    this.saved.push({
      namespace,
      pod: textOf(pod, 'metadata', 'name'),
      podUid: textOf(pod, 'metadata', 'uid'),
      node: textOf(pod, 'spec', 'nodeName'),
      name,
      source,
      podSpec: asObject(pod['spec']),
    });
  }

  private leave({ pod, podVolume, name, volume }: Candidate, reason: string): void {
    const claim = textOf(podVolume, 'persistentVolumeClaim', 'claimName');
    this.leftOut.push({
      ...(claim === '' ? {} : { claim }),
      namespace: textOf(pod, 'metadata', 'namespace'),
      pod: textOf(pod, 'metadata', 'name'),
      name,
      ...(volume === undefined ? {} : { volume: textOf(volume, 'metadata', 'name') }),
      reason,
      asked: namesIn(pod, included).has(name) || volume !== undefined,
    });
  }
}

/** A claim that one pod cannot show and another can is not left out. */
export function chooseVolumes(how: ChoosingVolumes): ChosenVolumes {
  const choosing = new Choosing(how);
  for (const pod of how.pods) for (const candidate of candidatesOf(pod, how)) choosing.consider(candidate);
  const { saved, leftOut } = choosing;
  const volumes = new Set(saved.flatMap(({ source }) => (source.kind === 'claim' ? [source.volume] : [])));
  return { saved, leftOut: leftOut.filter(({ volume }) => volume === undefined || !volumes.has(volume)) };
}
