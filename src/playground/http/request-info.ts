// What a request asks for: verb, resource, namespace, name. Source: RequestInfoFactory of apiserver.

export interface RequestInfo {
  /** `get`, `list`, `watch`, `create`, … for resources; the lower-case method for other paths. */
  readonly verb: string;
  readonly path: string;
  readonly isResource: boolean;
  readonly group: string;
  readonly version: string;
  readonly namespace: string;
  readonly resource: string;
  readonly subresource: string;
  readonly name: string;
}

const namespaceSubresources: ReadonlySet<string> = new Set(['status', 'finalize']);

const objectVerbs: Readonly<Record<string, string>> = {
  GET: 'get',
  HEAD: 'get',
  POST: 'create',
  PUT: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
};

function verbOf(method: string, isCollection: boolean, query: URLSearchParams): string {
  const verb = objectVerbs[method] ?? '';
  if (!isCollection) return verb;
  if (verb === 'delete') return 'deletecollection';
  if (verb !== 'get') return verb;
  return ['1', 'true'].includes(query.get('watch') ?? '') ? 'watch' : 'list';
}

interface Place {
  readonly namespace: string;
  readonly resource: string;
  readonly name: string;
  readonly subresource: string;
}

/** `namespaces/x/pods/y/log`; `namespaces/x` alone is the namespace itself. */
function placeOf(steps: readonly string[]): Place {
  const [first, second = '', third = ''] = steps;
  const isWithin = first === 'namespaces' && third !== '' && !namespaceSubresources.has(third);
  const [resource = '', name = '', subresource = ''] = isWithin ? steps.slice(2) : steps;
  const namespace = isWithin ? second : '';
  return { namespace, resource, name, subresource };
}

const nowhere = { group: '', version: '', namespace: '', resource: '', name: '', subresource: '' };

export function parseRequest(method: string, path: string, query: URLSearchParams): RequestInfo {
  const [root = '', ...steps] = path
    .split('/')
    .filter((step) => step !== '')
    .map(decodeURIComponent);
  const isCore = root === 'api';
  const [group = '', version = '', ...rest] = isCore ? ['', ...steps] : steps;
  const isResource = (isCore || root === 'apis') && rest.length > 0;
  if (!isResource) return { verb: method.toLowerCase(), path, isResource, ...nowhere };
  const place = placeOf(rest);
  return { verb: verbOf(method, place.name === '', query), path, isResource, group, version, ...place };
}
