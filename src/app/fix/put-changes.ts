// Puts changes into the files of a chart or a kustomization, each where its route leads, and says what must render of it.

import { dirname, resolve, sep } from 'node:path';
import {
  aimAt,
  createKustomized,
  createTemplates,
  editKustomized,
  editRendered,
  editValue,
  type FileDrafts,
  identityOf,
  type KustomizeUnit,
  namesOfRelease,
  startOverlay,
} from '../../fixes/index.ts';
import { Positions } from '../../inventory/index.ts';
import type { Schemas } from '../../kube/schema/index.ts';
import { parseYaml } from '../../kube/yaml/index.ts';
import { asObject, type Change, type Edit, type Json, type KubeObject, type Snapshot } from '../../model/index.ts';
import { isPastOverlay } from '../../sources/index.ts';
import type { OpenUnit } from './open-unit.ts';
import type { OverlayPlace } from './overlay-place.ts';
import { type Attempt, createdBy, type Meant, type Route } from './unit-attempt.ts';

export interface Tried {
  readonly drafts: FileDrafts;
  readonly meant: Meant;
  /** Changes that cannot be put anywhere, with the reason. */
  readonly failed: ReadonlyMap<Change, string>;
}

/** Where changes are put: the snapshot that their objects are of, and the unit as it was before. */
export interface Ground {
  readonly snapshot: Snapshot;
  readonly open: OpenUnit;
  readonly schemas: Schemas;
}

interface ObjectWish {
  readonly object: KubeObject;
  readonly edits: readonly Edit[];
  /** Edits of the object that were put before. */
  readonly earlier: readonly Edit[];
  readonly route: Route;
}

function apply(object: KubeObject, edits: readonly Edit[]): Json {
  return edits.reduce<Json>(editValue, object.raw);
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

function kustomizeUnit({ snapshot, open, schemas }: Ground): KustomizeUnit | undefined {
  const { kustomization, names } = open.files;
  if (kustomization === undefined) return undefined;
  return { snapshot, schemas, ...kustomization, names, isOwnFile: ownFilesOf(snapshot, kustomization.file) };
}

const noKustomization = 'its kustomization cannot be read';

function textsIn(value: Json): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null
    ? Object.values(value).flatMap((each) => textsIn(each ?? null))
    : [];
}

/** A patch is the same text for every release: what it says may not be true of one alone. */
function namesARelease(edits: readonly Edit[], overlay: OverlayPlace): boolean {
  const names = namesOfRelease(overlay.twins);
  const said = edits.flatMap((edit) =>
    edit.op === 'set' ? textsIn(edit.value) : edit.op === 'add' ? textsIn([...edit.values]) : [],
  );
  return said.some((text) => names.has(text));
}

function putBehind({ snapshot, open, schemas }: Ground, wish: ObjectWish, drafts: FileDrafts): string | undefined {
  const { overlay } = open;
  const { object, edits, earlier, route } = wish;
  if (overlay === undefined) return 'its chart decides the place, and no overlay behind it is wanted';
  if (isPastOverlay(object)) return 'Helm hands no hooks and no definitions to its post-renderer';
  if (namesARelease(edits, overlay)) return 'a patch behind the chart would name this one release';
  const aim = aimAt(object, overlay.release, overlay.twins);
  if (aim === 'unknown') return 'a patch behind the chart cannot tell it from others under every name of the release';
  const reason = overlay.create === undefined ? undefined : startOverlay(overlay.create, drafts);
  if (reason !== undefined) return reason;
  const { folder, file, text, names } = overlay;
  const unit: KustomizeUnit = {
    snapshot,
    schemas,
    file,
    text,
    names,
    isOwnFile: (each) => isBelow(each, folder),
    aimOf: () => aim,
  };
  // Edits that went into values and templates before are no part of the patch.
  const wanted = { before: apply(object, earlier), after: apply(object, [...earlier, ...edits]) };
  return editKustomized(unit, object, { ...wanted, usesFields: route !== 'patch' }, drafts);
}

function putInChart(ground: Ground, wish: ObjectWish, drafts: FileDrafts): string | undefined {
  const { snapshot, open } = ground;
  const { object, edits, route } = wish;
  if (route === 'overlay' || route === 'patch') return putBehind(ground, wish, drafts);
  const positions = new Positions(snapshot);
  const { values, vendored } = open.files;
  const chart = {
    snapshot,
    values,
    start: open.drafts,
    valuesKey: (each: KubeObject, path: Edit['path']) => positions.of(each, path).valuesKey,
    isVendored: (file: string) => vendored.some((folder) => isBelow(file, folder)),
  };
  const next = drafts.copy();
  const reason = editRendered(chart, object, { edits, route: route === 'template' ? 'template' : 'values' }, next);
  if (reason === undefined) drafts.become(next);
  else if (open.overlay !== undefined) return putBehind(ground, wish, drafts);
  return reason;
}

function putEdits(ground: Ground, wish: ObjectWish, drafts: FileDrafts): string | undefined {
  if (ground.open.unit.kind === 'helm') return putInChart(ground, wish, drafts);
  const unit = kustomizeUnit(ground);
  if (unit === undefined) return noKustomization;
  const { object, edits, earlier, route } = wish;
  // A patch says all that is wanted of an object.
  const wanted = { before: object.raw, after: apply(object, [...earlier, ...edits]) };
  return editKustomized(unit, object, { ...wanted, usesFields: route !== 'patch' }, drafts);
}

interface WishPut {
  readonly wish: Change;
  readonly earlier: ReadonlyMap<KubeObject, readonly Edit[]>;
  readonly route: Route;
}

function putWish(ground: Ground, { wish, earlier, route }: WishPut, drafts: FileDrafts): string | undefined {
  if ((wish.remove ?? []).length > 0) return 'what is rendered is not removed';
  for (const { object, edits } of wish.edits) {
    const reason = putEdits(ground, { object, edits, earlier: earlier.get(object) ?? [], route }, drafts);
    if (reason !== undefined) return reason;
  }
  return undefined;
}

function putNew(ground: Ground, wishes: readonly Change[], drafts: FileDrafts): string | undefined {
  const { open } = ground;
  const creates = wishes.flatMap(({ create }) => create);
  if (creates.length === 0) return undefined;
  const { kustomization, affixes, names, release, folder, vendored } = open.files;
  if (open.unit.kind === 'helm') {
    if (vendored.some((each) => isBelow(folder, each))) return 'its chart is an archive, which takes no new template';
    createTemplates(creates, { release, folder, names, twins: open.overlay?.twins ?? [] }, drafts);
    return undefined;
  }
  const unit = kustomizeUnit(ground);
  if (kustomization === undefined || unit === undefined) return noKustomization;
  const parsed = parseYaml(kustomization.text);
  const setsNamespace = asObject(parsed.ok ? parsed.parsed.values[0] : undefined)['namespace'] !== undefined;
  return createKustomized(unit, creates, { setsNamespace, ...affixes }, drafts);
}

/** Puts what can be put, wish by wish; edits of an object gather. */
class Putting {
  readonly failed = new Map<Change, string>();
  readonly edits = new Map<KubeObject, readonly Edit[]>();
  private readonly ground: Ground;
  drafts: FileDrafts;

  constructor(ground: Ground) {
    this.ground = ground;
    this.drafts = ground.open.drafts.copy();
  }

  put(wish: Change, route: Route): void {
    const next = this.drafts.copy();
    const reason = putWish(this.ground, { wish, earlier: this.edits, route }, next);
    if (reason !== undefined) {
      this.failed.set(wish, reason);
      return;
    }
    this.drafts = next;
    for (const { object, edits } of wish.edits) this.edits.set(object, [...(this.edits.get(object) ?? []), ...edits]);
  }

  putNew(wishes: readonly Change[]): void {
    const reason = putNew(this.ground, wishes, this.drafts);
    if (reason !== undefined) for (const wish of wishes) if (wish.create.length > 0) this.failed.set(wish, reason);
  }
}

/** The files as they would be, and what they must render to. */
export function putChanges<T extends Change>(ground: Ground, { wishes, routes }: Attempt<T>): Tried {
  const { open } = ground;
  const [first = 'overlay'] = open.routes;
  const putting = new Putting(ground);
  for (const wish of wishes) putting.put(wish, routes.get(wish) ?? first);
  putting.putNew(wishes);
  const objects = new Map(open.now);
  for (const [object, all] of putting.edits) objects.set(identityOf(object), asObject(apply(object, all)));
  return { drafts: putting.drafts, meant: { objects, created: createdBy(wishes) }, failed: putting.failed };
}
