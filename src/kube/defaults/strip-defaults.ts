// An object without what the API server would fill in again: shorter to read, and the same to the server. Pure.

import { isJsonObject, isSameJson, type Json, type JsonObject } from '../../model/index.ts';
import { anyNode, nodeOfKind, objectOf, type SchemaNode, type Schemas, type TypeSource } from '../schema/index.ts';
import { type ServerDefault, serverDefaults, withoutHostPorts } from './server-defaults.ts';

function defaultOf(rule: ServerDefault, beside: JsonObject): Json | undefined {
  return typeof rule === 'function' ? rule(beside) : rule;
}

class Stripping {
  private readonly types: TypeSource;

  constructor(types: TypeSource) {
    this.types = types;
  }

  strip(value: Json, node: SchemaNode): Json {
    if (Array.isArray(value)) return (value as readonly Json[]).map((item) => this.strip(item, node.item ?? anyNode));
    if (!isJsonObject(value)) return value;
    if (node.type === 'map') return this.stripEach(value, () => node.item);
    const fields = objectOf(node, this.types)?.fields;
    if (fields === undefined) return value;
    const stripped = this.stripEach(value, (key) => fields.get(key));
    return this.withoutDefaults(stripped, value, node.reference ?? '');
  }

  private stripEach(value: JsonObject, nodeOf: (key: string) => SchemaNode | undefined): JsonObject {
    return Object.fromEntries(
      Object.entries(value).flatMap(([key, each]): [string, Json][] =>
        each === undefined || each === null ? [] : [[key, this.strip(each, nodeOf(key) ?? anyNode)]],
      ),
    );
  }

  /** Either form may be the default: as it was written, or once what is below was cleaned. */
  private withoutDefaults(stripped: JsonObject, original: JsonObject, type: string): JsonObject {
    const rules = serverDefaults[type];
    if (rules === undefined) return stripped;
    const kept = Object.entries(stripped).filter(([key, value]) => {
      const rule = Object.hasOwn(rules, key) ? rules[key] : undefined;
      const usual = rule === undefined ? undefined : defaultOf(rule, original);
      return usual === undefined || !(isSameJson(value, usual) || isSameJson(original[key], usual));
    });
    const plain = Object.fromEntries(kept);
    return type === 'core.v1.PodSpec' ? withoutHostPorts(plain) : plain;
  }
}

/** Kinds that are not Kubernetes' own stay as they are. Null says nothing, and goes. `minor` is the server's. */
export function stripDefaults(schemas: Schemas, minor: number, object: JsonObject): JsonObject {
  const nearest = schemas.nearestMinor(minor);
  const node = nodeOfKind(schemas, nearest, object);
  const stripped = new Stripping(schemas.typesAt(nearest)).strip(object, node);
  return isJsonObject(stripped) ? stripped : object;
}
