// The request by which an object would be written, for judging what is there by the policies that are to come.

import type { AdmissionRequest } from '../../kube/admission/admission-policy.ts';
import { asObject, isJsonObject, type Json, type JsonObject, type KubeObject } from '../../model/index.ts';
import type { GuardRail } from './guard-rail.ts';

/** The API server reads a null as a field that is left out. */
function withoutNulls(value: Json): Json {
  if (Array.isArray(value)) return value.map((item: Json) => withoutNulls(item));
  if (!isJsonObject(value)) return value;
  const entries = Object.entries(value).filter(([, item]) => item !== null && item !== undefined);
  return Object.fromEntries(entries.map(([key, item]) => [key, withoutNulls(item ?? null)]));
}

/** Each object is asked for by every rail of its kind. */
const written = new WeakMap<KubeObject, JsonObject>();

/** The object as it would be sent, with its namespace. */
function asWritten(object: KubeObject): JsonObject {
  const known = written.get(object);
  if (known !== undefined) return known;
  const { raw, namespace } = object;
  const metadata = asObject(raw['metadata']);
  const placed = namespace === '' ? metadata : { ...metadata, namespace };
  const made = asObject(withoutNulls({ ...raw, metadata: placed }));
  written.set(object, made);
  return made;
}

/** The creation of an object by a person; `undefined` for kinds that the rail is not about. */
export function requestFor({ kinds }: GuardRail, object: KubeObject): AdmissionRequest | undefined {
  const { group, kind, namespace } = object;
  const known = kinds.find((each) => each.group === group && each.kind === kind);
  if (known === undefined) return undefined;
  return {
    group,
    version: known.version,
    kind,
    resource: known.resource,
    operation: 'CREATE',
    namespace,
    username: 'somebody',
    object: asWritten(object),
  };
}
