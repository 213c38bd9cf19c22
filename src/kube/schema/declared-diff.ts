// Where a live object is not what its manifest declares: only fields that the manifest has, read as the API server reads them.

import {
  asObject,
  asString,
  isJsonObject,
  isSameNumber,
  type Json,
  type JsonObject,
  type Path,
} from '../../model/index.ts';
import { compareQuantities, parseQuantity } from '../quantities.ts';
import { keyOf } from './list-keys.ts';
import { anyNode, objectOf, type SchemaNode, schemaNode, type TypeSource } from './schema-node.ts';
import { isWithin, type Schemas } from './table.ts';

export interface DeclaredDifference {
  /** Place in the manifest. */
  readonly path: Path;
  readonly declared: Json;
  /** Absent where the live object has no such field or item. */
  readonly live?: Json;
}

/** A list without keys whose items have names is told apart by them, as most custom resources mean it. */
function nameOf(item: Json): string | undefined {
  const name = isJsonObject(item) ? item['name'] : undefined;
  return typeof name === 'string' ? name : undefined;
}

function isEmpty(value: Json): boolean {
  if (value === null || value === '' || value === false || value === 0) return true;
  return Array.isArray(value) ? value.length === 0 : isJsonObject(value) && Object.keys(value).length === 0;
}

function sameScalar(declared: Json, live: Json, { type }: SchemaNode): boolean {
  if (declared === live || isSameNumber(declared, live)) return true;
  if (type !== 'quantity') return false;
  const [one, other] = [declared, live].map((value) =>
    typeof value === 'string' || typeof value === 'number' ? parseQuantity(value) : undefined,
  );
  return one !== undefined && other !== undefined && compareQuantities(one, other) === 0;
}

class DeclaredDiff {
  readonly differences: DeclaredDifference[] = [];
  private readonly types: TypeSource;

  constructor(types: TypeSource) {
    this.types = types;
  }

  visit(declared: Json, live: Json | undefined, node: SchemaNode, path: Path): void {
    // What is declared empty and not kept is the same to Kubernetes.
    if (live === undefined || live === null) {
      if (!isEmpty(declared)) this.differences.push({ path, declared });
    } else if (isJsonObject(declared) && isJsonObject(live)) this.visitObject(declared, live, node, path);
    else if (Array.isArray(declared) && Array.isArray(live)) this.visitList(declared, live, node, path);
    else if (!sameScalar(declared, live, node)) this.differences.push({ path, declared, live });
  }

  private visitObject(declared: JsonObject, live: JsonObject, node: SchemaNode, path: Path): void {
    const fields = node.type === 'map' ? undefined : objectOf(node, this.types)?.fields;
    for (const [key, value] of Object.entries(declared)) {
      const field = node.type === 'map' ? node.item : fields?.get(key);
      if (value !== null && value !== undefined) this.visit(value, live[key], field ?? anyNode, [...path, key]);
    }
  }

  private visitList(declared: readonly Json[], live: readonly Json[], node: SchemaNode, path: Path): void {
    const item = node.item ?? anyNode;
    const keyed = (each: Json): string | undefined =>
      node.listKeys === undefined ? nameOf(each) : keyOf(each, node, this.types);
    const byKey = new Map(live.map((each) => [keyed(each), each]));
    const hasKeys = declared.length > 0 && declared.every((each) => keyed(each) !== undefined);
    if (!hasKeys && declared.length !== live.length) {
      this.differences.push({ path, declared: [...declared], live: [...live] });
      return;
    }
    for (const [index, each] of declared.entries())
      this.visit(each, hasKeys ? byKey.get(keyed(each)) : live[index], item, [...path, index]);
  }
}

/** What the API server sets by itself, and what a snapshot leaves out. */
const ignored: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'metadata', 'status']);
const comparedMetadata = ['labels', 'annotations'];

/** The schema of an object of a built-in kind; of any other nothing is known. */
export function nodeOfKind(schemas: Schemas, minor: number, declared: JsonObject): SchemaNode {
  const kind = schemas.kindNamed(asString(declared['apiVersion']) ?? '', asString(declared['kind']) ?? '');
  return kind !== undefined && isWithin(kind, minor) ? schemaNode('reference', { reference: kind.type }) : anyNode;
}

/** The parts of a manifest that are compared: of a Secret, nothing that could be a value. */
function comparedParts(declared: JsonObject): [string, Json][] {
  const isSecret = declared['kind'] === 'Secret';
  return Object.entries(declared).flatMap(([key, value]): [string, Json][] =>
    value === undefined || value === null || ignored.has(key) || (isSecret && key !== 'type') ? [] : [[key, value]],
  );
}

/**
 * Fields of the manifest that the live object has not, or has otherwise; fields that only the live object has (defaults, what others wrote) are
 * none. Values of Secrets are not compared: a snapshot does not hold them.
 */
export function declaredDifferences(
  schemas: Schemas,
  minor: number,
  declared: JsonObject,
  live: JsonObject,
): readonly DeclaredDifference[] {
  const nearest = schemas.nearestMinor(minor);
  const types = schemas.typesAt(nearest);
  const fields = objectOf(nodeOfKind(schemas, nearest, declared), types)?.fields;
  const diff = new DeclaredDiff(types);
  for (const key of comparedMetadata) {
    const value = asObject(declared['metadata'])[key];
    if (isJsonObject(value)) diff.visit(value, asObject(live['metadata'])[key], anyNode, ['metadata', key]);
  }
  for (const [key, value] of comparedParts(declared)) diff.visit(value, live[key], fields?.get(key) ?? anyNode, [key]);
  return diff.differences;
}
