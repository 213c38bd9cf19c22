// Nobody gives away rights that they do not have. Source: the RBAC storage's escalation check of Kubernetes.

import { coversPart, partsOf } from '../../kube/rbac-parts.ts';
import { parseRules, type PolicyRule } from '../../kube/rbac.ts';
import { asObject, asString, type JsonObject } from '../../model/index.ts';
import type { Kernel, User } from '../kernel.ts';
import { nameOf, namespaceOf } from '../objects/edit.ts';
import type { Resource } from '../resources/resource.ts';
import { forbidden } from '../status-error.ts';
import { decideResource } from './authorize.ts';
import { rulesOf } from './rules-of.ts';

const rbac = 'rbac.authorization.k8s.io';

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
    .filter((part) => !coversPart(own, part));
  if (missing.length === 0) return;
  const who = `user "${user.name}" (groups=${quoted(user.groups)})`;
  const why = `${who} is attempting to grant RBAC permissions not currently held:\n${joined(missing).map(partText).join('\n')}`;
  throw forbidden(resource, nameOf(object), why);
}
