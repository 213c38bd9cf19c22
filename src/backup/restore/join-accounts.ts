// A saved account and the one that is there, as one: both have controllers and people who wrote in them. Pure.

import { asArray, asObject, type Json, type JsonObject } from '../../model/index.ts';
import { changeAt } from './edit-object.ts';

/** By name: each once, what is there first. */
function union(live: Json | undefined, saved: Json | undefined): Json | undefined {
  const byName = new Map<Json | undefined, Json>();
  for (const each of [...asArray(live), ...asArray(saved)]) {
    const { name } = asObject(each);
    if (!byName.has(name)) byName.set(name, each);
  }
  return byName.size === 0 ? undefined : [...byName.values()];
}

function withField(object: JsonObject, field: string, value: Json | undefined): JsonObject {
  return value === undefined ? object : { ...object, [field]: value };
}

/** What there is of both; where they disagree, the label or annotation that was saved. Source: Velero 1.18, the merge of service accounts. */
export function joinAccounts(live: JsonObject, saved: JsonObject): JsonObject {
  const there = asObject(live['metadata']);
  const both =
    (key: string) =>
    (value: Json | undefined): Json | undefined => {
      const joined = { ...asObject(there[key]), ...asObject(value) };
      return Object.keys(joined).length === 0 ? undefined : joined;
    };
  const labelled = changeAt(saved, ['metadata', 'labels'], both('labels'));
  const annotated = changeAt(labelled, ['metadata', 'annotations'], both('annotations'));
  const withSecrets = withField(annotated, 'secrets', union(live['secrets'], saved['secrets']));
  const pulling = union(live['imagePullSecrets'], saved['imagePullSecrets']);
  return withField(withSecrets, 'imagePullSecrets', pulling);
}
