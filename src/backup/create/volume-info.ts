// What a backup says of each volume, so that a restore by Velero knows that there is no data and makes a new one.

import { asObject, asString, type Json, type JsonObject } from '../../model/index.ts';
import type { ArchivedObject } from '../archive/write-archive.ts';

const noData = 'the data of volumes is not part of this backup';

/** As Velero writes it of a volume that it leaves out. Source: Velero 1.18, internal/volume. */
function toInfo({ name, raw }: ArchivedObject, skippedReason = noData): JsonObject {
  const { claimRef, persistentVolumeReclaimPolicy } = asObject(raw['spec']);
  const { name: pvcName, namespace: pvcNamespace } = asObject(claimRef);
  return {
    pvcName: asString(pvcName) ?? '',
    pvcNamespace: asString(pvcNamespace) ?? '',
    pvName: name,
    snapshotDataMoved: false,
    skipped: true,
    skippedReason,
    pvInfo: {
      reclaimPolicy: asString(persistentVolumeReclaimPolicy) ?? 'Delete',
      labels: asObject(asObject(raw['metadata'])['labels']),
    },
  };
}

export class VolumeInfos {
  private infos: JsonObject[] = [];
  /** Why there are no data, by the volume's name. */
  private readonly reasons: ReadonlyMap<string, string>;

  constructor(reasons: ReadonlyMap<string, string> = new Map()) {
    this.reasons = reasons;
  }

  note(object: ArchivedObject): void {
    if (object.group === '' && object.resource === 'persistentvolumes')
      this.infos.push(toInfo(object, this.reasons.get(object.name)));
  }

  /** What is known of volumes whose data were saved; of others it stays as it is. */
  replace(known: readonly JsonObject[]): void {
    const names = new Set(known.map(({ pvName }) => pvName).filter((name) => name !== ''));
    this.infos = [...this.infos.filter(({ pvName }) => !names.has(pvName)), ...known];
  }

  toJson(): Json {
    return this.infos;
  }
}
