// From a request's body to an object of the resource: right kind, right types, unknown fields dropped, defaults filled in.

import { withDefaults } from '../../kube/schema/crd-defaults.ts';
import { asObject, type JsonObject, toText } from '../../model/index.ts';
import { withBuiltInDefaults } from '../defaults/index.ts';
import type { Kernel, Write } from '../kernel.ts';
import type { Endpoint } from '../resources/resource.ts';
import { badRequest, type StatusError } from '../status-error.ts';
import { decodeProblem } from '../validation/schema.ts';
import { compact, metadataOf, nameOf, withMetadata } from './edit.ts';
import { fieldPath } from './field-path.ts';
import { prune } from './prune.ts';
import { type Target, targetVersion } from './target.ts';

/** How a body that cannot be read is refused: a patch does it in other words than an object. */
export type Refuse = (problem: string) => StatusError;

export function refuseObject({ resource, version }: Endpoint): Refuse {
  return (problem) =>
    badRequest(`${resource.kind} in version "${version.version}" cannot be handled as a ${resource.kind}: ${problem}`);
}

function requireKind(endpoint: Endpoint, object: JsonObject): JsonObject {
  const { resource } = endpoint;
  const apiVersion = targetVersion(endpoint);
  const given = compact({ apiVersion: object['apiVersion'], kind: object['kind'] });
  if ((given['kind'] ?? resource.kind) !== resource.kind)
    throw badRequest(
      `${toText(given['kind'])} in version "${toText(given['apiVersion'])}" cannot be handled as a ${resource.kind}`,
    );
  if ((given['apiVersion'] ?? apiVersion) !== apiVersion)
    throw badRequest(
      `the API version in the data (${toText(given['apiVersion'])}) does not match the expected API version (${apiVersion})`,
    );
  return { ...object, apiVersion, kind: resource.kind };
}

function noteUnknown(problems: readonly string[], { fieldValidation, warnings }: Write, refuse: Refuse): void {
  if (problems.length === 0 || fieldValidation === 'Ignore') return;
  if (fieldValidation === 'Strict') throw refuse(`strict decoding error: ${problems.join(', ')}`);
  warnings.push(...problems);
}

/** The object without what its kind does not know; types that do not fit are refused. */
export function readObject(
  kernel: Kernel,
  endpoint: Endpoint,
  raw: JsonObject,
  { write, refuse }: { readonly write: Write; readonly refuse: Refuse },
): JsonObject {
  const typed = requireKind(endpoint, raw);
  const problem = decodeProblem(kernel, endpoint, typed);
  if (problem !== undefined) throw refuse(problem);
  const rules = { types: kernel.types, dropsEmpty: !endpoint.resource.isCustom };
  const { value, unknown } = prune(endpoint.version.schema, typed, rules);
  noteUnknown(
    unknown.map((path) => `unknown field "${fieldPath(path)}"`),
    write,
    refuse,
  );
  return { ...value, metadata: metadataOf(value) };
}

export function withKindDefaults(kernel: Kernel, { resource, version }: Endpoint, object: JsonObject): JsonObject {
  if (resource.isCustom) return asObject(withDefaults(version.schema, object));
  return withBuiltInDefaults(resource.group, resource.kind, object);
}

/** The namespace and name of the path hold; an object may leave out its own. */
export function requirePlace({ endpoint, namespace, name }: Target, object: JsonObject): JsonObject {
  const own = metadataOf(object);
  const ownNamespace = own['namespace'] ?? '';
  if (ownNamespace !== '' && ownNamespace !== namespace)
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  const ownName = nameOf(object);
  if (name !== '' && ownName !== '' && ownName !== name)
    throw badRequest(`the name of the object (${ownName}) does not match the name on the URL (${name})`);
  const place = { namespace: endpoint.resource.namespaced ? namespace : undefined };
  return withMetadata(object, name === '' ? place : { ...place, name });
}
