// Which claims a pod uses: pure.

import { asArray, asObject, asString, type JsonObject } from '../../model/index.ts';

/** As `namespace/name`. */
export function claimsOfPod({ metadata, spec }: JsonObject): string[] {
  const namespace = asString(asObject(metadata)['namespace']) ?? '';
  return asArray(asObject(spec)['volumes']).flatMap((volume) => {
    const { claimName } = asObject(asObject(volume)['persistentVolumeClaim']);
    return typeof claimName === 'string' ? [`${namespace}/${claimName}`] : [];
  });
}
