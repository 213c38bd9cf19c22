// The kustomization that makes who deploys a chart: rendered again with every edit of that, of which only what it says of the chart may change.

import { byIdentity, editValue, findDifferences, identityOf } from '../../fixes/index.ts';
import { asObject, type Edit, type Json, type Path } from '../../model/index.ts';
import type { TrialCopy, UnitFiles } from '../../sources/index.ts';
import type { MadeRelease, Objects, OpenUnit } from './open-unit.ts';

/** The kustomization that makes the release of a chart, where its files may be edited. */
export function makerOf({ releasedBy, madeFrom }: UnitFiles): string | undefined {
  return madeFrom === undefined ? undefined : releasedBy?.object.source.origin.unit;
}

async function readMade(folder: string, copy: TrialCopy): Promise<Objects> {
  return byIdentity((await copy.readSibling(folder)).objects);
}

export async function openMade(files: UnitFiles, copy: TrialCopy): Promise<Pick<OpenUnit, 'made'>> {
  const { releasedBy } = files;
  const folder = makerOf(files);
  if (releasedBy === undefined || folder === undefined) return {};
  const { inline, object } = releasedBy;
  const first = await readMade(folder, copy);
  const fields: Path[] = [['spec', 'postRenderers'], ...(inline === undefined ? [] : [inline.path])];
  return { made: { folder, release: identityOf(object), fields, first, now: first } };
}

/** All objects, the release without what edits go into. */
function besides({ release, fields }: MadeRelease, objects: Objects): Objects {
  const own = objects.get(release);
  if (own === undefined) return objects;
  const edits = fields.map((path): Edit => ({ op: 'remove', path }));
  return new Map([...objects, [release, asObject(edits.reduce<Json>(editValue, own))]]);
}

interface LookedAtMade {
  readonly made: Objects | undefined;
  /** Identities of what is not as it was. */
  readonly wrong: readonly string[];
  readonly where: string | undefined;
}

/** What it gives with the edits of the copy. */
export async function lookAtMade({ made, copy }: OpenUnit): Promise<LookedAtMade> {
  if (made === undefined) return { made: undefined, wrong: [], where: undefined };
  const now = await readMade(made.folder, copy);
  const wrong = findDifferences(besides(made, made.first), besides(made, now));
  return { made: now, wrong, where: wrong.length === 0 ? undefined : made.folder };
}
