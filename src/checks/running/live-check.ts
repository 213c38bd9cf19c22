// Checks of what the cluster itself says of an object: of files nothing is asked, for they have no status.

import { viewOf } from '../../inventory/index.ts';
import {
  asArray,
  asNumber,
  asObject,
  asString,
  type CheckMeta,
  type JsonObject,
  type KubeObject,
} from '../../model/index.ts';
import { type CheckContext, objectCheck, type ObjectCheck } from '../check.ts';

export function statusOf({ raw }: KubeObject): JsonObject {
  return asObject(raw['status']);
}

export function specOf({ raw }: KubeObject): JsonObject {
  return asObject(raw['spec']);
}

export function metadataOf({ raw }: KubeObject): JsonObject {
  return asObject(raw['metadata']);
}

/** A number of the status; one that is left out is 0, as the API server writes it. */
export function countIn(object: JsonObject, field: string): number {
  return asNumber(object[field]) ?? 0;
}

/** One of `status.conditions`, with empty texts for what is left out. */
export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason: string;
  readonly message: string;
  readonly since: string;
  /** `undefined` where its controller does not tell which generation it judged. */
  readonly generation: number | undefined;
}

export function readConditions(list: unknown): Condition[] {
  return asArray(list).map((item) => {
    const { type, status, reason, message, lastTransitionTime, observedGeneration } = asObject(item);
    return {
      type: asString(type) ?? '',
      status: asString(status) ?? '',
      reason: asString(reason) ?? '',
      message: asString(message) ?? '',
      since: asString(lastTransitionTime) ?? '',
      generation: asNumber(observedGeneration),
    };
  });
}

export function conditionsOf(object: KubeObject): Condition[] {
  return readConditions(statusOf(object)['conditions']);
}

export function findCondition(object: KubeObject, type: string): Condition | undefined {
  return conditionsOf(object).find((condition) => condition.type === type);
}

const longest = 240;

/** Text of a status on one line, short enough to be read. */
export function clip(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > longest ? `${line.slice(0, longest)}…` : line;
}

/** Text for the end of a message: those have no full stop. */
export function asClause(text: string): string {
  return clip(text).replace(/[.\s]+$/, '');
}

/** `Available is False, MissingEndpoints: no endpoints`. */
export function tellCondition({ type, status, reason, message }: Condition): string {
  const why = [reason, clip(message)].filter((text) => text !== '').join(': ');
  return `${type} is ${status}${why === '' ? '' : `, ${why}`}`;
}

/** Looks at objects of a cluster that have a status; where only files were read it has no subject. */
export function liveCheck(
  meta: CheckMeta,
  { kinds, applies, find }: Pick<ObjectCheck, 'kinds' | 'applies' | 'find'>,
): ObjectCheck {
  const isLive = (object: KubeObject, context: CheckContext): boolean =>
    viewOf(context.inventory).live && object.raw['status'] !== undefined && (applies?.(object, context) ?? true);
  return objectCheck(meta, { kinds, applies: isLive, find });
}
