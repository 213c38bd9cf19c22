// One condition of what a controller says in a status.

import { asArray, asObject, type JsonObject } from '../../model/index.ts';

/** Empty where there is none of that type. */
export function conditionOf(status: JsonObject, type: string): JsonObject {
  return (
    asArray(status['conditions'])
      .map(asObject)
      .find((each) => each['type'] === type) ?? {}
  );
}
