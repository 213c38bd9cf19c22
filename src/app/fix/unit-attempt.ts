// One try of a unit's changes: what was meant, what the rendering made of it, and what is left to try after that.

import { findDifferences, identityOf, includes } from '../../fixes/index.ts';
import { parseApiVersion } from '../../kube/api-version.ts';
import { isClusterScoped } from '../../kube/scope.ts';
import {
  asObject,
  asString,
  type Change,
  isSameJson,
  type JsonObject,
  type KubeObject,
  type NewObject,
  type Snapshot,
  valueAt,
} from '../../model/index.ts';

/**
 * Where the edits of a change go. A chart: into its values, else into its template, else into the overlay behind it. A kustomization: into the base that others
 * share, else into what is its own. `patch` is the overlay without its fields for images and replicas, which are about every object of a name.
 */
export type Route = 'values' | 'template' | 'base' | 'overlay' | 'patch';

export interface Attempt<T extends Change> {
  readonly wishes: readonly T[];
  /** The first of the unit's routes where a change has none. */
  readonly routes: ReadonlyMap<Change, Route>;
}

/** What the rendering is to be. */
export interface Meant {
  readonly objects: ReadonlyMap<string, JsonObject>;
  readonly created: ReadonlyMap<string, JsonObject>;
}

export interface Refusal<T> {
  readonly wish: T;
  readonly reason: string;
}

/** Objects that a change is about or stands beside. */
export function objectsOf({ edits, create, remove = [] }: Change): KubeObject[] {
  return [...edits.map(({ object }) => object), ...create.map(({ beside }) => beside), ...remove];
}

export function newIdentity({ raw, beside }: NewObject): string {
  const { group } = parseApiVersion(asString(raw['apiVersion']) ?? '');
  const kind = asString(raw['kind']) ?? '';
  const { name, namespace } = asObject(raw['metadata']);
  const where = isClusterScoped(group, kind) ? '' : (asString(namespace) ?? beside.namespace);
  return [group, kind, where, asString(name) ?? ''].join('/');
}

function withoutNamespace(raw: JsonObject): JsonObject {
  const { namespace: _, ...metadata } = asObject(raw['metadata']);
  return { ...raw, metadata };
}

export function createdBy(wishes: readonly Change[]): Map<string, JsonObject> {
  return new Map(wishes.flatMap(({ create }) => create).map((each) => [newIdentity(each), withoutNamespace(each.raw)]));
}

/** Identities of what did not render as meant. */
export function wrongIn({ objects, created }: Meant, rendered: Snapshot): string[] {
  const found = new Map(rendered.objects.map((object) => [identityOf(object), object.raw]));
  const missing = [...created].filter(([id, raw]) => !includes(found.get(id), raw)).map(([id]) => id);
  for (const id of created.keys()) found.delete(id);
  return [...missing, ...findDifferences(objects, found)];
}

function nameOf(id: string): string {
  const [, kind = '', , name = ''] = id.split('/');
  return `${kind} "${name}"`;
}

/** What came of an attempt. */
export interface Outcome {
  /** Identities of what did not render as meant. */
  readonly wrong: readonly string[];
  readonly meant: Meant;
  readonly now: ReadonlyMap<string, JsonObject>;
}

/** True for a change of which a field is not as meant, or that has changed the same field of something else. */
export function isBlamed(wish: Change, { wrong, meant, now }: Outcome): boolean {
  if (wish.create.some((each) => wrong.includes(newIdentity(each)))) return true;
  if (wish.remove?.some((object) => wrong.includes(identityOf(object))) === true) return true;
  return wish.edits.some(({ object, edits }) => {
    const others = wrong.filter((id) => meant.objects.has(id));
    return edits.some(({ path }) =>
      [identityOf(object), ...others].some(
        (id) => !isSameJson(valueAt(now.get(id), path), valueAt(meant.objects.get(id), path)),
      ),
    );
  });
}

/** `where` is another kustomization that shares a file, where it went wrong. */
export function tellWrong({
  wrong: [first = ''],
  where,
}: Pick<Outcome, 'wrong'> & { readonly where?: string | undefined }): string {
  const place = where === undefined ? '' : ` of ${where}`;
  return `rendered again, ${nameOf(first)}${place} would not be exactly as planned`;
}

/** The next place to try; nothing after the last. */
export function nextRoute(routes: readonly Route[], route: Route): Route | undefined {
  return routes[routes.indexOf(route) + 1];
}
