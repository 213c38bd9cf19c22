// Tries changes of a unit together until all that is left renders exactly as wished: each goes from place to place, and is refused after the last.

import { byIdentity, type FileDrafts, knownOf, mergePatch } from '../../fixes/index.ts';
import type { Change, JsonObject, Snapshot } from '../../model/index.ts';
import type { TrialFile } from '../../sources/index.ts';
import type { Ground } from './ground.ts';
import { lookAtMade } from './made-release.ts';
import type { Objects, OpenUnit } from './open-unit.ts';
import { overlayToRead } from './overlay-place.ts';
import { putChanges, type Tried } from './put-changes.ts';
import { blamedIn, readSiblings, wrongInSibling } from './siblings.ts';
import { isBlamed, nextRoute, type Outcome, type Refusal, type Route, tellWrong, wrongIn } from './unit-attempt.ts';

/** An attempt that rendered as wished. */
export interface Done {
  readonly tried: Tried;
  readonly rendered: Snapshot;
  /** In the order of the unit's siblings; empty where nothing that they share was edited. */
  readonly siblings: readonly Snapshot[];
  /** What the kustomization that makes its release gives, where one does. */
  readonly made: Objects | undefined;
}

/** What could be made so far of some changes. */
export interface Settled<T extends Change> {
  readonly kept: readonly T[];
  readonly routes: ReadonlyMap<Change, Route>;
  readonly refused: readonly Refusal<T>[];
  /** Nothing where no attempt did. */
  readonly done: Done | undefined;
}

interface Looked extends Outcome {
  /** Nothing where it cannot be rendered at all. */
  readonly rendered: Snapshot | undefined;
  readonly siblings: readonly Snapshot[];
  readonly made: Objects | undefined;
  /** Changes by which a sibling is not as it may be. */
  readonly blamed: ReadonlySet<Change>;
  /** The first sibling that is not. */
  readonly where: string | undefined;
}

export function textsOf(drafts: FileDrafts): TrialFile[] {
  return drafts.changed().map(({ file, after }) => ({ file, text: after }));
}

/** The copy as it was before the attempt. */
async function undo({ copy, drafts: kept }: OpenUnit, drafts: FileDrafts): Promise<void> {
  for (const { file, before } of drafts.changed())
    if (before === undefined) await copy.take(file);
    else await copy.write([{ file, text: before }]);
  await copy.write(textsOf(kept));
}

/** Siblings are rendered where one of them may see the difference. */
function concernsSiblings({ siblings }: Tried, routes: ReadonlyMap<Change, Route>): boolean {
  const isShared = siblings.some(({ sibling }) => sibling.usesIt) || [...routes.values()].includes('base');
  return isShared || siblings.some(({ patches, removed }) => patches.length + removed.length > 0);
}

async function lookAtSiblings({ open, snapshot, schemas }: Ground, { siblings: meant }: Tried) {
  const read = await readSiblings(open.siblings, open.copy);
  const merge = (raw: JsonObject, patch: Parameters<typeof mergePatch>[1]) =>
    mergePatch(raw, patch, knownOf({ snapshot, schemas }, { raw }));
  const wrong = meant.map((each, index) => {
    const rendered = read[index];
    return rendered === undefined ? [] : wrongInSibling(each, rendered, merge);
  });
  const at = wrong.findIndex((ids) => ids.length > 0);
  return {
    siblings: read,
    made: undefined,
    wrong: wrong[at] ?? [],
    where: meant[at]?.sibling.folder,
    blamed: new Set(meant.flatMap((each, index) => blamedIn(each, wrong[index] ?? []))),
  };
}

/** What the unit renders to with the drafts; nothing where it cannot be rendered. */
async function render({ copy, overlay, released }: OpenUnit, drafts: FileDrafts): Promise<Snapshot | undefined> {
  await copy.write(textsOf(drafts));
  const behind = (overlay === undefined ? undefined : overlayToRead(overlay, drafts)) ?? released;
  const read = await copy.read({ overlay: behind }).catch(() => undefined);
  return read?.objects.length === 0 ? undefined : read;
}

const nothingBeside = { siblings: [], wrong: [], where: undefined, made: undefined, blamed: new Set<Change>() };

/** Renders the attempt; what is not as wished is taken back from the copy. */
async function look(ground: Ground, tried: Tried, routes: ReadonlyMap<Change, Route>): Promise<Looked> {
  const { drafts, meant } = tried;
  const rendered = await render(ground.open, drafts);
  const wrong = rendered === undefined ? [...meant.objects.keys()] : wrongIn(meant, rendered);
  const isBeside = wrong.length === 0 && concernsSiblings(tried, routes);
  const made = wrong.length === 0 ? await lookAtMade(ground.open) : undefined;
  const beside = isBeside ? await lookAtSiblings(ground, tried) : { ...nothingBeside, ...made };
  if (wrong.length + beside.wrong.length > 0) await undo(ground.open, drafts);
  return { ...beside, rendered, wrong: [...wrong, ...beside.wrong], meant, now: byIdentity(rendered?.objects ?? []) };
}

/** True where there is another place to try. */
function advance(wish: Change, all: readonly Route[], routes: Map<Change, Route>): boolean {
  const [first = 'overlay'] = all;
  const isPlaced = wish.edits.length + (wish.remove ?? []).length > 0;
  const next = isPlaced ? nextRoute(all, routes.get(wish) ?? first) : undefined;
  if (next !== undefined) routes.set(wish, next);
  return next !== undefined;
}

/** The changes under way, and what was found of them. */
class Settling<T extends Change> {
  readonly routes: Map<Change, Route>;
  readonly refused: Refusal<T>[];
  left: readonly T[];
  private readonly all: readonly Route[];

  constructor(so: Settled<T>, wishes: readonly T[], all: readonly Route[]) {
    this.routes = new Map(so.routes);
    this.refused = [...so.refused];
    this.left = wishes;
    this.all = all;
  }

  /** To the next place, or out. */
  moveOn(wishes: readonly T[], reasonOf: (wish: T) => string): void {
    const stuck = new Set(wishes.filter((wish) => !advance(wish, this.all, this.routes)));
    this.refused.push(...[...stuck].map((wish) => ({ wish, reason: reasonOf(wish) })));
    this.left = this.left.filter((wish) => !stuck.has(wish));
  }
}

/** Tries changes beside those that are kept. Where a rendering does not tell whose fault it is, halves are tried by themselves. */
export async function settle<T extends Change>(
  ground: Ground,
  so: Settled<T>,
  wishes: readonly T[],
): Promise<Settled<T>> {
  const way = new Settling(so, wishes, ground.open.routes);
  const { routes, refused } = way;
  while (way.left.length > 0) {
    const attempt = { wishes: [...so.kept, ...way.left], routes };
    const tried = putChanges(ground, attempt);
    const failed = way.left.filter((wish) => tried.failed.has(wish));
    if (failed.length > 0) {
      way.moveOn(failed, (wish) => tried.failed.get(wish) ?? '');
      continue;
    }
    const looked = await look(ground, tried, routes);
    const { rendered, siblings, made } = looked;
    if (rendered !== undefined && looked.wrong.length === 0)
      return { kept: attempt.wishes, routes, refused, done: { tried, rendered, siblings, made } };
    const blamed =
      rendered === undefined ? [] : way.left.filter((wish) => looked.blamed.has(wish) || isBlamed(wish, looked));
    if (blamed.length === 0 && way.left.length > 1) {
      const half = Math.ceil(way.left.length / 2);
      const first = await settle(ground, { ...so, routes, refused }, way.left.slice(0, half));
      return settle(ground, first, way.left.slice(half));
    }
    way.moveOn(blamed.length > 0 ? blamed : way.left, () => tellWrong(looked));
  }
  return { ...so, routes, refused };
}
