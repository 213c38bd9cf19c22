// Moves an app into a namespace of the test: what is of the whole cluster gets a name of its own, and what refers to it or to the former namespace follows.

import { isClusterScoped } from '../../../src/kube/scope.ts';
import { parseApiVersion } from '../../../src/kube/api-version.ts';
import { asArray, asObject, asString, type Json, type JsonObject } from '../../../src/model/index.ts';

function isNamespaced({ apiVersion, kind }: JsonObject): boolean {
  return !isClusterScoped(parseApiVersion(asString(apiVersion) ?? '').group, asString(kind) ?? '');
}

function placeSubject(subject: Json, namespace: string): Json {
  const { namespace: former, ...rest } = asObject(subject);
  return former === undefined ? rest : { ...rest, namespace };
}

/** Roles of the cluster stay where Kubernetes itself brings them. */
function placeRole(role: JsonObject, own: ReadonlyMap<string, string>): JsonObject {
  const name = own.get(`${asString(role['kind'])}/${asString(role['name'])}`);
  return name === undefined ? role : { ...role, name };
}

/** Objects whose one node port would be taken by whoever else tests on this cluster. */
function withoutNodePorts(object: JsonObject): JsonObject {
  if (object['kind'] !== 'Service') return object;
  const spec = asObject(object['spec']);
  const ports = asArray(spec['ports']).map((port) => {
    const { nodePort: _, ...rest } = asObject(port);
    return rest;
  });
  return { ...object, spec: { ...spec, ports } };
}

export function placeApp(objects: readonly JsonObject[], namespace: string): JsonObject[] {
  const renamed = objects
    .filter((object) => !isNamespaced(object))
    .map(({ kind, metadata }) => {
      const name = asString(asObject(metadata)['name']) ?? '';
      return [`${asString(kind)}/${name}`, `${namespace}-${name}`] as const;
    });
  const own = new Map(renamed);
  return objects.map(withoutNodePorts).map((object) => {
    const { namespace: _, ...metadata } = asObject(object['metadata']);
    const { kind, subjects, roleRef } = object;
    const name = asString(metadata['name']) ?? '';
    return {
      ...object,
      metadata: isNamespaced(object)
        ? { ...metadata, namespace }
        : { ...metadata, name: own.get(`${asString(kind)}/${name}`) ?? name },
      ...(subjects === undefined ? {} : { subjects: asArray(subjects).map((each) => placeSubject(each, namespace)) }),
      ...(roleRef === undefined ? {} : { roleRef: placeRole(asObject(roleRef), own) }),
    };
  });
}
