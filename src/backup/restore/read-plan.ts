// The first look at an archive: what is to be restored, and what must be known before the first object is.

import { asArray, asObject, asString, type JsonObject } from '../../model/index.ts';
import type { EntryPlace } from '../archive/entry-names.ts';
import { parseEntry, type ReadEntry } from '../archive/read-archive.ts';
import { isRestorable, lastingOwners } from './prepare-object.ts';
import { waveCount, waveOfResource } from './waves.ts';

export interface RestorePlan {
  /** Objects in each wave. */
  readonly waves: readonly number[];
  readonly total: number;
  /** `namespace/name` of the accounts in the backup. */
  readonly accounts: ReadonlySet<string>;
  /** Old identities of objects that others name as their owners and that come back. */
  readonly owners: ReadonlySet<string>;
  /** Old namespaces of what is restored. */
  readonly namespaces: ReadonlySet<string>;
  /** Namespaces whose own object is restored. */
  readonly namespaceObjects: ReadonlySet<string>;
  /** The version of each resource that is read: the classic path where there is one. */
  readonly isRead: (place: EntryPlace) => boolean;
}

function uidOf(object: JsonObject): string {
  return asString(asObject(object['metadata'])['uid']) ?? '';
}

class Planning {
  readonly waves: number[] = Array.from({ length: waveCount }, () => 0);
  readonly accounts = new Set<string>();
  readonly namespaces = new Set<string>();
  readonly namespaceObjects = new Set<string>();
  readonly classic = new Set<string>();
  readonly preferred = new Map<string, string>();
  private readonly present = new Set<string>();
  private readonly wanted = new Set<string>();

  note(place: EntryPlace, object: JsonObject): void {
    const { groupResource, namespace, name } = place;
    const wave = waveOfResource(groupResource);
    this.waves[wave] = (this.waves[wave] ?? 0) + 1;
    if (groupResource === 'serviceaccounts') this.accounts.add(`${namespace}/${name}`);
    if (groupResource === 'namespaces') this.namespaceObjects.add(name);
    if (namespace !== '') this.namespaces.add(namespace);
    this.present.add(uidOf(object));
    for (const owner of lastingOwners(object)) this.wanted.add(asString(owner['uid']) ?? '');
  }

  owners(): ReadonlySet<string> {
    return new Set([...this.wanted].filter((uid) => uid !== '' && this.present.has(uid)));
  }
}

/** The old path is there in every format; without it the path of the preferred version is read. */
function isClassic({ version }: EntryPlace): boolean {
  return version === undefined;
}

export interface PlanInput {
  readonly entries: () => AsyncIterable<ReadEntry>;
  readonly where: string;
  readonly takes: (place: EntryPlace, object: JsonObject) => boolean;
}

/** One pass over the archive. Throws `UserError` where it cannot be trusted. */
export async function readPlan({ entries, where, takes }: PlanInput): Promise<RestorePlan> {
  const planning = new Planning();
  const isRead = await chooseVersions(entries);
  for await (const entry of entries()) {
    const { place } = entry;
    if (!isRead(place) || !isRestorable(place.groupResource)) continue;
    const object = parseEntry(entry, where);
    if (takes(place, object)) planning.note(place, object);
  }
  const { waves, accounts, namespaces, namespaceObjects } = planning;
  const total = waves.reduce((sum, each) => sum + each, 0);
  return { waves, total, accounts, namespaces, namespaceObjects, owners: planning.owners(), isRead };
}

/** Resources that stand only below a version: of those the preferred one is read. */
async function chooseVersions(entries: PlanInput['entries']): Promise<RestorePlan['isRead']> {
  const classic = new Set<string>();
  const preferred = new Map<string, string>();
  for await (const { place } of entries()) {
    if (isClassic(place)) classic.add(place.groupResource);
    else if (place.version?.endsWith('-preferredversion') === true) preferred.set(place.groupResource, place.version);
  }
  return (place) =>
    classic.has(place.groupResource) ? isClassic(place) : preferred.get(place.groupResource) === place.version;
}

/** Names of owners, for a message. */
export function ownerNames(object: JsonObject): string {
  return asArray(asObject(object['metadata'])['ownerReferences'])
    .map((owner) => `${asString(asObject(owner)['kind']) ?? ''} "${asString(asObject(owner)['name']) ?? ''}"`)
    .join(', ');
}
