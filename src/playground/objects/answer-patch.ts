// What the API server says of a patch that cannot be applied.

import { PatchError } from '../../kube/patch/patch-error.ts';
import type { JsonObject } from '../../model/index.ts';
import { badRequest, StatusError } from '../status-error.ts';

/** Of a patch that does not fit the object, the server says no more than that. */
export function answerPatch(apply: () => JsonObject): JsonObject {
  try {
    return apply();
  } catch (error) {
    if (!(error instanceof PatchError)) throw error;
    if (error.fault === 'malformed') throw badRequest(error.message);
    const message = 'the server rejected our request due to an error in our request';
    throw new StatusError(message, { code: 422, reason: 'Invalid', details: {} });
  }
}
