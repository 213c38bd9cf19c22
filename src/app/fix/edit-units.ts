// Fixes of objects that charts and kustomizations render: edits of the user's own files, rendered again in a copy, and made only where the rendering is
// exactly as wished.

import {
  byIdentity,
  type DraftFile,
  FileDrafts,
  findDifferences,
  identityOf,
  postRenderScript,
  withAffixes,
} from '../../fixes/index.ts';
import { loadSchemas, type Schemas } from '../../kube/schema/index.ts';
import type { Change, JsonObject, Snapshot, Variables } from '../../model/index.ts';
import { copyForTrial, type ReadOptions, readUnitFiles, type TrialCopy, type TrialUnit } from '../../sources/index.ts';
import { fileToTell, findBar, withBeside } from './find-deployer.ts';
import { joinUnit } from './join-unit.ts';
import { makerOf, openMade } from './made-release.ts';
import type { Objects, OpenUnit } from './open-unit.ts';
import { otherRelease, pairUp, placeInRelease, placeOverlay, type SettingsOf } from './overlay-place.ts';
import { type Done, settle, textsOf } from './settle.ts';
import { openSiblings } from './siblings.ts';
import { type FailsIn, findUnshared } from './unshared.ts';
import type { Refusal, Route } from './unit-attempt.ts';
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
  /** Objects that are gone, as planned; left out where none is. */
  readonly removed?: number;
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

/** The variables of what the unit is rendered to. */
function putInto({ kind, unit }: TrialUnit, { objects }: Snapshot): { variables?: Variables | undefined } {
  const first = objects.find(({ source: { origin } }) => origin.kind === kind && origin.unit === unit);
  return { variables: first?.source.origin.variables };
}

function postRenderOf({ overlay, drafts }: OpenUnit): PostRenderUse | undefined {
  const create = overlay?.create;
  if (create === undefined || !drafts.has(overlay?.file ?? '')) return undefined;
  return { overlay: create.folder, script: `${create.folder}/${postRenderScript}`, plugin: create.plugin };
}

/** Objects that render as they did at first. */
function countUnchanged(first: Objects, now: Objects): number {
  const isSame = ([id, raw]: [string, JsonObject]): boolean => {
    const rendered = now.get(id);
    return rendered !== undefined && findDifferences(new Map([[id, raw]]), new Map([[id, rendered]])).length === 0;
  };
  return [...first].filter(isSame).length;
}

function proofOf(open: OpenUnit): RenderingProof {
  const { unit, first, now, created, removed } = open;
  const unchanged = countUnchanged(first, now);
  const postRender = postRenderOf(open);
  return {
    unit: unit.unit,
    kind: unit.kind,
    changed: first.size - unchanged - removed.size,
    created: created.size,
    ...(removed.size === 0 ? {} : { removed: removed.size }),
    unchanged,
    ...(postRender === undefined ? {} : { postRender }),
  };
}

/** Those that were rendered because a file that they share was edited. */
function siblingProofs({ siblings }: OpenUnit): RenderingProof[] {
  return siblings.flatMap(({ folder, first, now: { objects } }) => {
    const now = byIdentity(objects);
    const unchanged = countUnchanged(first, now);
    const removed = [...first.keys()].filter((id) => !now.has(id)).length;
    const created = [...now.keys()].filter((id) => !first.has(id)).length;
    const changed = first.size - unchanged - removed;
    const proof = { unit: folder, kind: 'kustomize', changed, created, unchanged } as const;
    return changed + created + removed === 0 ? [] : [removed === 0 ? proof : { ...proof, removed }];
  });
}

/** The kustomization that makes who deploys the chart, where it gives something else by now. */
function madeProof({ made }: OpenUnit): RenderingProof[] {
  const changed = made === undefined ? 0 : made.first.size - countUnchanged(made.first, made.now);
  if (made === undefined || changed === 0) return [];
  return [{ unit: made.folder, kind: 'kustomize', changed, created: 0, unchanged: made.first.size - changed }];
}

/** What was read of a chart. */
interface ChartReading {
  readonly snapshot: Snapshot;
  readonly rendered: Snapshot;
}

const chartRoutes: readonly Route[] = ['values', 'template', 'overlay', 'patch'];
const kustomizeRoutes: readonly Route[] = ['base', 'overlay', 'patch'];

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
    return {
      files: open.flatMap(({ drafts }) => drafts.changed()),
      renderings: open.flatMap((each) => [proofOf(each), ...siblingProofs(each), ...madeProof(each)]),
    };
  }

  /** Removes the copies. */
  close(): void {
    for (const copy of this.copies) copy.remove();
  }

  /** Makes what can be made of the changes, unit by unit. Nothing but copies is written. */
  async edit<T extends Change>(snapshot: Snapshot, wishes: readonly T[], fails: FailsIn<T>): Promise<EditedUnits<T>> {
    const { groups, others } = groupByUnit(wishes);
    const refused = others.map(
      (wish): Refusal<T> => ({ wish, reason: 'it reaches over several charts or kustomizations' }),
    );
    const made: T[] = [];
    let now = snapshot;
    for (const group of groups) {
      const open = await this.open(group.unit, now);
      const result = await this.editUnit(now, open, { wishes: group.wishes.map(inUnit(open)), fails });
      now = result.snapshot;
      made.push(...result.made);
      refused.push(...result.refused);
    }
    return { snapshot: now, made, refused };
  }

  private async open(unit: TrialUnit, snapshot: Snapshot): Promise<OpenUnit> {
    const known = this.units.get(unit.unit);
    if (known !== undefined) return known;
    const { options } = this.editing;
    const files = await readUnitFiles(unit, snapshot, options);
    const { releasedBy } = files;
    const others = files.siblings?.others ?? [];
    const released = fileToTell(releasedBy);
    const beside = [...(released === undefined ? [] : [released]), ...(releasedBy?.values.files ?? [])];
    const madeBy = makerOf(files);
    const content = {
      unit,
      siblings: others.map(({ folder }) => folder),
      files: beside,
      madeBy,
      ...putInto(unit, snapshot),
    };
    const copy = await copyForTrial(content, withBeside(options, snapshot), (made) => this.copies.push(made));
    const rendered = await copy.read({ overlay: released });
    const first = byIdentity(rendered.objects);
    const common = {
      unit,
      copy,
      files,
      first,
      now: first,
      drafts: new FileDrafts(),
      created: new Set<string>(),
      removed: new Set<string>(),
      ...(released === undefined ? {} : { released }),
      ...(await openMade(files, copy)),
    };
    const open =
      unit.kind === 'helm'
        ? { ...common, siblings: [], ...(await this.placesOfChart(common, { snapshot, rendered })) }
        : { ...common, twins: [], siblings: await openSiblings(others, copy), routes: kustomizeRoutes };
    this.units.set(unit.unit, open);
    return open;
  }

  private async placesOfChart(
    { unit: { unit }, copy, files, released }: Pick<OpenUnit, 'unit' | 'copy' | 'files' | 'released'>,
    { snapshot, rendered }: ChartReading,
  ) {
    const other = await copy.read({ release: otherRelease, overlay: released }).catch(() => undefined);
    const twins = pairUp(rendered, other);
    if (!this.editing.overlays) return { twins, routes: ['values', 'template'] as const };
    const release = files.overlay === undefined ? files.releasedBy : undefined;
    const bar = findBar(snapshot, release, files.madeFrom);
    if (bar !== undefined) return { twins, routes: chartRoutes, bar };
    const place =
      release === undefined
        ? await placeOverlay(unit, files, this.editing)
        : await placeInRelease(unit, release, { settings: this.editing, madeFrom: files.madeFrom });
    return { twins, routes: chartRoutes, overlay: place };
  }

  private async editUnit<T extends Change>(
    snapshot: Snapshot,
    open: OpenUnit,
    { wishes, fails }: { readonly wishes: readonly T[]; readonly fails: FailsIn<T> },
  ): Promise<EditedUnits<T>> {
    this.schemas ??= await loadSchemas();
    const unshared = await findUnshared({ snapshot, open }, wishes, fails);
    const ground = { snapshot, open, schemas: this.schemas, unshared };
    const nothing = { kept: [], routes: new Map(), refused: [], done: undefined };
    const { kept, refused, done } = await settle<T>(ground, nothing, wishes);
    if (done === undefined) return { snapshot, made: [], refused };
    await accept(open, done);
    for (const wish of kept) for (const object of wish.remove ?? []) open.removed.add(identityOf(object));
    const { created, removed } = open;
    return {
      snapshot: joinUnit(snapshot, done.rendered, { unit: open.unit.unit, created, removed }),
      made: kept,
      refused,
    };
  }
}

async function accept(open: OpenUnit, { tried, rendered, siblings, made }: Done): Promise<void> {
  await open.copy.write(textsOf(tried.drafts));
  open.drafts = tried.drafts;
  open.now = byIdentity(rendered.objects);
  if (open.made !== undefined && made !== undefined) open.made.now = made;
  for (const id of tried.meant.created.keys()) open.created.add(id);
  for (const [index, sibling] of open.siblings.entries()) sibling.now = siblings[index] ?? sibling.now;
}
