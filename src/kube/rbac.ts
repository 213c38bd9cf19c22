// Decides what RBAC rules allow, exactly as Kubernetes' own authorizer does: verbs, groups, resources, names, URLs.

import { asArray, asObject, asString, type Json } from '../model/index.ts';

/** A rule of a Role or ClusterRole. Lists that the rule leaves out are empty. */
export interface PolicyRule {
  readonly verbs: readonly string[];
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  /** Empty: any name. */
  readonly resourceNames: readonly string[];
  readonly nonResourceURLs: readonly string[];
}

/** A request for a resource: `{ verb: 'create', group: '', resource: 'pods', subresource: 'exec', name: 'web-1' }`. */
export interface ResourceRequest {
  readonly verb: string;
  /** '' for the core group. */
  readonly group: string;
  readonly resource: string;
  readonly subresource?: string;
  /** Left out where the request names no object: a plain `list`, or the `create` of a top-level object. */
  readonly name?: string;
}

function texts(value: Json | undefined): readonly string[] {
  return asArray(value).flatMap((item) => asString(item) ?? []);
}

/** The `rules` of a Role or ClusterRole; what is not text in a list is left out. */
export function parseRules(value: Json | undefined): PolicyRule[] {
  return asArray(value).map((item) => {
    const rule = asObject(item);
    return {
      verbs: texts(rule['verbs']),
      apiGroups: texts(rule['apiGroups']),
      resources: texts(rule['resources']),
      resourceNames: texts(rule['resourceNames']),
      nonResourceURLs: texts(rule['nonResourceURLs']),
    };
  });
}

function coversText(list: readonly string[], asked: string): boolean {
  return list.includes('*') || list.includes(asked);
}

/**
 * `*` covers every resource with its subresources, `pods/exec` this one, `*` + `/exec` this subresource of all resources.
 * `pods` does not cover `pods/exec`, and `pods/*` covers nothing but a subresource called `*`.
 */
function coversResource(list: readonly string[], resource: string, subresource: string | undefined): boolean {
  if (subresource === undefined) return coversText(list, resource);
  return coversText(list, `${resource}/${subresource}`) || list.includes(`*/${subresource}`);
}

/** All but the names: what the rule could allow for some object. */
export function ruleCovers(rule: PolicyRule, { verb, group, resource, subresource }: ResourceRequest): boolean {
  return (
    coversText(rule.verbs, verb) &&
    coversText(rule.apiGroups, group) &&
    coversResource(rule.resources, resource, subresource)
  );
}

/**
 * Whether the rule allows the request. A rule with `resourceNames` allows nothing that names no object.
 * Source: `RuleAllows` of the RBAC authorizer (rbac.authorization.k8s.io/v1, unchanged since 1.17).
 */
export function ruleAllows(rule: PolicyRule, request: ResourceRequest): boolean {
  const { resourceNames } = rule;
  const named = resourceNames.length === 0 || (request.name !== undefined && resourceNames.includes(request.name));
  return named && ruleCovers(rule, request);
}

/** Whether the rule allows a path that is no resource, such as `/metrics`: `/logs*` and `/logs/*` are prefixes. */
export function ruleAllowsUrl(rule: PolicyRule, verb: string, url: string): boolean {
  if (!coversText(rule.verbs, verb)) return false;
  return rule.nonResourceURLs.some(
    (each) => each === '*' || each === url || (each.endsWith('*') && url.startsWith(each.replace(/\*+$/, ''))),
  );
}

/** True for a rule that allows everything but paths that are no resources. */
export function isUnlimited(rule: PolicyRule): boolean {
  const { verbs, apiGroups, resources, resourceNames } = rule;
  return resourceNames.length === 0 && [verbs, apiGroups, resources].every((list) => list.includes('*'));
}

/** One side of a request for messages: `pods/exec`, `deployments.apps`. */
export function resourceText({ group, resource, subresource }: Omit<ResourceRequest, 'verb'>): string {
  return `${resource}${group === '' ? '' : `.${group}`}${subresource === undefined ? '' : `/${subresource}`}`;
}
