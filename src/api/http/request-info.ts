// What a request means to the API server's authorizer: verb, group, resource, namespace, name. Source: apiserver's RequestInfoFactory.

import { present } from '../present.ts';
import type { ApiRequest, Query } from './api-request.ts';

export type RequestInfo =
  | { readonly kind: 'path'; readonly verb: string; readonly path: string }
  | {
      readonly kind: 'resource';
      readonly verb: string;
      readonly group: string;
      readonly version: string;
      /** With its subresource: `pods/log`. */
      readonly resource: string;
      readonly namespace?: string;
      readonly name?: string;
    };

const verbs: Readonly<Record<string, string>> = {
  POST: 'create',
  PUT: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
  GET: 'get',
  HEAD: 'get',
};

function verbOf(method: string, name: string | undefined, query: Query): string {
  const verb = verbs[method] ?? method.toLowerCase();
  if (name !== undefined) return verb;
  if (verb === 'delete') return 'deletecollection';
  if (verb !== 'get') return verb;
  return ['true', '1'].includes(String(query['watch'] ?? '')) ? 'watch' : 'list';
}

/** The name that a list asks for alone: rules with `resourceNames` cover it. */
function nameInSelector(query: Query): string | undefined {
  const [, name] = /^metadata\.name=([^,]+)$/.exec(String(query['fieldSelector'] ?? '')) ?? [];
  return name;
}

interface ObjectPath {
  readonly resource: string;
  readonly namespace?: string;
  readonly name?: string;
}

/** What stands behind `/api/v1` or `/apis/GROUP/VERSION`. A namespace itself is in that namespace for the authorizer. */
function parseObjectPath(parts: readonly string[]): ObjectPath {
  const [first, second, third = ''] = parts;
  const within = first === 'namespaces' && third !== '' && !['status', 'finalize'].includes(third);
  const [resource = '', name, subresource] = within ? parts.slice(2) : parts;
  return {
    resource: subresource === undefined ? resource : `${resource}/${subresource}`,
    ...present<ObjectPath>({ name, namespace: first === 'namespaces' ? second : undefined }),
  };
}

export function describeRequest({ method = 'GET', path, query = {} }: ApiRequest): RequestInfo {
  const [root, ...rest] = path
    .split('/')
    .filter((part) => part !== '')
    .map(decodeURIComponent);
  const [group = '', version = '', ...parts] = root === 'api' ? ['', ...rest] : rest;
  if ((root !== 'api' && root !== 'apis') || parts.length === 0)
    return { kind: 'path', verb: method.toLowerCase(), path };
  const object = parseObjectPath(parts);
  return {
    kind: 'resource',
    verb: verbOf(method, object.name, query),
    group,
    version,
    ...object,
    ...present<ObjectPath>({ name: object.name ?? nameInSelector(query) }),
  };
}
