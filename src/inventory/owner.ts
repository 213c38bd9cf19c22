// Who made an object: the controller that its owner references name.

import { asArray, asObject, asString, type JsonObject } from '../model/index.ts';

export interface Controller {
  readonly group: string;
  /** '' where the reference does not say it, as only files can. */
  readonly kind: string;
  readonly name: string;
}

/** The owner that controls an object with this metadata; there is one at most. Source: meta/v1, OwnerReference. */
export function controllerOf(metadata: JsonObject): Controller | undefined {
  const found = asArray(metadata['ownerReferences'])
    .map(asObject)
    .find(({ controller }) => controller === true);
  if (found === undefined) return undefined;
  const [group = '', version] = (asString(found['apiVersion']) ?? '').split('/');
  return {
    group: version === undefined ? '' : group,
    kind: asString(found['kind']) ?? '',
    name: asString(found['name']) ?? '',
  };
}
