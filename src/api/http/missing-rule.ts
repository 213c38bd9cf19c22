// The smallest RBAC rule that would have allowed a refused request.

import { present } from '../present.ts';
import type { ApiRequest } from './api-request.ts';
import { describeRequest } from './request-info.ts';

/** A rule for a Role in `namespace`, or for a ClusterRole where that is left out. */
export interface MissingRule {
  readonly verbs: readonly string[];
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly nonResourceURLs?: readonly string[];
  readonly namespace?: string;
}

/** What the authorizer said it refused, and to whom. */
export interface Refusal {
  readonly user: string;
  readonly rule: MissingRule;
}

const forbidden =
  /User "((?:[^"\\]|\\.)*)" cannot (\S+) (?:path "([^"]*)"|resource "([^"]*)" in API group "([^"]*)"(?: in the namespace "([^"]*)"| at the cluster scope)?)/;

/** The name in a refused request that a rule may be narrowed to: top-level objects cannot be created by name. */
function namesFor(verb: string, resource: string, request: ApiRequest): readonly string[] | undefined {
  const info = describeRequest(request);
  if (info.kind !== 'resource' || info.resource !== resource || info.name === undefined) return undefined;
  return verb === 'create' && !resource.includes('/') ? undefined : [info.name];
}

/**
 * Reads the message of a 403. `undefined` where the request was permitted and something else refused it (admission: quota, Pod Security).
 * Source: apiserver's `ForbiddenMessage`.
 */
export function findRefusal(message: string, request: ApiRequest): Refusal | undefined {
  const match = forbidden.exec(message);
  if (match === null) return undefined;
  const [, user = '', verb = '', path, resource = '', group = '', namespace] = match;
  if (path !== undefined) return { user, rule: { verbs: [verb], nonResourceURLs: [path] } };
  const resourceNames = namesFor(verb, resource, request);
  return {
    user,
    rule: {
      verbs: [verb],
      apiGroups: [group],
      resources: [resource],
      ...present<MissingRule>({ resourceNames, namespace }),
    },
  };
}

/** As a person asks for it: `get, list pods/log "web" (apps) in namespace "shop"`. */
export function renderMissingRule(rule: MissingRule): string {
  if (rule.nonResourceURLs !== undefined) return `${rule.verbs.join(', ')} the path ${rule.nonResourceURLs.join(', ')}`;
  const group = rule.apiGroups?.join(', ') || 'core';
  const names = rule.resourceNames?.map((name) => ` "${name}"`).join(',') ?? '';
  const where = rule.namespace === undefined ? 'in the whole cluster' : `in namespace "${rule.namespace}"`;
  return `${rule.verbs.join(', ')} ${rule.resources?.join(', ')}${names} (API group ${group}) ${where}`;
}
