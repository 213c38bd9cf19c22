import { Schemas } from './table.ts';

export { type CrdSchemas, type CustomKind, noCrds } from './crd-schemas.ts';
export { type DeclaredDifference, declaredDifferences, nodeOfKind } from './declared-diff.ts';
export { isNamespaced } from './kinds.ts';
export { everyItem, findPodTemplates } from './pod-templates.ts';
export type { SchemaProblem, SchemaProblemKind } from './problem.ts';
export { anyNode, type ObjectSchema, objectOf, type SchemaNode, schemaNode, type TypeSource } from './schema-node.ts';
export type { BuiltInKind, Schemas } from './table.ts';
export { type ValidateOptions, validateObject, validateValue } from './validate.ts';

/** Kubernetes' own types, 1.24 and later. The table is a chunk of its own in the bundle; types are decoded when first used. */
export async function loadSchemas(): Promise<Schemas> {
  const { table, tableVersions } = await import('./schemas.generated.ts');
  return new Schemas(table, tableVersions);
}
