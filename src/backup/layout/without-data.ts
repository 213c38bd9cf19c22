// Volumes whose objects a backup holds and whose data it does not: a restore makes them anew, and empty.

import { asArray, asObject, asString, type Json } from '../../model/index.ts';

export interface VolumeWithoutData {
  readonly namespace: string;
  /** '' for a volume that no claim had. */
  readonly claim: string;
  /** Name of the persistent volume. */
  readonly volume: string;
  readonly reason: string;
}

/** Out of the side file on volumes, as Velero 1.18 and we write it. */
export function findWithoutData(infos: Json): VolumeWithoutData[] {
  const all = asArray(infos).map(asObject);
  const text = (value: Json | undefined): string => asString(value) ?? '';
  return all
    .filter(({ skipped }) => skipped === true)
    .map(({ pvcNamespace, pvcName, pvName, skippedReason }) => ({
      namespace: text(pvcNamespace),
      claim: text(pvcName),
      volume: text(pvName),
      reason: text(skippedReason),
    }));
}
