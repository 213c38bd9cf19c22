// Fixes of objects that charts and kustomizations render: edits of the user's own files, rendered again in a copy, and made only where the rendering is
// exactly as wished.

import { type DraftFile, FileDrafts, findDifferences, postRenderScript, withAffixes } from '../../fixes/index.ts';
import { loadSchemas, type Schemas } from '../../kube/schema/index.ts';
import type { Change, Snapshot } from '../../model/index.ts';
import { copyForTrial, type ReadOptions, readUnitFiles, type TrialCopy, type TrialUnit } from '../../sources/index.ts';
import { joinUnit } from './join-unit.ts';
import { byIdentity, type OpenUnit } from './open-unit.ts';
import { otherRelease, pairUp, placeOverlay, type SettingsOf } from './overlay-place.ts';
import { type Ground, putChanges, type Tried } from './put-changes.ts';
import { isBlamed, nextRoute, type Outcome, type Refusal, type Route, tellWrong, wrongIn } from './unit-attempt.ts';
import { groupByUnit } from './unit-of.ts';

/** How Helm runs the overlay behind a chart. */
export interface PostRenderUse {
  readonly overlay: string;
  /** The program that Helm 3 is given. */
  readonly script: string;
  /** The plugin that Helm 4 is given, once it is installed from the overlay's folder. */
  readonly plugin: string;
}

/** That a unit was rendered again, and what came of it. */
export interface RenderingProof {
  readonly unit: string;
  readonly kind: 'helm' | 'kustomize';
  /** Objects that render otherwise than before, each exactly as planned. */
  readonly changed: number;
  readonly created: number;
  /** Objects that render as before. */
  readonly unchanged: number;
  /** Where edits begin an overlay behind the chart: Helm must be told of it from now on. */
  readonly postRender?: PostRenderUse;
}

export interface EditedUnits<T extends Change> {
  readonly snapshot: Snapshot;
  readonly made: readonly T[];
  readonly refused: readonly Refusal<T>[];
}

export interface UnitEditing extends SettingsOf {
  readonly options: ReadOptions;
  /** False where nothing may go behind a chart. */
  readonly overlays: boolean;
}

function postRenderOf({ overlay, drafts }: OpenUnit): PostRenderUse | undefined {
  const create = overlay?.create;
  if (create === undefined || !drafts.has(overlay?.file ?? '')) return undefined;
  return { overlay: create.folder, script: `${create.folder}/${postRenderScript}`, plugin: create.plugin };
}

function proofOf(open: OpenUnit): RenderingProof {
  const { unit, first, now, created } = open;
  const unchanged = [...first].filter(([id, raw]) => {
    const rendered = now.get(id);
    return rendered !== undefined && findDifferences(new Map([[id, raw]]), new Map([[id, rendered]])).length === 0;
  });
  const postRender = postRenderOf(open);
  return {
    unit: unit.unit,
    kind: unit.kind,
    changed: first.size - unchanged.length,
    created: created.size,
    unchanged: unchanged.length,
    ...(postRender === undefined ? {} : { postRender }),
  };
}

/** What could be made so far of some changes. */
interface Settled<T extends Change> {
  readonly kept: readonly T[];
  readonly routes: ReadonlyMap<Change, Route>;
  readonly refused: readonly Refusal<T>[];
  /** The attempt that rendered as wished; nothing where none did. */
  readonly done: { readonly tried: Tried; readonly rendered: Snapshot } | undefined;
}

/** New objects by the names that they have when the unit is rendered. */
function inUnit({ files }: OpenUnit): <T extends Change>(wish: T) => T {
  return (wish) =>
    wish.create.length === 0
      ? wish
      : { ...wish, create: wish.create.map((create) => withAffixes(create, files.affixes)) };
}

export class UnitEditor {
  private readonly units = new Map<string, OpenUnit>();
  private readonly copies: TrialCopy[] = [];
  private readonly editing: UnitEditing;
  private schemas: Schemas | undefined;

  constructor(editing: UnitEditing) {
    this.editing = editing;
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
    const { groups, others } = groupByUnit(wishes);
    const refused = others.map(
      (wish): Refusal<T> => ({ wish, reason: 'it reaches over several charts or kustomizations' }),
    );
    const made: T[] = [];
    let now = snapshot;
    for (const group of groups) {
      const open = await this.open(group.unit);
      const result = await this.editUnit(now, open, group.wishes.map(inUnit(open)));
      now = result.snapshot;
      made.push(...result.made);
      refused.push(...result.refused);
    }
    return { snapshot: now, made, refused };
  }

  private async open(unit: TrialUnit): Promise<OpenUnit> {
    const known = this.units.get(unit.unit);
    if (known !== undefined) return known;
    const { options } = this.editing;
    const copy = await copyForTrial(unit, options, (made) => this.copies.push(made));
    const files = await readUnitFiles(unit, options);
    const rendered = await copy.read();
    const first = byIdentity(rendered.objects);
    const common = { unit, copy, files, first, now: first, drafts: new FileDrafts(), created: new Set<string>() };
    const open: OpenUnit =
      unit.kind === 'helm' && this.editing.overlays
        ? {
            ...common,
            routes: ['values', 'template', 'overlay', 'patch'],
            overlay: await this.placeBehind(unit, copy, rendered),
          }
        : { ...common, routes: unit.kind === 'helm' ? ['values', 'template'] : ['overlay', 'patch'] };
    this.units.set(unit.unit, open);
    return open;
  }

  private async placeBehind({ unit }: TrialUnit, copy: TrialCopy, rendered: Snapshot) {
    const other = await copy.read({ release: otherRelease }).catch(() => undefined);
    const files = await readUnitFiles({ kind: 'helm', unit }, this.editing.options);
    return placeOverlay(unit, files, pairUp(rendered, other), this.editing);
  }

  private async editUnit<T extends Change>(
    snapshot: Snapshot,
    open: OpenUnit,
    wishes: readonly T[],
  ): Promise<EditedUnits<T>> {
    this.schemas ??= await loadSchemas();
    const ground = { snapshot, open, schemas: this.schemas };
    const { kept, refused, done } = await settle(
      ground,
      { kept: [], routes: new Map(), refused: [], done: undefined },
      wishes,
    );
    if (done === undefined) return { snapshot, made: [], refused };
    const { tried, rendered } = done;
    await open.copy.write(textsOf(tried.drafts));
    open.drafts = tried.drafts;
    open.now = byIdentity(rendered.objects);
    for (const id of tried.meant.created.keys()) open.created.add(id);
    return {
      snapshot: joinUnit(snapshot, rendered, { unit: open.unit.unit, created: open.created }),
      made: kept,
      refused,
    };
  }
}

function textsOf(drafts: FileDrafts) {
  return drafts.changed().map(({ file, after }) => ({ file, text: after }));
}

/**
 * Tries changes beside those that are kept. What is not as wished goes to the next place of the unit, and is refused after the last; where a rendering does not tell
 * whose fault it is, halves are tried by themselves.
 */
async function settle<T extends Change>(ground: Ground, so: Settled<T>, wishes: readonly T[]): Promise<Settled<T>> {
  const routes = new Map(so.routes);
  const refused = [...so.refused];
  let left = wishes;
  while (left.length > 0) {
    const attempt = { wishes: [...so.kept, ...left], routes };
    const tried = putChanges(ground, attempt);
    if (tried.failed.size > 0) {
      refused.push(...left.flatMap((wish) => refusalOf(wish, tried.failed.get(wish))));
      left = left.filter((wish) => !tried.failed.has(wish));
      continue;
    }
    const outcome = await look(ground.open, tried);
    if (outcome.rendered !== undefined && outcome.wrong.length === 0)
      return { kept: attempt.wishes, routes, refused, done: { tried, rendered: outcome.rendered } };
    const blamed = outcome.rendered === undefined ? [] : left.filter((wish) => isBlamed(wish, outcome));
    if (blamed.length === 0 && left.length > 1) {
      const half = Math.ceil(left.length / 2);
      const first = await settle(ground, { ...so, routes, refused }, left.slice(0, half));
      return settle(ground, first, left.slice(half));
    }
    const suspects = blamed.length > 0 ? blamed : left;
    const stuck = suspects.filter((wish) => !advance(wish, ground.open.routes, routes));
    refused.push(...stuck.flatMap((wish) => refusalOf(wish, tellWrong(outcome))));
    left = left.filter((wish) => !stuck.includes(wish));
  }
  return { ...so, routes, refused };
}

function refusalOf<T extends Change>(wish: T, reason: string | undefined): Refusal<T>[] {
  return reason === undefined ? [] : [{ wish, reason }];
}

/** True where there is another place to try. */
function advance(wish: Change, all: readonly Route[], routes: Map<Change, Route>): boolean {
  const [first = 'overlay'] = all;
  const next = wish.edits.length === 0 ? undefined : nextRoute(all, routes.get(wish) ?? first);
  if (next !== undefined) routes.set(wish, next);
  return next !== undefined;
}

interface Looked extends Outcome {
  readonly rendered: Snapshot | undefined;
}

/** Renders the attempt; what is not as wished is taken back from the copy. */
async function look(open: OpenUnit, { drafts, meant }: Tried): Promise<Looked> {
  const { copy, overlay } = open;
  await copy.write(textsOf(drafts));
  const isNewBehind = overlay?.create !== undefined && drafts.has(overlay.file);
  const read = await copy.read({ overlay: isNewBehind ? overlay.folder : undefined }).catch(() => undefined);
  const rendered = read === undefined || read.objects.length === 0 ? undefined : read;
  const wrong = rendered === undefined ? [...meant.objects.keys()] : wrongIn(meant, rendered);
  if (wrong.length > 0) await undo(open, drafts);
  return { rendered, wrong, meant, now: byIdentity(rendered?.objects ?? []) };
}

/** The copy as it was before the attempt. */
async function undo({ copy, drafts: kept }: OpenUnit, drafts: FileDrafts): Promise<void> {
  for (const { file, before } of drafts.changed())
    if (before === undefined) await copy.take(file);
    else await copy.write([{ file, text: before }]);
  await copy.write(textsOf(kept));
}
