// Fixes of objects that charts and kustomizations render: edits of the user's own files, rendered again in a copy, and made only where the rendering is
// exactly as wished.

import { dirname, resolve, sep } from 'node:path';
import {
  createKustomized,
  createTemplates,
  type DraftFile,
  editKustomized,
  editRendered,
  editValue,
  FileDrafts,
  findDifferences,
  identityOf,
  type KustomizeUnit,
} from '../../fixes/index.ts';
import { Positions } from '../../inventory/index.ts';
import { loadSchemas, type Schemas } from '../../kube/schema/index.ts';
import { parseYaml } from '../../kube/yaml/index.ts';
import {
  asObject,
  type Change,
  type Edit,
  type Json,
  type JsonObject,
  type KubeObject,
  type Snapshot,
} from '../../model/index.ts';
import {
  copyForTrial,
  type ReadOptions,
  readUnitFiles,
  type TrialCopy,
  type TrialUnit,
  type UnitFiles,
} from '../../sources/index.ts';
import { joinUnit } from './join-unit.ts';
import {
  type Attempt,
  createdBy,
  leaveOut,
  type Meant,
  type Next,
  nextAttempt,
  objectsOf,
  type Refusal,
  wrongIn,
} from './unit-attempt.ts';

/** That a unit was rendered again, and what came of it. */
export interface RenderingProof {
  readonly unit: string;
  readonly kind: 'helm' | 'kustomize';
  /** Objects that render otherwise than before, each exactly as planned. */
  readonly changed: number;
  readonly created: number;
  /** Objects that render as before. */
  readonly unchanged: number;
}

export interface EditedUnits<T extends Change> {
  readonly snapshot: Snapshot;
  readonly made: readonly T[];
  readonly refused: readonly Refusal<T>[];
}

/** A unit with what was changed in it so far. */
interface OpenUnit {
  readonly unit: TrialUnit;
  readonly copy: TrialCopy;
  readonly files: UnitFiles;
  /** What it rendered to at first, and what it renders to by now. */
  readonly first: ReadonlyMap<string, JsonObject>;
  now: ReadonlyMap<string, JsonObject>;
  drafts: FileDrafts;
  readonly created: Set<string>;
}

interface Tried {
  readonly drafts: FileDrafts;
  readonly meant: Meant;
  /** Changes that cannot be put anywhere, with the reason. */
  readonly failed: ReadonlyMap<Change, string>;
}

interface Putting {
  readonly wish: Change;
  readonly earlier: ReadonlyMap<KubeObject, readonly Edit[]>;
  readonly inTemplate: ReadonlySet<string>;
}

function unitOf({ source: { origin } }: KubeObject): TrialUnit | undefined {
  return origin.kind === 'helm' || origin.kind === 'kustomize' ? { kind: origin.kind, unit: origin.unit } : undefined;
}

/** True for a change that reaches into something rendered. */
export function isRendered(change: Change): boolean {
  return objectsOf(change).some((object) => unitOf(object) !== undefined);
}

/** The one unit of a change; nothing where it reaches over several, or into plain files as well. */
function theUnitOf(change: Change): TrialUnit | undefined {
  const [first, ...others] = objectsOf(change);
  const unit = first === undefined ? undefined : unitOf(first);
  return unit !== undefined && others.every((object) => unitOf(object)?.unit === unit.unit) ? unit : undefined;
}

function byIdentity(objects: readonly KubeObject[]): Map<string, JsonObject> {
  return new Map(objects.map((object) => [identityOf(object), object.raw]));
}

function proofOf({ unit, first, now, created }: OpenUnit): RenderingProof {
  const unchanged = [...first].filter(([id, raw]) => {
    const rendered = now.get(id);
    return rendered !== undefined && findDifferences(new Map([[id, raw]]), new Map([[id, rendered]])).length === 0;
  });
  return {
    unit: unit.unit,
    kind: unit.kind,
    changed: first.size - unchanged.length,
    created: created.size,
    unchanged: unchanged.length,
  };
}

export class UnitEditor {
  private readonly units = new Map<string, OpenUnit>();
  private readonly copies: TrialCopy[] = [];
  private readonly options: ReadOptions;
  private schemas: Schemas | undefined;

  constructor(options: ReadOptions) {
    this.options = options;
  }

  /** Changed and new files of all units, and what was proven of each. */
  results(): { readonly files: readonly DraftFile[]; readonly renderings: readonly RenderingProof[] } {
    const open = [...this.units.values()].filter(({ drafts }) => drafts.changed().length > 0);
    return { files: open.flatMap(({ drafts }) => drafts.changed()), renderings: open.map(proofOf) };
  }

  /** Removes the copies. */
  close(): void {
    for (const copy of this.copies) copy.remove();
  }

  /** Makes what can be made of the changes, unit by unit. Nothing but copies is written. */
  async edit<T extends Change>(snapshot: Snapshot, wishes: readonly T[]): Promise<EditedUnits<T>> {
    let now = snapshot;
    const made: T[] = [];
    const refused: Refusal<T>[] = [];
    const groups = new Map<string, { readonly unit: TrialUnit; readonly wishes: T[] }>();
    for (const wish of wishes) {
      const unit = theUnitOf(wish);
      if (unit === undefined) refused.push({ wish, reason: 'it reaches over several charts or kustomizations' });
      else {
        const group = groups.get(unit.unit) ?? { unit, wishes: [] };
        group.wishes.push(wish);
        groups.set(unit.unit, group);
      }
    }
    for (const group of groups.values()) {
      const result = await this.editUnit(now, await this.open(group.unit), group.wishes);
      now = result.snapshot;
      made.push(...result.made);
      refused.push(...result.refused);
    }
    return { snapshot: now, made, refused };
  }

  private async open(unit: TrialUnit): Promise<OpenUnit> {
    const known = this.units.get(unit.unit);
    if (known !== undefined) return known;
    this.schemas ??= await loadSchemas();
    const copy = await copyForTrial(unit, this.options, (made) => this.copies.push(made));
    const files = await readUnitFiles(unit, this.options);
    const first = byIdentity((await copy.read()).objects);
    const open = { unit, copy, files, first, now: first, drafts: new FileDrafts(), created: new Set<string>() };
    this.units.set(unit.unit, open);
    return open;
  }

  /** Tries, and leaves out what did not render as wished, until all that is left does. */
  private async editUnit<T extends Change>(
    snapshot: Snapshot,
    open: OpenUnit,
    wishes: readonly T[],
  ): Promise<EditedUnits<T>> {
    const refused: Refusal<T>[] = [];
    let attempt: Attempt<T> = { wishes, inTemplate: new Set() };
    while (attempt.wishes.length > 0) {
      const tried = this.put(snapshot, open, attempt);
      const next = await look(open, attempt, tried);
      if ('rendered' in next) {
        open.drafts = tried.drafts;
        open.now = byIdentity(next.rendered.objects);
        for (const id of tried.meant.created.keys()) open.created.add(id);
        const place = { unit: open.unit.unit, created: open.created };
        return { snapshot: joinUnit(snapshot, next.rendered, place), made: attempt.wishes, refused };
      }
      refused.push(...next.refused);
      ({ attempt } = next);
    }
    return { snapshot, made: [], refused };
  }

  private put<T extends Change>(snapshot: Snapshot, open: OpenUnit, { wishes, inTemplate }: Attempt<T>): Tried {
    let drafts = open.drafts.copy();
    const failed = new Map<Change, string>();
    const edits = new Map<KubeObject, readonly Edit[]>();
    for (const wish of wishes) {
      const next = drafts.copy();
      const reason = this.putWish(snapshot, open, { wish, earlier: edits, inTemplate }, next);
      if (reason !== undefined) {
        failed.set(wish, reason);
        continue;
      }
      drafts = next;
      for (const each of wish.edits) edits.set(each.object, [...(edits.get(each.object) ?? []), ...each.edits]);
    }
    const createFailed = this.putNew(snapshot, open, wishes, drafts);
    if (createFailed !== undefined)
      for (const wish of wishes) if (wish.create.length > 0) failed.set(wish, createFailed);
    const objects = new Map(open.now);
    for (const [object, all] of edits)
      objects.set(identityOf(object), asObject(all.reduce<Json>(editValue, object.raw)));
    return { drafts, meant: { objects, created: createdBy(wishes) }, failed };
  }

  /** A patch says all that is wanted of an object; values and templates have the earlier edits already. */
  private putWish(snapshot: Snapshot, open: OpenUnit, { wish, earlier, inTemplate }: Putting, drafts: FileDrafts) {
    if ((wish.remove ?? []).length > 0) return 'what is rendered is not removed';
    for (const { object, edits } of wish.edits) {
      const before = open.unit.kind === 'helm' ? [] : (earlier.get(object) ?? []);
      const isTemplate = inTemplate.has(identityOf(object));
      const reason = this.putEdits(snapshot, open, { object, edits: [...before, ...edits], isTemplate }, drafts);
      if (reason !== undefined) return reason;
    }
    return undefined;
  }

  private putEdits(
    snapshot: Snapshot,
    { unit, files, drafts: start }: OpenUnit,
    { object, edits, isTemplate }: { object: KubeObject; edits: readonly Edit[]; isTemplate: boolean },
    drafts: FileDrafts,
  ): string | undefined {
    if (unit.kind === 'helm') {
      const positions = new Positions(snapshot);
      const valuesKey = (each: KubeObject, path: Edit['path']) => positions.of(each, path).valuesKey;
      const route = isTemplate ? 'template' : 'values';
      return editRendered({ snapshot, values: files.values, start, valuesKey }, object, { edits, route }, drafts);
    }
    const { kustomization, names } = files;
    if (kustomization === undefined || this.schemas === undefined) return 'its kustomization cannot be read';
    return editKustomized(
      this.kustomizeUnit(snapshot, this.schemas, { ...kustomization, names }),
      object,
      edits,
      drafts,
    );
  }

  private kustomizeUnit(
    snapshot: Snapshot,
    schemas: Schemas,
    file: Pick<KustomizeUnit, 'file' | 'text' | 'names'>,
  ): KustomizeUnit {
    return { snapshot, schemas, ...file, isOwnFile: ownFilesOf(snapshot, file.file) };
  }

  private putNew(
    snapshot: Snapshot,
    { unit, files }: OpenUnit,
    wishes: readonly Change[],
    drafts: FileDrafts,
  ): string | undefined {
    const creates = wishes.flatMap(({ create }) => create);
    if (creates.length === 0) return undefined;
    const { kustomization, affixes, names, release, folder } = files;
    if (unit.kind === 'helm') {
      createTemplates(creates, { release, folder, names }, drafts);
      return undefined;
    }
    if (kustomization === undefined || this.schemas === undefined) return 'its kustomization cannot be read';
    const parsed = parseYaml(kustomization.text);
    const setsNamespace = asObject(parsed.ok ? parsed.parsed.values[0] : undefined)['namespace'] !== undefined;
    const own = this.kustomizeUnit(snapshot, this.schemas, { ...kustomization, names });
    return createKustomized(own, creates, { setsNamespace, prefix: affixes.prefix }, drafts);
  }
}

function isBelow(file: string, folder: string): boolean {
  const path = resolve(file);
  const root = resolve(folder);
  return path === root || path.startsWith(root === sep ? sep : root + sep);
}

/** Files of the kustomization's own folder; those of its bases too, where the user named them and no other overlay is made from them. */
function ownFilesOf({ facts, skipped }: Snapshot, kustomization: string): (file: string) => boolean {
  const folder = dirname(kustomization);
  const hasSiblings = skipped.some(({ what }) => what.startsWith(`another overlay of the app that ${folder} renders`));
  return (file) => isBelow(file, folder) || (!hasSiblings && facts.inputs.some((input) => isBelow(file, input)));
}

/** Renders the attempt; tells what is left to try where it is not as wished. */
async function look<T extends Change>(
  open: OpenUnit,
  attempt: Attempt<T>,
  { drafts, meant, failed }: Tried,
): Promise<Next<T> | { readonly rendered: Snapshot }> {
  if (failed.size > 0) return leaveOut(attempt, (wish) => failed.get(wish));
  await open.copy.write(drafts.changed().map(({ file, after }) => ({ file, text: after })));
  const rendered = await open.copy.read().catch(() => undefined);
  const wrong = rendered === undefined ? [...meant.objects.keys()] : wrongIn(meant, rendered);
  if (wrong.length === 0 && rendered !== undefined) return { rendered };
  await undo(open, drafts);
  const now = byIdentity(rendered?.objects ?? []);
  return nextAttempt(attempt, { wrong, meant, now, isChart: open.unit.kind === 'helm' });
}

/** The copy as it was before the attempt. */
async function undo({ copy, drafts: kept }: OpenUnit, drafts: FileDrafts): Promise<void> {
  for (const { file, before } of drafts.changed())
    if (before === undefined) await copy.take(file);
    else await copy.write([{ file, text: before }]);
  await copy.write(kept.changed().map(({ file, after }) => ({ file, text: after })));
}
