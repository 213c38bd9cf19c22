// Edits of a kustomized object: in a patch or a resource of the kustomization's own files, else in a field that it has for them, else in a new patch beside it.

import { followPath } from '../../inventory/follow-path.ts';
import { nodeOfKind } from '../../kube/schema/index.ts';
import { parseYaml } from '../../kube/yaml/index.ts';
import { asString, type Edit, isJsonObject, type Json, type KubeObject, type Path } from '../../model/index.ts';
import { editText } from '../text/edit-text.ts';
import type { FileDrafts } from './file-drafts.ts';
import { newPatch, patchOfThisRun } from './new-patch.ts';
import { fieldsOfFile, putOwnFields, type Wanted } from './own-fields.ts';
import { editsToMerge, type Into, type Known, patchOf } from './strategic-patch.ts';
import {
  editDocument,
  fileOf,
  findSharedPlace,
  isGenerated,
  isOwn,
  isSetByEntry,
  isShared,
  type KustomizeUnit,
  metadataOf,
  patchesOf,
  removeDocument,
  resourceOf,
  valueOf,
} from './written-places.ts';

/** What Kubernetes knows of an object of that kind. */
export function knownOf(
  { schemas, snapshot }: Pick<KustomizeUnit, 'schemas' | 'snapshot'>,
  object: Pick<KubeObject, 'raw'>,
): Known {
  const minor = schemas.nearestMinor(snapshot.facts.minor);
  return { types: schemas.typesAt(minor), node: nodeOfKind(schemas, minor, object.raw) };
}

type Merge = (into: Into) => (value: Json) => readonly Edit[];

/** A patch or a resource that is there already, in the kustomization's own folder. */
function putInOwn(unit: KustomizeUnit, object: KubeObject, merge: Merge, drafts: FileDrafts) {
  const own = patchesOf(object).findLast((place) => isOwn(unit, place) && !isShared(unit, object, place));
  if (own !== undefined) return { reason: editDocument(unit, own, drafts, merge('patch')) };
  const resource = resourceOf(object);
  if (resource === undefined || !isOwn(unit, resource)) return undefined;
  return { reason: editDocument(unit, resource, drafts, merge('object')) };
}

function putInNew(file: string, merge: Merge, drafts: FileDrafts): string | undefined {
  const text = drafts.textOf(file, '');
  const parsed = parseYaml(text);
  const place = { start: 0, end: text.length, document: 0, within: [] };
  const result = editText(text, place, merge('patch')(parsed.ok ? (parsed.parsed.values[0] ?? null) : null));
  if (!result.ok) return result.reason;
  drafts.create(file, result.text);
  return undefined;
}

/** True where neither a resource nor a patch of the kustomization's own says the field. */
function isFree(unit: KustomizeUnit, object: KubeObject, path: Path): boolean {
  const resource = resourceOf(object);
  if (resource !== undefined && isOwn(unit, resource)) return false;
  const own = patchesOf(object).filter((place) => isOwn(unit, place));
  return own.every((place) => !followPath(object.raw, valueOf(unit, place), path).isWhole);
}

export interface KustomizeWish extends Wanted {
  /** False where all is to be patched: fields of the kustomization's own did not do. */
  readonly usesFields: boolean;
}

/** Puts the difference where it belongs; the reason where it cannot be. What it renders to then must be looked at. */
export function editKustomized(
  unit: KustomizeUnit,
  object: KubeObject,
  { usesFields, ...wanted }: KustomizeWish,
  drafts: FileDrafts,
): string | undefined {
  if (resourceOf(object) === undefined) return 'nothing is known of the file that it was made from';
  const known = knownOf(unit, object);
  const name = unit.aimOf === undefined ? asString(metadataOf(unit, object)?.['name']) : undefined;
  const own = { ...wanted, name, isFree: (path: Path) => isFree(unit, object, path) };
  const { before, after } = usesFields ? putOwnFields(fieldsOfFile(unit, drafts), own) : wanted;
  const patch = patchOf(before, after, known);
  if (!isJsonObject(patch) || Object.keys(patch).length === 0) return undefined;
  const merge: Merge = (into) => (value) => editsToMerge(value, patch, [], { into, known });
  const put = putInOwn(unit, object, merge, drafts);
  if (put !== undefined) return put.reason;
  const open = patchOfThisRun(unit, object, drafts);
  return open === undefined ? newPatch(unit, object, patch, drafts) : putInNew(open, merge, drafts);
}

/** Puts the difference into the base or the component that says it; the reason where it cannot be. */
export function editShared(
  unit: KustomizeUnit,
  object: KubeObject,
  { paths, ...wanted }: Wanted & { readonly paths: readonly Path[] },
  drafts: FileDrafts,
): string | undefined {
  const place = findSharedPlace(unit, object, paths);
  if (place === undefined || isGenerated(place)) return 'no base says it';
  // What the base says then would stop the entry that decides the field.
  if (paths.some((path) => isSetByEntry(object, path))) return 'a kustomization decides it by a field of its own';
  if (!unit.isOwnFile(fileOf(unit, place)))
    return 'the base is not in this repository, or this kustomization names it alone';
  const known = knownOf(unit, object);
  const patch = patchOf(wanted.before, wanted.after, known);
  if (!isJsonObject(patch)) return undefined;
  const into = place === resourceOf(object) ? 'object' : 'patch';
  return editDocument(unit, place, drafts, (value) => editsToMerge(value, patch, [], { into, known }));
}

/** Takes the resource that the object is made from out of its file, or the entry of its generator; the reason where it is in no file of the unit's. */
export function removeKustomized(unit: KustomizeUnit, object: KubeObject, drafts: FileDrafts): string | undefined {
  const resource = resourceOf(object);
  if (resource === undefined || isGenerated(resource) || !isOwn(unit, resource)) return 'no file of its own says it';
  return removeDocument(unit, resource, object, drafts);
}

/** Where the object goes by a patch, the text that made it stays: that is no way for what nobody may read. */
export function deleteKustomized(unit: KustomizeUnit, object: KubeObject, drafts: FileDrafts): string | undefined {
  if (object.kind === 'Secret') return 'its values would stay in the files';
  return newPatch(unit, object, { $patch: 'delete' }, drafts);
}
