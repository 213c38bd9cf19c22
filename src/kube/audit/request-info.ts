// What a request path asks for, as the API server itself takes it apart before it asks an authorizer.

/** A request for a resource: `{ group: 'apps', resource: 'deployments', subresource: 'scale', namespace: 'shop', name: 'web' }`. */
export interface ResourceInfo {
  readonly kind: 'resource';
  readonly group: string;
  readonly resource: string;
  readonly subresource?: string;
  /** '' where the path names none. Of a Namespace object it is the object itself. */
  readonly namespace: string;
  /** Only where it stands in the path. */
  readonly name?: string;
}

/** A path that is no resource: `/healthz`, `/apis/apps/v1`. */
export interface UrlInfo {
  readonly kind: 'url';
  readonly url: string;
}

const namespaceSubresources = ['status', 'finalize'];

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** The parts behind the version, with the namespace taken off. */
function splitNamespace(parts: readonly string[]): { readonly namespace: string; readonly rest: readonly string[] } {
  const [first, namespace = '', third] = parts;
  if (first !== 'namespaces') return { namespace: '', rest: parts };
  const isInside = third !== undefined && !namespaceSubresources.includes(third);
  return { namespace, rest: isInside ? parts.slice(2) : parts };
}

function readResource(group: string, parts: readonly string[]): ResourceInfo | undefined {
  // Paths of before 1.0 that the server still serves: `/api/v1/watch/pods`.
  const behind = parts[0] === 'watch' || parts[0] === 'proxy' ? parts.slice(1) : parts;
  const { namespace, rest } = splitNamespace(behind);
  const [resource = '', name, subresource] = rest;
  if (resource === '') return undefined;
  const isProxied = parts[0] === 'proxy';
  return {
    kind: 'resource',
    group,
    resource,
    namespace,
    ...(name === undefined ? {} : { name }),
    ...(subresource === undefined || isProxied ? {} : { subresource }),
  };
}

/** Takes a path or a request URI. Source: `RequestInfoFactory.NewRequestInfo` of the API server, Kubernetes 1.36. */
export function parseRequestPath(uri: string): ResourceInfo | UrlInfo {
  const path = uri.replace(/[?#].*$/s, '');
  const parts = path
    .split('/')
    .filter((part) => part !== '')
    .map(decode);
  const [prefix, second = ''] = parts;
  const url: UrlInfo = { kind: 'url', url: decode(path) };
  if (prefix === 'api' && parts.length >= 3) return readResource('', parts.slice(2)) ?? url;
  if (prefix === 'apis' && parts.length >= 4) return readResource(second, parts.slice(3)) ?? url;
  return url;
}

function queryValue(uri: string, key: string): string | undefined {
  const start = uri.indexOf('?');
  const pairs = start === -1 ? [] : uri.slice(start + 1).split('&');
  const pair = pairs.find((each) => each.startsWith(`${key}=`));
  return pair === undefined ? undefined : decode(pair.slice(key.length + 1).replaceAll('+', ' '));
}

/**
 * The name that a `fieldSelector` of a list or watch demands: `metadata.name=web`. The API server asks the authorizer for that
 * object, so that `resourceNames` hold. `undefined` where the selector demands no name.
 */
export function selectedName(uri: string): string | undefined {
  const terms = (queryValue(uri, 'fieldSelector') ?? '').split(/(?<!\\),/);
  for (const term of terms) {
    const [, name] = /^metadata\.name==?((?:[^=!]|\\=)+)$/.exec(term.trim()) ?? [];
    if (name !== undefined && !/[/%]/.test(name)) return name.replaceAll(/\\(.)/g, '$1');
  }
  return undefined;
}
