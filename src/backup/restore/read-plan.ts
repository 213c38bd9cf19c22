// The first look at the objects: what is to be restored, and what must be known before the first object is.

import { asArray, asObject, asString, type JsonObject, pushTo } from '../../model/index.ts';
import type { EntryPlace } from '../archive/entry-names.ts';
import { claimsOfPod } from '../collect/related.ts';
import { snapshotOfClaim } from '../snapshots/restore-objects.ts';
import { contentResource, snapshotResource } from '../snapshots/snapshot-words.ts';
import { requireOpen } from '../seal/seal-secrets.ts';
import type { Contents, IndexedEntry } from './contents.ts';
import { isRestorable, lastingOwners } from './prepare-object.ts';
import { type StageName, stageOfResource } from './stages.ts';

export interface PlannedItem {
  readonly entry: IndexedEntry;
  /** Its old identity where others wait for it; else ''. */
  readonly uid: string;
  /** Old identities of its owners that come back. */
  readonly owners: readonly string[];
}

export interface RestorePlan {
  readonly stages: ReadonlyMap<StageName, readonly PlannedItem[]>;
  readonly total: number;
  /** `namespace/name` of the accounts in the backup. */
  readonly accounts: ReadonlySet<string>;
  /** Resources whose definition comes back: `widgets.shop.example.com`. */
  readonly definitions: ReadonlySet<string>;
  /** Old namespaces of what is restored. */
  readonly namespaces: ReadonlySet<string>;
  /** Namespaces whose own object is restored. */
  readonly namespaceObjects: ReadonlySet<string>;
  /** Claims that come back with a snapshot. */
  readonly snapshotClaims: readonly SnapshotClaim[];
}

/** As saved: a claim, and the snapshot that holds its data. */
export interface SnapshotClaim {
  readonly namespace: string;
  readonly claim: string;
  readonly snapshot: string;
}

interface Taken {
  readonly entry: IndexedEntry;
  readonly uid: string;
  readonly owners: readonly string[];
}

function uidOf(object: JsonObject): string {
  return asString(asObject(object['metadata'])['uid']) ?? '';
}

const nobody: readonly string[] = [];

function ownersOf(object: JsonObject): readonly string[] {
  const owners = lastingOwners(object).map((owner) => asString(owner['uid']) ?? '');
  return owners.length === 0 ? nobody : owners;
}

export interface Taking {
  readonly takes: (place: EntryPlace, object: JsonObject) => boolean;
  /** Whether an object of the cluster, or a claim, comes back because one that is taken needs it. */
  readonly pulls: (place: EntryPlace) => boolean;
  /** Whether claims are filled from their snapshots. */
  readonly snapshots: boolean;
}

const priorityClasses = 'priorityclasses.scheduling.k8s.io';

interface Left extends Taken {
  /** A claim itself: what it needs comes with it. */
  readonly claim?: JsonObject;
  /** Of the content of a snapshot, that snapshot: it comes back with it. */
  readonly snapshot: string;
}

const claims = 'persistentvolumeclaims';

/** Objects that others need: the claims and the priority class of a pod, the volume and the snapshot of a claim, the definition of a custom resource. */
class Needed {
  readonly snapshotClaims: SnapshotClaim[] = [];
  private readonly keys = new Set<string>();

  note({ groupResource, namespace }: EntryPlace, object: JsonObject): void {
    if (groupResource.includes('.')) this.keys.add(`customresourcedefinitions.apiextensions.k8s.io ${groupResource}`);
    if (groupResource === 'pods') this.notePod(namespace, asObject(object['spec']));
    if (groupResource === claims) this.noteClaim(object);
  }

  private notePod(namespace: string, spec: JsonObject): void {
    this.keys.add(`${priorityClasses} ${asString(spec['priorityClassName']) ?? ''}`);
    for (const name of claimsOfPod(spec)) this.keys.add(`${claims} ${namespace}/${name}`);
  }

  private noteClaim(object: JsonObject): void {
    const { namespace, name } = asObject(object['metadata']);
    this.keys.add(`persistentvolumes ${asString(asObject(object['spec'])['volumeName']) ?? ''}`);
    const snapshot = snapshotOfClaim(object);
    if (snapshot === undefined) return;
    this.snapshotClaims.push({ namespace: asString(namespace) ?? '', claim: asString(name) ?? '', snapshot });
    this.keys.add(`${snapshotResource} ${asString(namespace) ?? ''}/${snapshot}`);
  }

  has({ entry: { place }, snapshot }: Left, { pulls, snapshots }: Taking): boolean {
    if (snapshot !== '') return snapshots && this.keys.has(`${snapshotResource} ${snapshot}`);
    const name = place.namespace === '' ? place.name : `${place.namespace}/${place.name}`;
    return this.keys.has(`${place.groupResource} ${name}`) && pulls(place);
  }
}

/** '' for what is neither a snapshot nor the content of one. */
function snapshotKeyOf({ groupResource, namespace, name }: EntryPlace, object: JsonObject): string {
  if (groupResource === snapshotResource) return `${namespace}/${name}`;
  if (groupResource !== contentResource) return '';
  const reference = asObject(asObject(object['spec'])['volumeSnapshotRef']);
  return `${asString(reference['namespace']) ?? ''}/${asString(reference['name']) ?? ''}`;
}

function mayBeNeeded({ groupResource, namespace }: EntryPlace, snapshot: string): boolean {
  return snapshot !== '' || namespace === '' || groupResource === claims;
}

/** Claims first: they need volumes and snapshots. */
function pulledFrom(left: readonly Left[], needed: Needed, taking: Taking): Left[] {
  for (const each of left)
    if (each.claim !== undefined && needed.has(each, taking)) needed.note(each.entry.place, each.claim);
  return left.filter((each) => needed.has(each, taking));
}

interface AllTaken {
  readonly taken: Taken[];
  readonly snapshotClaims: readonly SnapshotClaim[];
}

async function readTaken({ entries, read }: Contents, taking: Taking): Promise<AllTaken> {
  const taken: Taken[] = [];
  const left: Left[] = [];
  const needed = new Needed();
  for (const entry of entries) {
    const { place } = entry;
    if (!isRestorable(place.groupResource)) continue;
    const object = await read(entry);
    const item = { entry, uid: uidOf(object), owners: ownersOf(object) };
    const snapshot = snapshotKeyOf(place, object);
    if (snapshot === '' && taking.takes(place, object)) {
      requireOpen(object);
      taken.push(item);
      needed.note(place, object);
    } else if (mayBeNeeded(place, snapshot))
      left.push({ ...item, snapshot, ...(place.groupResource === claims ? { claim: object } : {}) });
  }
  return {
    taken: [...taken, ...pulledFrom(left, needed, taking)],
    snapshotClaims: taking.snapshots ? needed.snapshotClaims : [],
  };
}

/** An owner that does not come back is waited for by nobody. */
function sortIntoStages(taken: readonly Taken[], definitions: ReadonlySet<string>): RestorePlan['stages'] {
  const present = new Set(taken.map(({ uid }) => uid));
  const wanted = new Set(taken.flatMap(({ owners }) => owners).filter((uid) => uid !== '' && present.has(uid)));
  const stages = new Map<StageName, PlannedItem[]>();
  for (const { entry, uid, owners } of taken) {
    const stage = stageOfResource(entry.place.groupResource, (name) => definitions.has(name));
    const awaited = owners.length === 0 ? nobody : owners.filter((owner) => owner !== uid && wanted.has(owner));
    pushTo(stages, stage, { entry, uid: wanted.has(uid) ? uid : '', owners: awaited });
  }
  return stages;
}

/** One pass over the objects. Throws `UserError` where one of them cannot be read. */
export async function readPlan(contents: Contents, taking: Taking): Promise<RestorePlan> {
  const { taken, snapshotClaims } = await readTaken(contents, taking);
  const places = taken.map(({ entry }) => entry.place);
  const of = (resource: string): EntryPlace[] => places.filter(({ groupResource }) => groupResource === resource);
  const definitions = new Set(of('customresourcedefinitions.apiextensions.k8s.io').map(({ name }) => name));
  return {
    stages: sortIntoStages(taken, definitions),
    definitions,
    total: taken.length,
    accounts: new Set(of('serviceaccounts').map(({ namespace, name }) => `${namespace}/${name}`)),
    namespaces: new Set(places.flatMap(({ namespace }) => (namespace === '' ? [] : [namespace]))),
    namespaceObjects: new Set(of('namespaces').map(({ name }) => name)),
    snapshotClaims,
  };
}

/** Names of those owners, for a message. */
export function ownerNames(object: JsonObject, uids: readonly string[]): string {
  return asArray(asObject(object['metadata'])['ownerReferences'])
    .filter((owner) => uids.includes(asString(asObject(owner)['uid']) ?? ''))
    .map((owner) => `${asString(asObject(owner)['kind']) ?? ''} "${asString(asObject(owner)['name']) ?? ''}"`)
    .join(', ');
}
