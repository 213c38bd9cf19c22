// Puts a change of an object that a kustomization renders into the base that others share, or into what is the kustomization's own.

import { dirname, resolve } from 'node:path';
import {
  createKustomized,
  deleteKustomized,
  editKustomized,
  editShared,
  type FileDrafts,
  type KustomizeUnit,
  removeKustomized,
} from '../../fixes/index.ts';
import { parseYaml } from '../../kube/yaml/index.ts';
import { asObject, type NewObject } from '../../model/index.ts';
import { applyEdits, type Ground, isBelow, type ObjectWish, type Removal } from './ground.ts';

const noKustomization = 'its kustomization cannot be read';

/** The unit with its own files, or with those that others share. */
function kustomizeUnit({ snapshot, open, schemas }: Ground, part: 'own' | 'shared'): KustomizeUnit | undefined {
  const { kustomization, names, siblings } = open.files;
  if (kustomization === undefined || siblings === undefined) return undefined;
  const { ownFiles, root } = siblings;
  const folder = dirname(kustomization.file);
  const isOwn = (file: string): boolean =>
    ownFiles.has(resolve(file)) || (open.drafts.isNew(file) && isBelow(file, folder));
  const isOwnFile = part === 'own' ? isOwn : (file: string) => isBelow(file, root) && !isOwn(file);
  return { snapshot, schemas, ...kustomization, names, isOwnFile };
}

export function putInKustomization(ground: Ground, wish: ObjectWish, drafts: FileDrafts): string | undefined {
  const isShared = wish.route === 'base';
  const unit = kustomizeUnit(ground, isShared ? 'shared' : 'own');
  if (unit === undefined) return noKustomization;
  const { object, edits, route } = wish;
  const wanted = { before: applyEdits(wish), after: applyEdits(wish, edits) };
  if (!isShared) return editKustomized(unit, object, { ...wanted, usesFields: route !== 'patch' }, drafts);
  const reason = ground.unshared.get(wish.wish);
  return reason ?? editShared(unit, object, { ...wanted, paths: edits.map(({ path }) => path) }, drafts);
}

/** Takes the object's document out of its file, the base's or the kustomization's own; else what is rendered of it goes by a patch. */
export function removeFromKustomization(
  ground: Ground,
  { wish, object, route }: Removal,
  drafts: FileDrafts,
): string | undefined {
  const unit = kustomizeUnit(ground, route === 'base' ? 'shared' : 'own');
  if (unit === undefined) return noKustomization;
  if (route === 'base') return ground.unshared.get(wish) ?? removeKustomized(unit, object, drafts);
  return route === 'overlay' ? removeKustomized(unit, object, drafts) : deleteKustomized(unit, object, drafts);
}

export function createInKustomization(
  ground: Ground,
  creates: readonly NewObject[],
  drafts: FileDrafts,
): string | undefined {
  const { kustomization, affixes } = ground.open.files;
  const unit = kustomizeUnit(ground, 'own');
  if (kustomization === undefined || unit === undefined) return noKustomization;
  const parsed = parseYaml(kustomization.text);
  const setsNamespace = asObject(parsed.ok ? parsed.parsed.values[0] : undefined)['namespace'] !== undefined;
  return createKustomized(unit, creates, { setsNamespace, ...affixes }, drafts);
}
