// Puts a change of an object that a chart renders into its values, its template, or the overlay behind it.

import {
  type Aim,
  aimAt,
  createTemplates,
  declareOverlay,
  deleteKustomized,
  editKustomized,
  editRelease,
  editRendered,
  type FileDrafts,
  type KustomizeUnit,
  namesOfRelease,
  releaseNamesIn,
  removeRendered,
  startOverlay,
} from '../../fixes/index.ts';
import { Positions } from '../../inventory/index.ts';
import { asObject, asString, type Change, type Edit, type KubeObject, type NewObject } from '../../model/index.ts';
import { isPastOverlay, type UnitFiles } from '../../sources/index.ts';
import { applyEdits, type Ground, isBelow, type ObjectWish, type Removal } from './ground.ts';
import type { OverlayPlace } from './overlay-place.ts';
import type { Route } from './unit-attempt.ts';

/** Names that change with the release: those of the chart's objects, and of new ones that are named as they are. */
function releaseNamesOf({ open: { twins, files } }: Ground, { create }: Change): ReadonlySet<string> {
  const { release } = files;
  const made = create.flatMap(({ raw }) => asString(asObject(raw['metadata'])['name']) ?? []);
  const own = made.filter((name) => name === release || name.startsWith(`${release}-`));
  return new Set([...namesOfRelease(twins), ...own]);
}

interface Behind {
  readonly overlay: OverlayPlace;
  readonly aim: Aim | undefined;
}

/** Why nothing behind the chart gets to see the object. */
function tellPast({ source: { origin } }: KubeObject, { releasedBy }: UnitFiles): string {
  if (origin.hook === undefined)
    return 'Helm installs the definitions of crds by themselves: no post-renderer sees them';
  return releasedBy?.by === 'Flux'
    ? 'it is a hook, and Flux shows hooks to postRenderers for certain only where spec.postRenderStrategy is combined or separate'
    : 'it is a hook, and Helm 3 shows hooks to no post-renderer (Helm 4 does)';
}

/** The overlay, ready for a patch of the object; the reason where it takes none. */
function openBehind({ open }: Ground, object: KubeObject, drafts: FileDrafts): Behind | string {
  const { overlay, bar = 'its chart decides the place, and no overlay behind it is wanted' } = open;
  if (overlay === undefined) return bar;
  if (isPastOverlay(object, open.files.seesHooks ?? false)) return tellPast(object, open.files);
  const aim = aimAt(object, open.files.release, open.twins);
  if (aim === 'unknown') return 'a patch behind the chart cannot tell it from others under every name of the release';
  const { create, settings } = overlay;
  const reason =
    create === undefined
      ? settings === undefined
        ? undefined
        : declareOverlay(settings, drafts)
      : startOverlay(create, drafts);
  return reason ?? { overlay, aim };
}

function unitBehind({ snapshot, schemas }: Ground, { overlay, aim }: Behind): KustomizeUnit {
  const { folder, file, text, names } = overlay;
  return { snapshot, schemas, file, text, names, isOwnFile: (each) => isBelow(each, folder), aimOf: () => aim };
}

function putBehind(ground: Ground, wish: ObjectWish, drafts: FileDrafts): string | undefined {
  // A patch is the same text for every release: what it says may not be true of one alone.
  if (releaseNamesIn(wish.edits, releaseNamesOf(ground, wish.wish)).length > 0)
    return 'a patch behind the chart would name this one release';
  const behind = openBehind(ground, wish.object, drafts);
  if (typeof behind === 'string') return behind;
  // Edits that went into values and templates before are no part of the patch.
  const wanted = {
    before: applyEdits(wish),
    after: applyEdits(wish, wish.edits),
    usesFields: wish.route !== 'patch',
  };
  const { snapshot, schemas } = ground;
  const { overlay, aim } = behind;
  if (overlay.release === undefined) return editKustomized(unitBehind(ground, behind), wish.object, wanted, drafts);
  const { file, text, release: name } = overlay;
  return editRelease({ snapshot, schemas, file, text, name, aim }, wish.object, wanted, drafts);
}

function isBehind(route: Route): boolean {
  return route === 'overlay' || route === 'patch';
}

function chartOf(ground: Ground, wish: Change) {
  const { snapshot, open } = ground;
  const positions = new Positions(snapshot);
  const { values, vendored, release } = open.files;
  return {
    snapshot,
    values,
    start: open.drafts,
    valuesKey: (each: KubeObject, path: Edit['path']) => positions.of(each, path).valuesKey,
    isVendored: (file: string) => vendored.some((folder) => isBelow(file, folder)),
    release,
    releaseNames: releaseNamesOf(ground, wish),
  };
}

export function putInChart(ground: Ground, wish: ObjectWish, drafts: FileDrafts): string | undefined {
  const { object, edits, route } = wish;
  if (isBehind(route)) return putBehind(ground, wish, drafts);
  return editRendered(
    chartOf(ground, wish.wish),
    object,
    { edits, route: route === 'template' ? 'template' : 'values' },
    drafts,
  );
}

/** Takes the object out of its template where that is plain, else out of what Helm renders. */
export function removeFromChart(
  ground: Ground,
  { wish, object, route }: Removal,
  drafts: FileDrafts,
): string | undefined {
  if (!isBehind(route)) return removeRendered(chartOf(ground, wish), object, drafts);
  const behind = openBehind(ground, object, drafts);
  if (typeof behind === 'string') return behind;
  if (behind.overlay.release !== undefined) return 'a HelmRelease takes nothing away';
  return deleteKustomized(unitBehind(ground, behind), object, drafts);
}

export function createInChart({ open }: Ground, creates: readonly NewObject[], drafts: FileDrafts): string | undefined {
  const { twins, files } = open;
  const { release, folder, names, vendored } = files;
  if (vendored.some((each) => isBelow(folder, each))) return 'its chart is an archive, which takes no new template';
  createTemplates(creates, { release, folder, names, twins }, drafts);
  return undefined;
}
