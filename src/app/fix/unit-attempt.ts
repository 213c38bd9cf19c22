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

export interface Attempt<T extends Change> {
  readonly wishes: readonly T[];
  /** Objects whose edits go into the template, as the values did not do. */
  readonly inTemplate: ReadonlySet<string>;
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

export interface Next<T extends Change> {
  readonly attempt: Attempt<T>;
  readonly refused: readonly Refusal<T>[];
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

export function leaveOut<T extends Change>(attempt: Attempt<T>, reasonFor: (wish: T) => string | undefined): Next<T> {
  const refused = attempt.wishes.flatMap((wish) => {
    const reason = reasonFor(wish);
    return reason === undefined ? [] : [{ wish, reason }];
  });
  const left = new Set(refused.map(({ wish }) => wish));
  return { attempt: { ...attempt, wishes: attempt.wishes.filter((wish) => !left.has(wish)) }, refused };
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
  /** What it renders to; empty where it cannot be rendered at all. */
  readonly now: ReadonlyMap<string, JsonObject>;
  readonly isChart: boolean;
}

/** True for a change of which a field is not as meant, or that has changed the same field of something else. */
function isBlamed(wish: Change, { wrong, meant, now }: Outcome): boolean {
  if (wish.create.some((each) => wrong.includes(newIdentity(each)))) return true;
  return wish.edits.some(({ object, edits }) => {
    const others = wrong.filter((id) => meant.objects.has(id));
    return edits.some(({ path }) =>
      [identityOf(object), ...others].some(
        (id) => !isSameJson(valueAt(now.get(id), path), valueAt(meant.objects.get(id), path)),
      ),
    );
  });
}

/** Edits of values that did not do are tried in the template; what does not do there either is left to a person. */
export function nextAttempt<T extends Change>(attempt: Attempt<T>, outcome: Outcome): Next<T> {
  const blamed = attempt.wishes.filter((wish) => isBlamed(wish, outcome));
  const suspects = blamed.length > 0 ? blamed : attempt.wishes;
  const edited = suspects.flatMap(({ edits }) => edits.map(({ object }) => identityOf(object)));
  const movable = edited.filter((id) => !attempt.inTemplate.has(id));
  if (outcome.isChart && movable.length > 0)
    return { attempt: { ...attempt, inTemplate: new Set([...attempt.inTemplate, ...movable]) }, refused: [] };
  const [first = ''] = outcome.wrong;
  const reason = `rendered again, ${nameOf(first)} would not be exactly as planned`;
  return leaveOut(attempt, (wish) => (suspects.includes(wish) ? reason : undefined));
}
