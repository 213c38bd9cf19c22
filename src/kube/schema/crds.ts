// Custom resource definitions as schemas for the validator. Source: apiextensions.k8s.io/v1 and v1beta1.

import { asArray, asObject, asString, isJsonObject, type JsonObject } from '../../model/index.ts';
import { compileCustomResource } from './compile-crd.ts';
import { CrdSchemas, type CrdVersion, type CustomKind } from './crd-schemas.ts';

/** v1beta1 has one version in `spec.version`, or several in `spec.versions`, and may keep the schema once for all. */
function readVersions(spec: JsonObject, isOld: boolean): CrdVersion[] {
  const listed = asArray(spec['versions']).filter(isJsonObject);
  const single = asString(spec['version']);
  const versions = listed.length > 0 || single === undefined ? listed : [{ name: single, served: true }];
  const shared = asObject(asObject(spec['validation'])['openAPIV3Schema']);
  const keepsAll = isOld ? spec['preserveUnknownFields'] !== false : spec['preserveUnknownFields'] === true;
  return versions
    .filter((version) => version['served'] !== false)
    .map((version) => {
      const own = asObject(asObject(version['schema'])['openAPIV3Schema']);
      const schema = Object.keys(own).length > 0 ? own : shared;
      const keepsUnknown = keepsAll || Object.keys(schema).length === 0;
      return { name: asString(version['name']) ?? '', schema, keepsUnknown };
    });
}

function readDefinition(raw: JsonObject): CustomKind | undefined {
  const spec = asObject(raw['spec']);
  const group = asString(spec['group']);
  const kind = asString(asObject(spec['names'])['kind']);
  if (group === undefined || kind === undefined) return undefined;
  const isOld = raw['apiVersion'] === 'apiextensions.k8s.io/v1beta1';
  // v1beta1 takes a missing scope as Namespaced.
  return { group, kind, namespaced: spec['scope'] !== 'Cluster', versions: readVersions(spec, isOld) };
}

/** Objects that are no definitions, or too broken to say what they define, are left out. */
export function compileCrds(crdObjects: readonly JsonObject[]): CrdSchemas {
  const definitions = crdObjects.filter((raw) => raw['kind'] === 'CustomResourceDefinition').map(readDefinition);
  return new CrdSchemas(
    definitions.filter((each) => each !== undefined),
    compileCustomResource,
  );
}
