// New patches of a kustomization: named and listed as those that are there.

import { parseYaml } from '../../kube/yaml/index.ts';
import { asArray, asObject, asString, type Json, type JsonObject, type KubeObject } from '../../model/index.ts';
import { folderOf } from '../new-files/folder.ts';
import { editText } from '../text/edit-text.ts';
import { renderBlock } from '../text/render-value.ts';
import type { Aim } from './aim.ts';
import type { FileDrafts } from './file-drafts.ts';
import { type KnownPatch, namePatch } from './patch-names.ts';
import { type KustomizeUnit, metadataOf } from './written-places.ts';

function patchFiles(kustomization: JsonObject): string[] {
  const listed = asArray(kustomization['patches']).flatMap((each) => asString(asObject(each)['path']) ?? []);
  const old = asArray(kustomization['patchesStrategicMerge']).flatMap((each) => asString(each) ?? []);
  return [...listed, ...old.filter((each) => !each.includes('\n'))];
}

/** The patches that the kustomization lists, with their texts as far as they were read. */
function knownPatches({ snapshot, file }: KustomizeUnit, kustomization: JsonObject, drafts: FileDrafts): KnownPatch[] {
  const folder = folderOf(file);
  return patchFiles(kustomization).map((listed) => {
    const path = listed.replace(/^\.\//, '');
    const text = snapshot.texts.find((each) => each.file === folder + path && !each.rendered)?.text;
    return { path, text: text ?? drafts.changed().find((each) => each.file === folder + path)?.after };
  });
}

/** The kustomization with one more entry in a list. */
export function addToKustomization(
  unit: Pick<KustomizeUnit, 'file' | 'text'>,
  drafts: FileDrafts,
  list: string,
  entry: Json,
): string | undefined {
  const text = drafts.textOf(unit.file, unit.text);
  const place = { start: 0, end: text.length, document: 0, within: [] };
  const result = editText(text, place, [{ op: 'add', path: [list], values: [entry] }]);
  if (!result.ok) return result.reason;
  drafts.change(unit.file, unit.text, result.text);
  return undefined;
}

interface Listed {
  readonly kustomization: JsonObject;
  /** Of the patch, from the kustomization. */
  readonly path: string;
  readonly aim: Aim | undefined;
}

/** As the kustomization lists the others. A patch with an aim needs the newer list. */
function listPatch(unit: KustomizeUnit, { kustomization, path, aim }: Listed, drafts: FileDrafts): string | undefined {
  const isOldStyle = kustomization['patchesStrategicMerge'] !== undefined && kustomization['patches'] === undefined;
  if (isOldStyle && aim === undefined) return addToKustomization(unit, drafts, 'patchesStrategicMerge', path);
  return addToKustomization(unit, drafts, 'patches', aim === undefined ? { path } : { path, target: aim.target });
}

function isFreeFile({ file, names, snapshot }: KustomizeUnit, path: string, drafts: FileDrafts): boolean {
  const whole = folderOf(file) + path;
  return !names.includes(path) && !drafts.has(whole) && !snapshot.texts.some((each) => each.file === whole);
}

/** A new patch of one object, listed; the reason where it cannot be. */
export function newPatch(
  unit: KustomizeUnit,
  object: KubeObject,
  patch: JsonObject,
  drafts: FileDrafts,
): string | undefined {
  const metadata = metadataOf(unit, object);
  if (metadata === undefined) return 'nothing is known of the file that it was made from';
  const parsed = parseYaml(drafts.textOf(unit.file, unit.text));
  const kustomization = asObject(parsed.ok ? parsed.parsed.values[0] : undefined);
  const aim = unit.aimOf?.(object);
  const name = namePatch(
    { kind: object.kind, name: aim?.name ?? asString(metadata['name']) ?? object.name },
    knownPatches(unit, kustomization, drafts),
    (path) => isFreeFile(unit, path, drafts),
  );
  const { metadata: inPatch, ...rest } = patch;
  const { apiVersion, kind } = object;
  const document = { apiVersion, kind, metadata: { ...metadata, ...asObject(inPatch) }, ...rest };
  const reason = listPatch(unit, { kustomization, path: name, aim }, drafts);
  if (reason !== undefined) return reason;
  drafts.create(folderOf(unit.file) + name, `${renderBlock(document, { column: 0, newLine: '\n' })}\n`);
  return undefined;
}

/** A patch of this run that is about the object already. */
export function patchOfThisRun(unit: KustomizeUnit, object: KubeObject, drafts: FileDrafts): string | undefined {
  const metadata = metadataOf(unit, object);
  return drafts.changed().find(({ before, after }) => {
    const parsed = before === undefined ? parseYaml(after) : undefined;
    const value = parsed?.ok === true ? asObject(parsed.parsed.values[0]) : {};
    return value['kind'] === object.kind && asObject(value['metadata'])['name'] === metadata?.['name'];
  })?.file;
}
