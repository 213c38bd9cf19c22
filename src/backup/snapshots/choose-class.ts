// Which VolumeSnapshotClass a snapshot is taken with: pure. Source: Velero 1.18, pkg/util/csi.

import { asObject, asString, type JsonObject } from '../../model/index.ts';

const classLabel = 'velero.io/csi-volumesnapshot-class';
const defaultAnnotation = 'snapshot.storage.kubernetes.io/is-default-class';

export interface ChoosingClass {
  /** Name of the CSI driver. */
  readonly driver: string;
  readonly claim: JsonObject;
  readonly backupAnnotations: Readonly<Record<string, string>>;
  readonly classes: readonly JsonObject[];
}

export type ChosenClass = { readonly name: string } | { readonly obstacle: string };

function nameOf(object: JsonObject): string {
  return asString(asObject(object['metadata'])['name']) ?? '';
}

function has(object: JsonObject, part: 'labels' | 'annotations', key: string): boolean {
  return asObject(asObject(object['metadata'])[part])[key] !== undefined;
}

/** One that is named and is not there, or is for another driver, is passed over. */
function findNamed(name: string | undefined, classes: readonly JsonObject[]): JsonObject | undefined {
  return name === undefined ? undefined : classes.find((each) => nameOf(each).toLowerCase() === name.toLowerCase());
}

function obstacleOf(driver: string, all: readonly JsonObject[], own: readonly JsonObject[]): string {
  if (own.length > 1)
    return `${own.length} VolumeSnapshotClasses are for its driver ${driver}, and none has the label ${classLabel}`;
  return all.length === 0 ? 'there is no VolumeSnapshotClass' : `no VolumeSnapshotClass is for its driver ${driver}`;
}

/** Named by the claim, then by the backup for this driver, then labelled, then the default, then the only one. */
export function chooseClass({ driver, claim, backupAnnotations, classes }: ChoosingClass): ChosenClass {
  const own = classes.filter((each) => (asString(each['driver']) ?? '').toLowerCase() === driver.toLowerCase());
  const byClaim = asString(asObject(asObject(claim['metadata'])['annotations'])[classLabel]);
  const found =
    findNamed(byClaim, own) ??
    findNamed(backupAnnotations[`${classLabel}_${driver.toLowerCase()}`], own) ??
    own.find((each) => has(each, 'labels', classLabel)) ??
    own.find((each) => has(each, 'annotations', defaultAnnotation)) ??
    (own.length === 1 ? own[0] : undefined);
  return found === undefined ? { obstacle: obstacleOf(driver, classes, own) } : { name: nameOf(found) };
}
