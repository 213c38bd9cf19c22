// Walks a value along a schema and notes what does not fit. Paths are kept on one stack and copied only for a problem.

import { asNumber, asString, type Json, type JsonObject, type Path } from '../../model/index.ts';
import { checkConstraints } from './constraints.ts';
import { isBase64, isDateTime, isQuantity } from './formats.ts';
import { noteDuplicates } from './list-keys.ts';
import { nameOfActual, nameOfExpected, nameOfStep, type SchemaProblem, type SchemaProblemKind } from './problem.ts';
import type { NodeType, ObjectSchema, SchemaNode, TypeSource } from './schema-node.ts';
import { explainUnknownField } from './unknown-field.ts';
import type { Enclosing, SchemaWalker } from './walker.ts';

const maxInt32 = 2_147_483_647;
const maxInt64 = 2 ** 63;

/** `undefined` where the value fits; else how it does not. */
type ScalarTest = (value: Json) => SchemaProblemKind | undefined;

function wrongUnless(fits: boolean): SchemaProblemKind | undefined {
  return fits ? undefined : 'wrong-type';
}

function wholeNumberWithin(value: Json, limit: number): SchemaProblemKind | undefined {
  const number = asNumber(value);
  if (number === undefined || !Number.isInteger(number)) return 'wrong-type';
  return number > limit || number < -limit - 1 ? 'invalid-format' : undefined;
}

function textOf(value: Json, isValid: (text: string) => boolean): SchemaProblemKind | undefined {
  const text = asString(value);
  if (text === undefined) return 'wrong-type';
  return isValid(text) ? undefined : 'invalid-format';
}

const scalarTests: Readonly<Partial<Record<NodeType, ScalarTest>>> = {
  boolean: (value) => wrongUnless(typeof value === 'boolean'),
  int32: (value) => wholeNumberWithin(value, maxInt32),
  int64: (value) => wholeNumberWithin(value, maxInt64),
  number: (value) => wrongUnless(asNumber(value) !== undefined),
  quantity: (value) => (asNumber(value) !== undefined ? undefined : textOf(value, isQuantity)),
  'int-or-string': (value) => wrongUnless(asString(value) !== undefined || Number.isInteger(asNumber(value))),
  'int32-or-string': (value) => (asString(value) !== undefined ? undefined : wholeNumberWithin(value, maxInt32)),
  'date-time': (value) => textOf(value, isDateTime),
  byte: (value) => textOf(value, isBase64),
};

export class SchemaWalk implements SchemaWalker {
  problems: SchemaProblem[] = [];
  readonly types: TypeSource;
  private readonly path: (string | number)[];
  private readonly enclosing: Enclosing[] = [];

  /** `path` is where the walked value stands in the object that is judged. */
  constructor(types: TypeSource, path: Path = []) {
    this.types = types;
    this.path = [...path];
  }

  here(): Path {
    return [...this.path];
  }

  note(problem: Omit<SchemaProblem, 'path'>, step?: string | number): void {
    this.problems.push({ ...problem, path: step === undefined ? this.here() : [...this.path, step] });
  }

  fits(node: SchemaNode, value: Json): boolean {
    const kept = this.problems;
    this.problems = [];
    this.visit(node, value);
    const fits = this.problems.length === 0;
    this.problems = kept;
    return fits;
  }

  /** kubectl and the API server read null as absent. */
  visit(node: SchemaNode, value: Json | undefined): void {
    if (value === null || value === undefined) return;
    this.visitByType(node, value);
    if (node.constraints !== undefined) checkConstraints(this, node.constraints, value);
  }

  private visitByType(node: SchemaNode, value: Json): void {
    switch (node.type) {
      case 'any':
        if (node.enumValues !== undefined) this.visitEnum(node.enumValues, value);
        return;
      case 'string':
        this.visitString(node, value);
        return;
      case 'reference':
        this.visitObject(node, this.types.typeNamed(node.reference ?? ''), value);
        return;
      case 'object':
        this.visitObject(node, node.object, value);
        return;
      case 'list':
        this.visitList(node, value);
        return;
      case 'map':
        this.visitMap(node, value);
        return;
      default:
        this.visitScalar(node, value);
    }
  }

  private visitString(node: SchemaNode, value: Json): void {
    if (asString(value) === undefined) this.noteWrongType(node.type, value);
    else if (node.enumValues !== undefined) this.visitEnum(node.enumValues, value);
  }

  private visitEnum(allowed: ReadonlySet<Json>, value: Json): void {
    if (allowed.has(value)) return;
    const names = [...allowed]
      .filter((each) => each !== '')
      .map((each) => JSON.stringify(each))
      .join(', ');
    this.note({
      kind: 'invalid-enum',
      message: `${nameOfStep(this.path)} has a value that is not allowed; allowed: ${names}`,
    });
  }

  private visitScalar(node: SchemaNode, value: Json): void {
    const outcome = scalarTests[node.type]?.(value);
    if (outcome === 'wrong-type') this.noteWrongType(node.type, value);
    else if (outcome !== undefined)
      this.note({ kind: outcome, message: `${nameOfStep(this.path)} is not ${nameOfExpected(node.type)}` });
    else if (node.enumValues !== undefined) this.visitEnum(node.enumValues, value);
  }

  private visitObject(node: SchemaNode, schema: ObjectSchema | undefined, value: Json): void {
    if (typeof value !== 'object' || Array.isArray(value)) {
      this.noteWrongType(node.type, value);
      return;
    }
    if (schema === undefined) return;
    const object = value as JsonObject;
    this.enclosing.push({ schema, depth: this.path.length });
    for (const key in object) {
      const field = schema.fields.get(key);
      if (field !== undefined) this.visitAt(key, field, object[key]);
      else if (!schema.acceptsUnknown) this.noteUnknownField(key);
    }
    for (const name of schema.required) this.requireField(object, name, schema);
    this.enclosing.pop();
  }

  private requireField(object: JsonObject, name: string, schema: ObjectSchema): void {
    const value = object[name];
    if (value === null ? schema.fields.get(name)?.nullable === true : value !== undefined) return;
    const parent = this.path.length === 0 ? 'the object' : nameOfStep(this.path);
    this.note({ kind: 'missing-field', message: `${parent} has no "${name}", which is required` }, name);
  }

  private visitAt(step: string | number, node: SchemaNode, value: Json | undefined): void {
    this.path.push(step);
    this.visit(node, value);
    this.path.pop();
  }

  private visitList(node: SchemaNode, value: Json): void {
    if (!Array.isArray(value)) {
      this.noteWrongType(node.type, value);
      return;
    }
    const items = value as readonly Json[];
    const { item } = node;
    if (item !== undefined)
      for (let index = 0; index < items.length; index += 1) this.visitAt(index, item, items[index]);
    if (items.length > 1 && (node.listKeys !== undefined || node.isSet)) noteDuplicates(this, node, items);
  }

  private visitMap(node: SchemaNode, value: Json): void {
    if (typeof value !== 'object' || Array.isArray(value)) {
      this.noteWrongType(node.type, value);
      return;
    }
    const { item } = node;
    if (item === undefined) return;
    const object = value as JsonObject;
    for (const key in object) this.visitAt(key, item, object[key]);
  }

  private noteWrongType(type: NodeType, value: Json): void {
    const message = `${nameOfStep(this.path)} must be ${nameOfExpected(type)} and is ${nameOfActual(value)}`;
    const isUnquoted = type === 'string' && (asNumber(value) !== undefined || typeof value === 'boolean');
    const isQuoted = isPlainScalar(type, asString(value) ?? '');
    if (isUnquoted) this.note({ kind: 'wrong-type', message, suggestion: 'Put the value in quotes' });
    else if (isQuoted) this.note({ kind: 'wrong-type', message, suggestion: 'Remove the quotes' });
    else this.note({ kind: 'wrong-type', message });
  }

  private noteUnknownField(name: string): void {
    this.note({ kind: 'unknown-field', ...explainUnknownField(name, this.path, this.enclosing, this.types) }, name);
  }
}

function isPlainScalar(type: NodeType, text: string): boolean {
  if (type === 'boolean') return text === 'true' || text === 'false';
  return (type === 'int32' || type === 'int64') && /^-?\d+$/.test(text);
}
