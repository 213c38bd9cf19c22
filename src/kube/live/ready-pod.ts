// Whether a pod gets traffic now, by its own status.

import { asArray, asObject, type JsonObject } from '../../model/index.ts';

export function isReadyPod({ metadata, status }: JsonObject): boolean {
  const { phase, conditions } = asObject(status);
  const ready = asArray(conditions)
    .map(asObject)
    .find(({ type }) => type === 'Ready');
  return phase === 'Running' && asObject(metadata)['deletionTimestamp'] === undefined && ready?.['status'] === 'True';
}
