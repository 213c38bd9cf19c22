// Puts changes into the files of a chart or a kustomization, each where its route leads, and says what must render of it.

import { type FileDrafts, identityOf, knownOf, patchOf } from '../../fixes/index.ts';
import { asObject, asString, type Change, type Edit, type KubeObject } from '../../model/index.ts';
import { applyEdits, type Ground, type Removal } from './ground.ts';
import { createInChart, putInChart, removeFromChart } from './put-in-chart.ts';
import { createInKustomization, putInKustomization, removeFromKustomization } from './put-in-kustomization.ts';
import { type OpenSibling, type PatchedTwin, sharesPlace, type SiblingMeant, twinsOf } from './siblings.ts';
import { type Attempt, createdBy, type Meant, type Route } from './unit-attempt.ts';

export interface Tried {
  readonly drafts: FileDrafts;
  readonly meant: Meant;
  /** What may become of those that share files with the unit. */
  readonly siblings: readonly SiblingMeant[];
  /** Changes that cannot be put anywhere, with the reason. */
  readonly failed: ReadonlyMap<Change, string>;
}

/** Puts what can be put, wish by wish; edits of an object gather. */
class Putting {
  readonly failed = new Map<Change, string>();
  readonly edits = new Map<KubeObject, readonly Edit[]>();
  readonly removals: Removal[] = [];
  readonly twins = new Map<OpenSibling, PatchedTwin[]>();
  private readonly ground: Ground;
  private readonly isChart: boolean;
  drafts: FileDrafts;

  constructor(ground: Ground) {
    this.ground = ground;
    this.isChart = ground.open.unit.kind === 'helm';
    this.drafts = ground.open.drafts.copy();
  }

  put(wish: Change, route: Route): void {
    const next = this.drafts.copy();
    const reason = this.putEdits(wish, route, next);
    if (reason !== undefined) {
      this.failed.set(wish, reason);
      return;
    }
    this.drafts = next;
    for (const { object, edits } of wish.edits) {
      this.foretell(wish, route, { object, edits });
      this.edits.set(object, [...this.earlier(object), ...edits]);
    }
    for (const object of wish.remove ?? []) this.removals.push({ wish, object, route });
  }

  putNew(wishes: readonly Change[]): void {
    const creates = wishes.flatMap(({ create }) => create);
    if (creates.length === 0) return;
    const create = this.isChart ? createInChart : createInKustomization;
    const reason = create(this.ground, creates, this.drafts);
    if (reason !== undefined) for (const wish of wishes) if (wish.create.length > 0) this.failed.set(wish, reason);
  }

  /** Last, and from the end of each text on: what stands before keeps its place. */
  remove(): void {
    const place = ({ source: { start, writtenIn: [first] = [] } }: KubeObject): number => first?.start ?? start;
    for (const removal of this.removals.toSorted((a, b) => place(b.object) - place(a.object))) {
      const remove = this.isChart ? removeFromChart : removeFromKustomization;
      const reason = remove(this.ground, removal, this.drafts);
      if (reason !== undefined) this.failed.set(removal.wish, reason);
    }
  }

  private earlier(object: KubeObject): readonly Edit[] {
    return this.edits.get(object) ?? [];
  }

  private putEdits(wish: Change, route: Route, drafts: FileDrafts): string | undefined {
    const put = this.isChart ? putInChart : putInKustomization;
    for (const { object, edits } of wish.edits) {
      const reason = put(this.ground, { wish, object, edits, earlier: this.earlier(object), route }, drafts);
      if (reason !== undefined) return reason;
    }
    return undefined;
  }

  /** The same change in those that share the file. */
  private foretell(wish: Change, route: Route, { object, edits }: Change['edits'][number]): void {
    const { snapshot, open } = this.ground;
    const before = applyEdits({ object, earlier: this.earlier(object) });
    const after = applyEdits({ object, earlier: this.earlier(object) }, edits);
    const patch = patchOf(before, after, knownOf(this.ground, object));
    if (patch === undefined) return;
    for (const sibling of open.siblings) {
      const isDue =
        route === 'base' &&
        sharesPlace(
          sibling,
          snapshot,
          object,
          edits.map(({ path }) => path),
        );
      if (!isDue && !sibling.usesIt) continue;
      const twins = twinsOf(object, snapshot, sibling).map(identityOf);
      const patched = twins.map((id) => ({ wish, id, patch, isDue }));
      this.twins.set(sibling, [...(this.twins.get(sibling) ?? []), ...patched]);
    }
  }
}

function siblingsMeant(
  { snapshot, open }: Ground,
  { twins, removals }: Putting,
  wishes: readonly Change[],
): SiblingMeant[] {
  const created = wishes.flatMap(({ create }) => create.map(({ raw }) => asString(raw['kind']) ?? ''));
  return open.siblings.map((sibling) => ({
    sibling,
    patches: twins.get(sibling) ?? [],
    removed: removals
      .filter(({ route, object }) => sibling.usesIt || (route === 'base' && sharesPlace(sibling, snapshot, object, [])))
      .flatMap(({ wish, object }) =>
        twinsOf(object, snapshot, sibling).map((twin) => ({ wish, id: identityOf(twin) })),
      ),
    created: sibling.usesIt ? created : [],
  }));
}

/** The files as they would be, and what they must render to. */
export function putChanges<T extends Change>(ground: Ground, { wishes, routes }: Attempt<T>): Tried {
  const { open } = ground;
  const [first = 'overlay'] = open.routes;
  const putting = new Putting(ground);
  for (const wish of wishes) putting.put(wish, routes.get(wish) ?? first);
  putting.putNew(wishes);
  putting.remove();
  const objects = new Map(open.now);
  for (const [object, edits] of putting.edits)
    objects.set(identityOf(object), asObject(applyEdits({ object, earlier: edits })));
  for (const { object } of putting.removals) objects.delete(identityOf(object));
  const { drafts, failed } = putting;
  const siblings = siblingsMeant(ground, putting, wishes);
  return { drafts, meant: { objects, created: createdBy(wishes) }, siblings, failed };
}
