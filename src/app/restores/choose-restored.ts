// Single objects of a backup that somebody wants back, with what they refer to: which they are, and what else they would need in the cluster.

import { compileGlobs, compileKinds, type Contents, type EntryPlace, type RestoreWish } from '../../backup/index.ts';
import { emitPodReferences } from '../../inventory/pod-references.ts';
import { emitObjectReferences } from '../../inventory/object-references.ts';
import type { ReferenceTarget } from '../../inventory/reference.ts';
import { toWorkloads } from '../../inventory/workload.ts';
import { isInEveryNamespace } from '../../kube/made-objects.ts';
import { toObject } from '../../kube/manifests/parse-manifests.ts';
import { sourceInCluster } from '../../kube/manifests/source-in-cluster.ts';
import { asArray, asObject, asString, type JsonObject, UserError } from '../../model/index.ts';
import { adviseName } from '../suggest-name.ts';

export interface ObjectChoice {
  /** `configmap/settings`, `deploy/web*`, as the user wrote them. */
  readonly words: readonly string[];
  /** With the ConfigMaps, Secrets, accounts and claims that they refer to. */
  readonly withRelated: boolean;
}

/** An object that something which comes back refers to. */
export interface RelatedObject {
  readonly groupResource: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** `Deployment shop/web`. */
  readonly from: string;
  readonly isSaved: boolean;
}

export interface ChosenObjects {
  readonly chosen: NonNullable<RestoreWish['chosen']>;
  /** `configmaps shop/settings`, in the order of the archive. */
  readonly names: readonly string[];
  /** What does not come back with them: the cluster must have it. */
  readonly left: readonly RelatedObject[];
  readonly hasClaim: (namespace: string, claim: string) => boolean;
}

/** Kinds that come along, by their resource. */
const relatedKinds: Readonly<Record<string, string>> = {
  ConfigMap: 'configmaps',
  Secret: 'secrets',
  ServiceAccount: 'serviceaccounts',
  PersistentVolumeClaim: 'persistentvolumeclaims',
};

type Key = string;

function keyOf({ groupResource, namespace, name }: Omit<EntryPlace, 'version'>): Key {
  return `${groupResource} ${namespace === '' ? name : `${namespace}/${name}`}`;
}

interface Word {
  readonly text: string;
  readonly kind: string;
  readonly takes: (place: EntryPlace) => boolean;
}

function parseWord(text: string): Word {
  const [, kind, name] = /^([^/]+)\/([^/]+)$/.exec(text) ?? [];
  if (kind === undefined || name === undefined)
    throw new UserError('invalid-option', `"${text}" is no object`, 'Write KIND/NAME, such as configmap/settings.');
  const [isKind, hasName] = [compileKinds([kind]), compileGlobs([name])];
  return { text, kind, takes: (place) => hasName(place.name) && isKind(place) };
}

function notFound({ text, kind }: Word, places: readonly EntryPlace[]): UserError {
  const ofKind = places.filter(compileKinds([kind]));
  const [, name = ''] = text.split('/');
  const advice =
    ofKind.length === 0
      ? adviseName(kind, [...new Set(places.map((each) => each.groupResource))], 'It holds nothing of this kind there.')
      : adviseName(name, [...new Set(ofKind.map((each) => each.name))], 'See backup browse for what it holds.');
  return new UserError('invalid-option', `the backup holds no ${text}`, advice);
}

/** Of an object that is named in full there must be one. */
function requireOne({ text }: Word, found: readonly EntryPlace[]): void {
  if (found.length < 2 || /[*?[{]/.test(text)) return;
  const places = found.map(({ namespace }) => namespace).filter((each) => each !== '');
  const what = `${text} is in several namespaces of the backup: ${places.join(', ')}`;
  throw new UserError('invalid-option', what, 'Name one with -n.');
}

/** References of saved objects are looked at without positions. */
const source = sourceInCluster();

/** Names of the related kinds in an object; what every namespace has by itself is none that could be missing. */
function referencesOf(raw: JsonObject, namespace: string): ReferenceTarget[] {
  const found: ReferenceTarget[] = [];
  const emit = (target: ReferenceTarget): void => void found.push(target);
  const object = toObject(raw, source, namespace);
  for (const workload of toWorkloads(object)) emitPodReferences(workload, emit);
  emitObjectReferences(object, emit);
  return found.filter((each) => each.group === '' && each.kind in relatedKinds && !isInEveryNamespace(each));
}

/** Claims that a StatefulSet has made are called after its templates: `data-db-0`. */
function claimsOfSet({ kind, metadata, spec }: JsonObject): (name: string) => boolean {
  if (kind !== 'StatefulSet') return () => false;
  const own = asString(asObject(metadata)['name']) ?? '';
  const templates = asArray(asObject(spec)['volumeClaimTemplates']).map(
    (each) => asString(asObject(asObject(each)['metadata'])['name']) ?? '',
  );
  const prefixes = templates.map((template) => `${template}-${own}-`);
  return (name) => prefixes.some((prefix) => name.startsWith(prefix) && /^\d+$/.test(name.slice(prefix.length)));
}

function titleOf({ kind }: JsonObject, { namespace, name }: EntryPlace): string {
  return `${asString(kind) ?? ''} ${namespace === '' ? '' : `${namespace}/`}${name}`;
}

class Choosing {
  readonly taken = new Map<Key, EntryPlace>();
  private readonly left = new Map<Key, RelatedObject>();
  private readonly byKey: ReadonlyMap<Key, Contents['entries'][number]>;
  /** Of the whole archive: they are looked through for each StatefulSet. */
  private readonly claims: readonly EntryPlace[];
  private readonly contents: Contents;
  private readonly withRelated: boolean;

  constructor(contents: Contents, withRelated: boolean) {
    this.contents = contents;
    this.withRelated = withRelated;
    const places = contents.entries.map(({ place }) => place);
    this.claims = places.filter(({ groupResource }) => groupResource === 'persistentvolumeclaims');
    this.byKey = new Map(contents.entries.map((entry) => [keyOf(entry.place), entry]));
  }

  /** With all that it refers to, and what that refers to. */
  async take(place: EntryPlace): Promise<void> {
    const key = keyOf(place);
    const entry = this.byKey.get(key);
    if (entry === undefined || this.taken.has(key)) return;
    this.taken.set(key, place);
    const raw = await this.contents.read(entry);
    for (const target of referencesOf(raw, place.namespace)) await this.meet(target, titleOf(raw, place));
    if (this.withRelated) for (const claim of this.claimsOf(raw, place)) await this.take(claim);
  }

  private claimsOf(raw: JsonObject, { namespace }: EntryPlace): EntryPlace[] {
    const isOwn = claimsOfSet(raw);
    return this.claims.filter((each) => each.namespace === namespace && isOwn(each.name));
  }

  private async meet({ kind, namespace, name, optional }: ReferenceTarget, from: string): Promise<void> {
    const place = { groupResource: relatedKinds[kind] ?? '', namespace, name };
    const isSaved = this.byKey.has(keyOf(place));
    if (this.withRelated && isSaved) await this.take(place);
    else if (!optional) this.left.set(keyOf(place), { ...place, kind, from, isSaved });
  }

  /** What was taken after all, by another word, is not left. */
  leftOver(): readonly RelatedObject[] {
    return [...this.left].flatMap(([key, related]) => (this.taken.has(key) ? [] : [related]));
  }
}

/** Throws `UserError` for a word that means no object of the backup, or one in several namespaces. */
export async function chooseRestored(
  contents: Contents,
  { words, withRelated }: ObjectChoice,
  takesNamespace: (namespace: string) => boolean,
): Promise<ChosenObjects> {
  const places = contents.entries
    .map(({ place }) => place)
    .filter(({ namespace }) => namespace === '' || takesNamespace(namespace));
  const choosing = new Choosing(contents, withRelated);
  for (const word of words.map(parseWord)) {
    const found = places.filter(word.takes);
    if (found.length === 0) throw notFound(word, places);
    requireOne(word, found);
    for (const place of found) await choosing.take(place);
  }
  const { taken } = choosing;
  return {
    chosen: {
      takes: (place) => taken.has(keyOf(place)),
      // The volume of a claim is part of it; all else of the cluster is shared with others.
      pulls: ({ groupResource }) => withRelated || groupResource === 'persistentvolumes',
    },
    names: contents.entries.map(({ place }) => keyOf(place)).filter((key) => taken.has(key)),
    left: choosing.leftOver(),
    hasClaim: (namespace, name) => taken.has(keyOf({ groupResource: 'persistentvolumeclaims', namespace, name })),
  };
}
