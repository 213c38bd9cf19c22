import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Json, type JsonObject, type Path, toJsonPointer, valueAt } from '../../model/index.ts';
import { loadSchemas, validateObject } from './index.ts';
import { objectOf, type SchemaNode, schemaNode, type TypeSource } from './schema-node.ts';
import { type BuiltInKind, isWithin } from './table.ts';

const schemas = await loadSchemas();
type Draw = fc.GeneratorValue;

const texts: Readonly<Record<string, readonly Json[]>> = {
  string: ['', 'a', 'some text'],
  boolean: [true, false],
  int32: [0, -1, 2_147_483_647],
  int64: [0, 2 ** 40],
  number: [0.5, 3],
  quantity: ['500m', '1Gi', '1e3', 2, 0.5, '.5', '+1.'],
  'int32-or-string': [80, 'http', '25%'],
  'date-time': ['2026-01-02T03:04:05Z', '2026-01-02T03:04:05.123456+02:00'],
  byte: ['', 'YWI=', 'YWJj', 'Y\nWI='],
  any: ['x', 1],
};

/** A value that fits a node: required fields always, others now and then, nothing below the depth limit that may be left out. */
function fitting(node: SchemaNode, types: TypeSource, draw: Draw, depth: number): Json {
  const object = objectOf(node, types);
  if (object !== undefined) {
    const entries: [string, Json][] = [];
    for (const [name, field] of object.fields) {
      const wanted = object.required.includes(name) || (depth < 6 && draw(fc.nat, 4) === 0);
      if (wanted) entries.push([name, fitting(field, types, draw, depth + 1)]);
    }
    return Object.fromEntries(entries);
  }
  if (node.type === 'list') {
    // One item: items of a list with keys must differ from each other.
    return node.item === undefined || depth > 8 ? [] : [fitting(node.item, types, draw, depth + 1)];
  }
  if (node.type === 'map') return node.item === undefined ? {} : { key: fitting(node.item, types, draw, depth + 1) };
  const values = node.enumValues === undefined ? (texts[node.type] ?? []) : [...node.enumValues];
  return values[draw(fc.nat, values.length - 1)] ?? null;
}

interface Case {
  readonly kind: BuiltInKind;
  readonly minor: number;
  readonly raw: JsonObject;
}

const cases: fc.Arbitrary<Case> = fc.gen().map((draw) => {
  const minor = schemas.oldestMinor + draw(fc.nat, schemas.newestMinor - schemas.oldestMinor);
  const served = schemas.kinds.filter((each) => isWithin(each, minor));
  const kind = served[draw(fc.nat, served.length - 1)]!;
  const node = schemaNode('reference', { reference: kind.type });
  const value = fitting(node, schemas.typesAt(minor), draw, 0) as JsonObject;
  return { kind, minor, raw: { ...value, apiVersion: kind.apiVersion, kind: kind.kind } };
});

/** Paths of the fields that a type lists: keys of maps and what stands in untyped objects are not among them. */
function fieldPaths(node: SchemaNode, types: TypeSource, value: Json | undefined, path: Path): Path[] {
  const object = objectOf(node, types);
  if (object !== undefined)
    return Object.entries(value as JsonObject).flatMap(([name, each]) => {
      const field = object.fields.get(name);
      const here = [...path, name];
      return field === undefined ? [] : [here, ...fieldPaths(field, types, each, here)];
    });
  const { item } = node;
  if (item === undefined) return [];
  return Object.entries(value as JsonObject).flatMap(([key, each]) =>
    fieldPaths(item, types, each, [...path, node.type === 'list' ? Number(key) : key]),
  );
}

function renameAt(raw: JsonObject, path: Path, name: string): JsonObject {
  const copy = structuredClone(raw) as Record<string, Json>;
  const parent = valueAt(copy, path.slice(0, -1)) as Record<string, Json>;
  const old = String(path.at(-1));
  parent[name] = parent[old] ?? null;
  delete parent[old];
  return copy;
}

test('whatever a type allows has no problem', () => {
  fc.assert(
    fc.property(cases, ({ raw, minor }) => {
      expect(validateObject(schemas, raw, { minor })).toEqual([]);
    }),
    { numRuns: 400 },
  );
});

test('a field with a slip in its name is found where it stands, and the right name is told', () => {
  let told = 0;
  let slips = 0;
  fc.assert(
    fc.property(cases, fc.nat(), ({ kind, raw, minor }, choice) => {
      const root = schemaNode('reference', { reference: kind.type });
      const paths = fieldPaths(root, schemas.typesAt(minor), raw, []).filter((path) => path.length > 1);
      const path = paths[choice % Math.max(paths.length, 1)];
      fc.pre(path !== undefined);
      const name = String(path.at(-1));
      const slip = `${name.slice(0, -1)}q${name.slice(-1)}`;
      const problems = validateObject(schemas, renameAt(raw, path, slip), { minor });
      const pointer = toJsonPointer([...path.slice(0, -1), slip]);
      const problem = problems.find((each) => each.kind === 'unknown-field' && toJsonPointer(each.path) === pointer);
      expect(problem).toBeDefined();
      slips += 1;
      if (problem?.rename === name) told += 1;
    }),
    { numRuns: 400 },
  );
  expect(told / slips).toBeGreaterThan(0.9);
});

test('a value of another type is found where it stands', () => {
  fc.assert(
    fc.property(cases, fc.nat(), ({ kind, raw, minor }, choice) => {
      const types = schemas.typesAt(minor);
      const root = schemaNode('reference', { reference: kind.type });
      const paths = fieldPaths(root, types, raw, []).filter((path) => path.length > 1 && valueAt(raw, path) !== null);
      const scalars = paths.filter((path) => ['string', 'boolean'].includes(typeof valueAt(raw, path)));
      const path = scalars[choice % Math.max(scalars.length, 1)];
      fc.pre(path !== undefined && !isUntyped(root, types, path));
      const copy = structuredClone(raw) as Record<string, Json>;
      (valueAt(copy, path.slice(0, -1)) as Record<string, Json>)[String(path.at(-1))] = [[]];
      const found = validateObject(schemas, copy, { minor }).map((problem) => toJsonPointer(problem.path));
      expect(found).toContain(toJsonPointer(path));
    }),
    { numRuns: 300 },
  );
});

function isUntyped(node: SchemaNode, types: TypeSource, path: Path): boolean {
  let current: SchemaNode | undefined = node;
  for (const step of path) {
    if (current === undefined) return true;
    current = current.item ?? objectOf(current, types)?.fields.get(String(step));
  }
  return current === undefined || current.type === 'any';
}
