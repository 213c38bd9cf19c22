// Tries one change of a cluster: what to send for it, what the server would make of it, and what others hold.

import { editValue } from '../../../fixes/text/edit-value.ts';
import { stripDefaults } from '../../../kube/defaults/strip-defaults.ts';
import { type ApplyTypes, layOver, toApplyConfig } from '../../../kube/live/apply-config.ts';
import { formersOf, withoutFormer } from '../../../kube/live/former.ts';
import { diffToPatch, toPath } from '../../../kube/live/json-patch.ts';
import { appliedBy } from '../../../kube/live/managers.ts';
import { withoutOwn } from '../../../kube/live/own-fields.ts';
import { reconcilersOf } from '../../../kube/live/reconcilers.ts';
import { stableText } from '../../../kube/live/stable-form.ts';
import { writersOf } from '../../../kube/managed-fields.ts';
import { nodeOfKind, type Schemas } from '../../../kube/schema/index.ts';
import {
  asObject,
  type ClusterAction,
  type Inverse,
  isSameJson,
  type JsonObject,
  type ObjectRef,
  type PlanInput,
  type PlanStep,
  toJsonPointer,
  UserError,
  valueAt,
} from '../../../model/index.ts';
import { type FieldConflict, fieldManager, readConflicts, readLive, refOf, toInput } from '../../../targets/index.ts';
import { stepId } from '../plan-made.ts';
import { keepable, tellsSecret, withoutSecretTests } from '../secret-free.ts';
import type { WantedChange, WantedPart } from './collect-changes.ts';
import type { ConnectedCluster } from './open-site.ts';
import { conflictRefusal, nameOf, Refusal, type RefusedStep } from './refusals.ts';
import { showChange } from './show-change.ts';

/** What the server says to a step; '' where nothing would change. */
export interface StepPreview {
  readonly step: string;
  readonly diff: string;
  /** It could not be tried: its namespace comes with the plan. */
  readonly untried?: true;
}

export interface ChangePlanning {
  readonly cluster: ConnectedCluster;
  readonly schemas: Schemas;
  readonly minor: number;
  /** Managers whose fields may be taken over. */
  readonly takeOver: readonly string[];
  readonly progress: (what: string) => void;
}

/** One change on its way into the plan. */
export interface Draft {
  readonly change: WantedChange;
  readonly object: JsonObject;
  readonly isNew: boolean;
}

export interface Tried {
  readonly draft: Draft;
  readonly step: PlanStep;
  readonly input: PlanInput;
  readonly preview: StepPreview;
  /** Parts of the change that are left out. */
  readonly held: readonly RefusedStep[];
  readonly answer: JsonObject;
}

interface Read {
  readonly live: JsonObject | undefined;
  readonly wanted: JsonObject;
  readonly held: readonly { readonly part: WantedPart; readonly conflicts: readonly FieldConflict[] }[];
  /** Pointers to what we set before and nobody wants any more. */
  readonly gone: readonly string[];
}

export function refuse({ change }: Draft, { facts }: Refusal): RefusedStep {
  const object = refOfChange(change.object);
  const closes = [...new Set(change.parts.flatMap((part) => part.closes))];
  const title = `${change.isNew ? 'Create' : 'Change'} ${nameOf(object)}`;
  return { object, title, closes, conflicts: [], ...facts };
}

/** Who holds fields that a patch goes over: a patch asks nobody. */
function patchConflicts(live: JsonObject, action: ClusterAction, takeOver: readonly string[]): FieldConflict[] {
  if (action.kind !== 'patch') return [];
  const changed = action.patch.filter(({ op }) => op !== 'test');
  return changed.flatMap(({ path }) =>
    writersOf(live, toPath(live, path))
      .map(({ manager }) => manager)
      .filter((manager) => manager !== fieldManager && !takeOver.includes(manager))
      .map((manager) => ({ manager, field: path })),
  );
}

export function placed(raw: JsonObject, namespace: string): JsonObject {
  return namespace === '' ? raw : { ...raw, metadata: { ...asObject(raw['metadata']), namespace } };
}

/** Pointers to what is gone. */
function lostFields(before: JsonObject, after: JsonObject): string[] {
  return diffToPatch(before, after)
    .filter(({ op }) => op === 'remove' || op === 'replace')
    .map(({ path }) => path);
}

function withKind(raw: JsonObject, { apiVersion, kind }: JsonObject): JsonObject {
  return { ...raw, apiVersion, kind };
}

export function refOfChange({ apiVersion, kind, namespace, name }: WantedChange['object']): ObjectRef {
  return { apiVersion, kind, namespace, name };
}

interface StepParts {
  readonly action: ClusterAction;
  readonly inverse: Inverse;
  readonly ref: ObjectRef;
  readonly live: JsonObject | undefined;
  readonly id: string;
  readonly gone: readonly string[];
}

function remarksOf({ live, action, gone }: Pick<StepParts, 'live' | 'action' | 'gone'>): string[] {
  const keepers = live === undefined ? [] : reconcilersOf(live).map(({ who, next }) => `${who} ${next}`);
  const taken = action.kind === 'apply' ? action.takeOver : [];
  const holders = new Set(live === undefined ? [] : writersOf(live, []).map(({ manager }) => manager));
  return [
    ...keepers,
    ...taken.filter((manager) => holders.has(manager)).map((manager) => `fields of ${manager} may be taken over`),
    ...(gone.length === 0 ? [] : [`no longer wanted, and set by an earlier plan: ${gone.join(', ')}`]),
  ];
}

function toStep({ parts }: WantedChange, stepParts: StepParts): PlanStep {
  const { action, inverse, ref, id } = stepParts;
  const reasons = [...new Set(parts.map(({ reason }) => reason))];
  const remarks = remarksOf(stepParts);
  return {
    id,
    title: `${action.kind === 'create' ? 'Create' : 'Change'} ${nameOf(ref)}`,
    reason: reasons.join('; '),
    closes: [...new Set(parts.flatMap(({ closes }) => closes))],
    owner: parts[0]?.owner ?? 'developer',
    ...(remarks.length === 0 ? {} : { remarks }),
    action,
    inverse,
    after: [],
  };
}

export class Planning {
  private readonly planning: ChangePlanning;

  constructor(planning: ChangePlanning) {
    this.planning = planning;
  }

  /** The live object, what it is to become, and the parts that others' fields stand in the way of. */
  private async read(change: WantedChange): Promise<Read> {
    const { object, isNew, parts } = change;
    const live = await readLive(this.planning.cluster, refOfChange(object));
    if (isNew) {
      const wanted = placed(object.raw, object.namespace);
      return { live, held: [], ...(live === undefined ? { wanted, gone: [] } : this.laidOver(live, wanted)) };
    }
    const isSame =
      live !== undefined && (object.kind === 'Secret' || stableText(live) === stableText(withKind(object.raw, live)));
    if (live === undefined || !isSame)
      throw new Refusal({
        kind: 'changed',
        owner: 'developer',
        message: 'it was changed while the plan was made: run the command again',
      });
    const held = parts
      .map((part) => ({ part, conflicts: this.conflictsOf(live, part) }))
      .filter(({ conflicts }) => conflicts.length > 0);
    const free = parts.filter((part) => held.every((each) => each.part !== part));
    if (free.length === 0) throw conflictRefusal(held.flatMap(({ conflicts }) => conflicts));
    const edits = free.flatMap((part) => part.edits);
    const wanted = edits.reduce<JsonObject>((value, edit) => asObject(editValue(value, edit)), live);
    return { live, wanted, held, gone: [] };
  }

  private typesOf(live: JsonObject): ApplyTypes {
    const { schemas, minor } = this.planning;
    const nearest = schemas.nearestMinor(minor);
    return { types: schemas.typesAt(nearest), node: nodeOfKind(schemas, nearest, live) };
  }

  /**
   * What a new object is where there is one already: the old one with the fields of the new. What we declared before and the files do not say any more
   * goes; of another tool it goes where that tool may be taken over, else it stands in the way.
   */
  private laidOver(live: JsonObject, wanted: JsonObject): Pick<Read, 'wanted' | 'gone'> {
    const types = this.typesOf(live);
    let under = live;
    const held: FieldConflict[] = [];
    for (const former of formersOf(types, live)) {
      const { manager } = former;
      const without = withoutFormer(types, under, former, wanted);
      if (manager === fieldManager) continue;
      if (this.planning.takeOver.includes(manager)) under = without;
      else held.push(...lostFields(under, without).map((field) => ({ manager, field })));
    }
    if (held.length > 0) throw conflictRefusal(held);
    const explicit = stripDefaults(this.planning.schemas, this.planning.minor, under);
    const left = withoutOwn(types, { live: under, wanted, explicit }, fieldManager);
    const removed = diffToPatch(under, left).filter(({ op }) => op === 'remove');
    return {
      wanted: { ...layOver(types, left, wanted), status: live['status'] },
      gone: removed.map(({ path }) => path),
    };
  }

  /** Fields that others hold and a part would change. What is not there yet is nobody's. */
  private conflictsOf(live: JsonObject, { edits }: WantedPart): FieldConflict[] {
    const changed = edits.filter(({ path }) => valueAt(live, path) !== undefined && path.length > 0);
    const real = changed.filter((edit) => !isSameJson(asObject(editValue(live, edit)), live));
    return real.flatMap(({ path }) =>
      writersOf(live, path)
        .map(({ manager }) => manager)
        .filter((manager) => manager !== fieldManager && !this.planning.takeOver.includes(manager))
        .map((manager) => ({ manager, field: toJsonPointer(path) })),
    );
  }

  private actionFor(live: JsonObject | undefined, wanted: JsonObject): ClusterAction {
    const { takeOver } = this.planning;
    if (live === undefined) return { kind: 'create', object: wanted };
    const object = toApplyConfig(this.typesOf(live), { live, wanted, owned: appliedBy(live, fieldManager) });
    if (object !== undefined) return { kind: 'apply', object, takeOver };
    return { kind: 'patch', object: refOf(live), patch: withoutSecretTests(diffToPatch(live, wanted)) };
  }

  async try(draft: Draft, taken: ReadonlySet<string>, newNamespaces: ReadonlySet<string>): Promise<Tried> {
    const { live, wanted, held, gone } = await this.read(draft.change);
    const change = {
      ...draft.change,
      parts: draft.change.parts.filter((part) => held.every((each) => each.part !== part)),
    };
    const action = this.actionFor(live, wanted);
    if (tellsSecret(action))
      throw new Refusal({
        kind: 'secret',
        owner: 'developer',
        message: 'the change holds the value of a secret, which no plan may',
      });
    const ref = refOf(wanted);
    const input = toInput(ref, live);
    const isUntried = live === undefined && newNamespaces.has(ref.namespace);
    const { inverse, diff, answer } = isUntried
      ? {
          inverse: { kind: 'delete', object: ref } as const,
          diff: showChange(nameOf(ref), { before: undefined, after: wanted }),
          answer: wanted,
        }
      : await this.rehearse(action, input, live);
    const step = toStep(change, { action, inverse, ref, live, id: stepId(nameOf(ref), taken), gone });
    const preview: StepPreview = { step: step.id, diff, ...(isUntried ? { untried: true } : {}) };
    return {
      draft,
      step,
      input,
      preview,
      answer,
      held: held.map(({ part, conflicts }) =>
        refuse({ ...draft, change: { ...draft.change, parts: [part] } }, conflictRefusal(conflicts)),
      ),
    };
  }

  private async rehearse(
    action: ClusterAction,
    input: PlanInput,
    live: JsonObject | undefined,
  ): Promise<{ inverse: Inverse; diff: string; answer: JsonObject }> {
    const { cluster, takeOver } = this.planning;
    const held = patchConflicts(live ?? {}, action, takeOver);
    if (held.length > 0) throw conflictRefusal(held);
    try {
      const { inverse, ...written } = await cluster.site.rehearse(action, input);
      const answer = written.after ?? {};
      return { inverse: keepable(inverse), diff: showChange(nameOf(refOf(answer)), written), answer };
    } catch (error) {
      const conflicts = error instanceof UserError ? readConflicts(error.cause ?? error) : [];
      const others = conflicts.filter(({ manager }) => manager !== fieldManager && !takeOver.includes(manager));
      throw others.length > 0 ? conflictRefusal(others) : error;
    }
  }
}
