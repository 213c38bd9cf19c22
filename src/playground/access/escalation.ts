// Nobody gives away rights that they do not have. Source: the RBAC storage's escalation check of Kubernetes.

import { parseRules, type PolicyRule, ruleAllows, ruleAllowsUrl } from '../../kube/rbac.ts';
import { asObject, asString, type JsonObject } from '../../model/index.ts';
import type { Kernel, User } from '../kernel.ts';
import { nameOf, namespaceOf } from '../objects/edit.ts';
import type { Resource } from '../resources/resource.ts';
import { forbidden } from '../status-error.ts';
import { decideResource } from './authorize.ts';
import { rulesOf } from './rules-of.ts';

const rbac = 'rbac.authorization.k8s.io';

/** A rule in its smallest parts: one verb, one resource, one name. */
function partsOf(rule: PolicyRule): PolicyRule[] {
  const names = rule.resourceNames.length === 0 ? [[]] : rule.resourceNames.map((name) => [name]);
  const resources = rule.verbs.flatMap((verb) =>
    rule.apiGroups.flatMap((group) =>
      rule.resources.flatMap((resource) =>
        names.map((resourceNames) => ({
          verbs: [verb],
          apiGroups: [group],
          resources: [resource],
          resourceNames,
          nonResourceURLs: [],
        })),
      ),
    ),
  );
  const urls = rule.verbs.flatMap((verb) =>
    rule.nonResourceURLs.map((url) => ({
      ...rule,
      verbs: [verb],
      apiGroups: [],
      resources: [],
      nonResourceURLs: [url],
    })),
  );
  return [...resources, ...urls];
}

function isCovered(own: readonly PolicyRule[], part: PolicyRule): boolean {
  const [verb = ''] = part.verbs;
  const [url] = part.nonResourceURLs;
  if (url !== undefined) return own.some((rule) => ruleAllowsUrl(rule, verb, url));
  const [path = ''] = part.resources;
  const [resource = '', subresource] = path.split('/');
  const [group = ''] = part.apiGroups;
  const [name] = part.resourceNames;
  const request = {
    verb,
    group,
    resource,
    ...(subresource === undefined ? {} : { subresource }),
    ...(name === undefined ? {} : { name }),
  };
  return own.some((rule) => ruleAllows(rule, request));
}

function quoted(list: readonly string[]): string {
  return `[${list.map((each) => JSON.stringify(each)).join(' ')}]`;
}

function partText({ verbs, apiGroups, resources, nonResourceURLs }: PolicyRule): string {
  if (nonResourceURLs.length > 0) return `{NonResourceURLs:${quoted(nonResourceURLs)}, Verbs:${quoted(verbs)}}`;
  return `{APIGroups:${quoted(apiGroups)}, Resources:${quoted(resources)}, Verbs:${quoted(verbs)}}`;
}

/** Parts that differ in their verbs alone become one again, as messages have them. */
function joined(parts: readonly PolicyRule[]): PolicyRule[] {
  const groups = new Map<string, PolicyRule>();
  for (const part of parts) {
    const { verbs, ...rest } = part;
    const key = JSON.stringify(rest);
    const known = groups.get(key);
    groups.set(key, known === undefined ? part : { ...known, verbs: [...known.verbs, ...verbs] });
  }
  return [...groups.values()];
}

function rulesGiven({ store }: Kernel, object: JsonObject): PolicyRule[] {
  if (object['kind'] === 'Role' || object['kind'] === 'ClusterRole') return parseRules(object['rules']);
  const roleRef = asObject(object['roleRef']);
  const name = asString(roleRef['name']) ?? '';
  const isRole = roleRef['kind'] === 'Role';
  const role = isRole
    ? store.get(`${rbac}/roles`, namespaceOf(object), name)
    : store.get(`${rbac}/clusterroles`, '', name);
  return parseRules(role?.['rules']);
}

/** Whoever may `escalate` roles, or `bind` this role, need not have what is in it. */
function isExempt(kernel: Kernel, user: User, object: JsonObject): boolean {
  const isRole = object['kind'] === 'Role' || object['kind'] === 'ClusterRole';
  const roleRef = asObject(object['roleRef']);
  const kind = isRole ? object['kind'] : roleRef['kind'];
  const resource = kind === 'Role' ? 'roles' : 'clusterroles';
  const name = isRole ? nameOf(object) : (asString(roleRef['name']) ?? '');
  const verb = isRole ? 'escalate' : 'bind';
  return decideResource(kernel, user, {
    verb,
    group: rbac,
    resource,
    subresource: '',
    namespace: namespaceOf(object),
    name,
  }).allowed;
}

/** Refuses a role or a binding that gives more than the user has in that place. */
export function requireNoEscalation(kernel: Kernel, user: User, resource: Resource, object: JsonObject): void {
  if (resource.group !== rbac || isExempt(kernel, user, object)) return;
  const own = rulesOf(kernel, user, namespaceOf(object)).map(({ rule }) => rule);
  const missing = rulesGiven(kernel, object)
    .flatMap(partsOf)
    .filter((part) => !isCovered(own, part));
  if (missing.length === 0) return;
  const who = `user "${user.name}" (groups=${quoted(user.groups)})`;
  const why = `${who} is attempting to grant RBAC permissions not currently held:\n${joined(missing).map(partText).join('\n')}`;
  throw forbidden(resource, nameOf(object), why);
}
