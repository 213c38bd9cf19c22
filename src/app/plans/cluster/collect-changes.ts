// What the fixes of checks would change in a cluster: edits of live objects and new objects, made in memory and judged again, round by round.

import type { PlannedFix } from '../../../checks/index.ts';
import { editValue } from '../../../fixes/text/edit-value.ts';
import { toObject } from '../../../kube/manifests/parse-manifests.ts';
import {
  asArray,
  asObject,
  type Edit,
  type JsonObject,
  type KubeObject,
  type Owner,
  type Snapshot,
  toText,
} from '../../../model/index.ts';

/** Everything that is wanted of one object. */
export interface WantedChange {
  readonly object: KubeObject;
  readonly isNew: boolean;
  /** What is wanted of it, in order; of a new object no edits. */
  readonly parts: readonly WantedPart[];
}

/** One of the things that are wanted of an object. */
export interface WantedPart {
  /** Why, for a person to agree with. */
  readonly reason: string;
  /** Checks whose findings it closes. */
  readonly closes: readonly string[];
  readonly owner: Owner;
  readonly edits: readonly Edit[];
}

export interface RefusedChange {
  readonly fix: PlannedFix;
  /** The end of a sentence. */
  readonly reason: string;
}

export interface Collected {
  readonly snapshot: Snapshot;
  readonly changes: readonly WantedChange[];
  readonly made: readonly PlannedFix[];
  readonly refused: readonly RefusedChange[];
}

function keyOf({ group, kind, namespace, name }: KubeObject): string {
  return [group, kind, namespace, name].join('/');
}

/** Another object's controller made it, and would make it again as it was. */
function makerOf({ raw }: KubeObject): string | undefined {
  const owner = asArray(asObject(raw['metadata'])['ownerReferences'])
    .map(asObject)
    .find((each) => each['controller'] === true);
  return owner === undefined
    ? undefined
    : `${toText(owner['kind'])} "${toText(owner['name'])}" made it: change that instead`;
}

function obstacleOf({ edits }: PlannedFix): string | undefined {
  for (const { object } of edits) {
    const maker = makerOf(object);
    if (maker !== undefined) return maker;
  }
  return undefined;
}

function partOf({ message, check }: PlannedFix, edits: readonly Edit[]): WantedPart {
  return { reason: message, closes: [check.id], owner: check.owner, edits };
}

class Collecting {
  readonly changes = new Map<string, WantedChange>();
  readonly made: PlannedFix[] = [];
  readonly refused: RefusedChange[] = [];
  private objects: KubeObject[];
  private readonly snapshot: Snapshot;

  constructor(snapshot: Snapshot) {
    this.snapshot = snapshot;
    this.objects = [...snapshot.objects];
  }

  get now(): Snapshot {
    return { ...this.snapshot, objects: this.objects };
  }

  take(fix: PlannedFix): void {
    const reason = obstacleOf(fix);
    if (reason !== undefined) {
      this.refused.push({ fix, reason });
      return;
    }
    for (const { object, edits } of fix.edits) this.edit(object, edits, fix);
    for (const { raw, beside } of fix.create) this.create(raw, beside, fix);
    this.made.push(fix);
  }

  private edit(object: KubeObject, edits: readonly Edit[], fix: PlannedFix): void {
    const key = keyOf(object);
    const index = this.objects.findIndex((each) => keyOf(each) === key);
    const current = this.objects[index];
    if (current === undefined) return;
    const raw = edits.reduce<JsonObject>((value, edit) => asObject(editValue(value, edit)), current.raw);
    this.objects[index] = { ...current, raw };
    const known = this.changes.get(key) ?? { object: current, isNew: false, parts: [] };
    const { isNew } = known;
    // What is new is made as it is wanted: it needs no edits.
    const parts = [...known.parts, partOf(fix, isNew ? [] : edits)];
    this.changes.set(key, { object: isNew ? { ...current, raw } : known.object, isNew, parts });
  }

  private create(raw: JsonObject, beside: KubeObject, fix: PlannedFix): void {
    const object = toObject(raw, beside.source, beside.namespace);
    const key = keyOf(object);
    const known = this.changes.get(key);
    if (known === undefined) this.objects.push(object);
    const parts = [...(known?.parts ?? []), partOf(fix, [])];
    this.changes.set(key, { object: known?.object ?? object, isNew: true, parts });
  }
}

/** What one change brings to light is put right in the next round. */
const mostRounds = 5;

/** `plan` gives the fixes of what fails in a snapshot. Nothing is sent. */
export async function collectChanges(
  snapshot: Snapshot,
  plan: (snapshot: Snapshot) => Promise<readonly PlannedFix[]>,
): Promise<Collected> {
  const collecting = new Collecting(snapshot);
  for (let round = 1; round <= mostRounds; round += 1) {
    const before = collecting.made.length;
    const known = new Set(collecting.refused.map(({ fix }) => `${fix.check.id} ${fix.message}`));
    for (const fix of await plan(collecting.now))
      if (!known.has(`${fix.check.id} ${fix.message}`)) collecting.take(fix);
    if (collecting.made.length === before) break;
  }
  const { now, changes, made, refused } = collecting;
  return { snapshot: now, changes: [...changes.values()], made, refused };
}
