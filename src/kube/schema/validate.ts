// Judges one object by the schema of its kind: Kubernetes' own, or a custom resource definition's.

import { asArray, asString, isJsonObject, type Json, type JsonObject, type Path } from '../../model/index.ts';
import { parseApiVersion } from '../api-version.ts';
import { withDefaults } from './crd-defaults.ts';
import type { CrdSchemas } from './crd-schemas.ts';
import { explainUnknownKind } from './kinds.ts';
import type { SchemaProblem } from './problem.ts';
import { type SchemaNode, schemaNode, type TypeSource } from './schema-node.ts';
import { isWithin, type Schemas } from './table.ts';
import { SchemaWalk } from './walk.ts';

export interface ValidateOptions {
  /** Minor version of the target Kubernetes: 1.N as N. */
  readonly minor: number;
  /** Definitions of custom kinds that the input holds. */
  readonly crds?: CrdSchemas;
}

/**
 * Every way in which an object does not fit its kind as the target version has it, in the object's own order. Nulls count as
 * absent. Fields that the server drops silently (unknown ones) are told like those it refuses.
 */
export function validateObject(schemas: Schemas, raw: JsonObject, options: ValidateOptions): SchemaProblem[] {
  const problems = validateAt(schemas, raw, options, []);
  const isOutside = schemas.nearestMinor(options.minor) !== options.minor;
  return isOutside ? problems.map(openToDoubt) : problems;
}

/** Another minor than the table's may know what the table does not. */
function openToDoubt(problem: SchemaProblem): SchemaProblem {
  const dependsOnMinor = problem.kind.startsWith('unknown-') || problem.kind === 'removed-kind';
  return dependsOnMinor ? { ...problem, unknown: true } : problem;
}

function validateAt(schemas: Schemas, raw: JsonObject, options: ValidateOptions, path: Path): SchemaProblem[] {
  const apiVersion = asString(raw['apiVersion']) ?? '';
  const kind = asString(raw['kind']) ?? '';
  if (apiVersion === 'v1' && kind === 'List') return validateItems(schemas, raw, options, path);
  const minor = schemas.nearestMinor(options.minor);
  const walk = new SchemaWalk(schemas.typesAt(minor), path);
  const builtIn = schemas.kindNamed(apiVersion, kind);
  if (builtIn !== undefined && isWithin(builtIn, minor)) {
    walk.visit(schemaNode('reference', { reference: builtIn.type }), raw);
    return walk.problems;
  }
  const { group, version } = parseApiVersion(apiVersion);
  const custom = options.crds?.schemaOf(group, version, kind);
  if (custom === undefined) {
    const problem = explainUnknownKind({ schemas, crds: options.crds, minor }, { apiVersion, group, version, kind });
    return [{ ...problem, path: [...path, ...problem.path] }];
  }
  walk.visit(custom, withDefaults(custom, raw));
  return walk.problems;
}

/** Every way in which a value does not fit a schema that the caller has at hand. */
export function validateValue(node: SchemaNode, types: TypeSource, value: Json): SchemaProblem[] {
  const walk = new SchemaWalk(types);
  walk.visit(node, value);
  return walk.problems;
}

function validateItems(schemas: Schemas, list: JsonObject, options: ValidateOptions, path: Path): SchemaProblem[] {
  return asArray(list['items']).flatMap((item, index) =>
    isJsonObject(item) ? validateAt(schemas, item, options, [...path, 'items', index]) : [],
  );
}
