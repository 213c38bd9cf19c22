// Structural schemas (JSONSchemaProps) to the nodes that the validator walks.

import { RE2JS } from 're2js';
import { asArray, asNumber, asObject, asString, isJsonObject, type Json, type JsonObject } from '../../model/index.ts';
import { anyNode, type Constraints, type NodeType, type SchemaNode, schemaNode } from './schema-node.ts';

/** `partial` schemas (below allOf, anyOf, oneOf, not) add limits to a value whose fields are listed elsewhere. */
interface Mode {
  readonly keepsUnknown: boolean;
  readonly partial: boolean;
}

const string = schemaNode('string');

/** What every object carries; the schema of a custom resource leaves these fields out or says no more than `type: object`. */
const objectFields: readonly (readonly [string, SchemaNode])[] = [
  ['apiVersion', string],
  ['kind', string],
  ['metadata', schemaNode('reference', { reference: 'meta.v1.ObjectMeta' })],
];

const limitNames = [
  'minimum',
  'maximum',
  'multipleOf',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'minProperties',
  'maxProperties',
] as const;
const constraintNames: readonly string[] = [...limitNames, 'pattern', 'allOf', 'anyOf', 'oneOf', 'not'];

/** Go's own syntax, in linear time. A pattern that does not compile is not judged: the server refuses the definition. */
function compilePattern(pattern: string | undefined): Constraints['matches'] {
  if (pattern === undefined) return undefined;
  let expression: RE2JS | undefined;
  let isBroken = false;
  return (text) => {
    if (expression === undefined && !isBroken) {
      try {
        expression = RE2JS.compile(pattern);
      } catch {
        isBroken = true;
      }
    }
    return expression === undefined || expression.matcher(text).find();
  };
}

function compileAll(schemas: Json | undefined, mode: Mode): SchemaNode[] {
  return asArray(schemas)
    .filter(isJsonObject)
    .map((schema) => compileSchema(schema, { ...mode, partial: true }));
}

/** Number formats say nothing more than their types do. */
const harmlessFormats: ReadonlySet<string> = new Set(['date-time', 'byte', 'int32', 'int64', 'float', 'double']);

/** False for a schema with a format that is not judged here: values would seem to fit that the server tells apart. */
function isJudged(schema: Json | undefined): boolean {
  if (Array.isArray(schema)) return schema.every(isJudged);
  if (!isJsonObject(schema)) return true;
  const format = asString(schema['format']);
  if (format !== undefined && (schema['type'] === undefined || !harmlessFormats.has(format))) return false;
  const parts = ['allOf', 'anyOf', 'oneOf', 'not', 'items', 'additionalProperties'].map((name) => schema[name]);
  return parts.every(isJudged) && Object.values(asObject(schema['properties'])).every(isJudged);
}

function readConstraints(schema: JsonObject, mode: Mode): Constraints | undefined {
  if (!constraintNames.some((name) => Object.hasOwn(schema, name))) return undefined;
  const limits = Object.fromEntries(limitNames.map((name) => [name, asNumber(schema[name])]));
  const pattern = asString(schema['pattern']);
  const excluded = schema['not'];
  return {
    ...(limits as Record<(typeof limitNames)[number], number | undefined>),
    exclusiveMinimum: schema['exclusiveMinimum'] === true,
    exclusiveMaximum: schema['exclusiveMaximum'] === true,
    pattern,
    matches: compilePattern(pattern),
    allOf: compileAll(schema['allOf'], mode),
    // Which of the two an int-or-string is, its type already says.
    anyOf: schema['x-kubernetes-int-or-string'] === true ? [] : compileAll(schema['anyOf'], mode),
    oneOf: isJudged(schema['oneOf']) ? compileAll(schema['oneOf'], mode) : [],
    not: isJsonObject(excluded) && isJudged(excluded) ? compileSchema(excluded, { ...mode, partial: true }) : undefined,
  };
}

function compileFields(schema: JsonObject, mode: Mode): Map<string, SchemaNode> {
  const fields = new Map<string, SchemaNode>();
  for (const [name, field] of Object.entries(asObject(schema['properties'])))
    fields.set(name, compileSchema(asObject(field), mode));
  return fields;
}

function requiredOf(schema: JsonObject): string[] {
  return asArray(schema['required']).filter((name) => typeof name === 'string');
}

function keeps(schema: JsonObject, mode: Mode): boolean {
  const own = schema['x-kubernetes-preserve-unknown-fields'] === true;
  return own || mode.partial || mode.keepsUnknown || schema['additionalProperties'] === true;
}

function compileObject(schema: JsonObject, mode: Mode, shared: Partial<SchemaNode>): SchemaNode {
  const values = schema['additionalProperties'];
  if (isJsonObject(values)) return schemaNode('map', { ...shared, item: compileSchema(values, mode) });
  const fields = compileFields(schema, mode);
  const isEmbedded = schema['x-kubernetes-embedded-resource'] === true;
  if (isEmbedded) for (const [name, node] of objectFields) fields.set(name, node);
  const required = isEmbedded ? [...new Set(['apiVersion', 'kind', ...requiredOf(schema)])] : requiredOf(schema);
  const object = { fields, required, otherMinors: new Map<string, never>(), acceptsUnknown: keeps(schema, mode) };
  return schemaNode('object', { ...shared, object });
}

function compileList(schema: JsonObject, mode: Mode, shared: Partial<SchemaNode>): SchemaNode {
  const keys = asArray(schema['x-kubernetes-list-map-keys']).filter((key) => typeof key === 'string');
  return schemaNode('list', {
    ...shared,
    item: compileSchema(asObject(schema['items']), mode),
    listKeys: keys.length > 0 ? keys : undefined,
    isSet: schema['x-kubernetes-list-type'] === 'set',
  });
}

const scalarTypes: Readonly<Record<string, NodeType>> = {
  string: 'string',
  boolean: 'boolean',
  integer: 'int64',
  number: 'number',
};

/** The formats whose texts the server refuses just as it does in built-in types; others are not judged. */
const stringFormats: Readonly<Record<string, NodeType>> = { 'date-time': 'date-time', byte: 'byte' };

function scalarType(schema: JsonObject): NodeType | undefined {
  const type = asString(schema['type']) ?? '';
  const format = asString(schema['format']) ?? '';
  if (type === 'string' && Object.hasOwn(stringFormats, format)) return stringFormats[format];
  return Object.hasOwn(scalarTypes, type) ? scalarTypes[type] : undefined;
}

/** Without a type: an object where fields are listed or demanded, as in `oneOf: [{required: [a]}, {required: [b]}]`. */
function compileUntyped(schema: JsonObject, mode: Mode, shared: Partial<SchemaNode>): SchemaNode {
  if (schema['x-kubernetes-int-or-string'] === true) return schemaNode('int-or-string', shared);
  const namesFields = ['properties', 'required', 'x-kubernetes-embedded-resource'].some((name) =>
    Object.hasOwn(schema, name),
  );
  if (namesFields) return compileObject(schema, mode, shared);
  return Object.keys(shared).length === 0 ? anyNode : schemaNode('any', shared);
}

function sharedParts(schema: JsonObject, mode: Mode): Partial<SchemaNode> {
  const constraints = readConstraints(schema, mode);
  const enumValues = Array.isArray(schema['enum']) ? new Set(asArray(schema['enum'])) : undefined;
  return {
    ...(constraints === undefined ? {} : { constraints }),
    ...(enumValues === undefined ? {} : { enumValues }),
    ...(schema['nullable'] === true ? { nullable: true } : {}),
    ...(schema['x-kubernetes-map-type'] === 'atomic' ? { isAtomic: true } : {}),
    ...(schema['default'] === undefined ? {} : { default: schema['default'] }),
  };
}

function compileSchema(schema: JsonObject, mode: Mode): SchemaNode {
  const shared = sharedParts(schema, mode);
  const type = asString(schema['type']);
  if (type === 'object') return compileObject(schema, mode, shared);
  if (type === 'array') return compileList(schema, mode, shared);
  const scalar = scalarType(schema);
  return scalar === undefined ? compileUntyped(schema, mode, shared) : schemaNode(scalar, shared);
}

/** The schema of a custom resource with its status, as the API server itself holds it to. */
export function compileServedResource(schema: JsonObject, keepsUnknown: boolean): SchemaNode {
  const root = { ...schema, type: 'object', 'x-kubernetes-embedded-resource': true };
  return compileSchema(root, { keepsUnknown, partial: false });
}

/** The schema of a custom resource for the judge of manifests. Its status is the controller's business and accepted as it is. */
export function compileCustomResource(schema: JsonObject, keepsUnknown: boolean): SchemaNode {
  const node = compileServedResource(schema, keepsUnknown);
  if (node.object === undefined) return node;
  const fields = new Map(node.object.fields).set('status', anyNode);
  const required = node.object.required.filter((name) => name !== 'status');
  return { ...node, object: { ...node.object, fields, required } };
}
