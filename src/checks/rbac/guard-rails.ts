// The checks of this family that an API server can hold to, in CEL. Those that need to know who is bound where are left out.

import { celList, celText, type GuardRail, objectRail, type RailText } from '../guard-rails/guard-rail.ts';
import type { ResourceRequest } from '../../kube/rbac.ts';
import { pushTo } from '../../model/index.ts';
import type { GrantCheck } from './grant-check.ts';
import { podsAttach } from './pods-attach.ts';
import { podsCreate } from './pods-create.ts';
import { podsEphemeralContainers } from './pods-ephemeral-containers.ts';
import { podsExec } from './pods-exec.ts';
import { podsPortForward } from './pods-port-forward.ts';
import { secretsRead } from './secrets-read.ts';
import { statusWrite } from './status-write.ts';
import { tokenCreate } from './token-create.ts';
import { workloadsWrite } from './workloads-write.ts';

/** The API server makes and repairs its own roles at each start; whoever may speak in its name needs no role. */
const byServer = "request.userInfo.username == 'system:apiserver'";

/** A role without rules has a null there. */
const rules = '(dyn(object).?rules.orValue(null) == null ? [] : dyn(object).rules)';

function has(list: string, names: Iterable<string>): string {
  return `rule.?${list}.orValue([]).exists(item, item in ${celList(names)})`;
}

const isUnlimited = `(${['verbs', 'apiGroups', 'resources'].map((list) => has(list, ['*'])).join(' && ')} && rule.?resourceNames.orValue([]).size() == 0)`;
const isUserFacing =
  "(object.kind == 'ClusterRole' && object.metadata.name in ['cluster-admin', 'admin', 'edit', 'view'])";

/** A condition on each rule of a role that is not Kubernetes' own. */
function ruleRail(check: string, good: RailText): GuardRail {
  const whole = (text: string): string => `${byServer} || ${isUserFacing} || ${rules}.all(rule, ${text})`;
  return objectRail(check, ['Role', 'ClusterRole'], ['rules'], (options) => {
    const text = typeof good === 'string' ? good : good(options);
    return text === undefined ? undefined : whole(text);
  });
}

function resourceOf({ group, resource, subresource }: ResourceRequest): string {
  return JSON.stringify([group, resource, subresource ?? '']);
}

/** The rule allows one of these verbs on the resource of the requests, which all have the same. */
function covers(requests: readonly ResourceRequest[]): string {
  const [first] = requests;
  if (first === undefined) return 'false';
  const { group, resource, subresource } = first;
  const names = subresource === undefined ? [resource] : [`${resource}/${subresource}`, `*/${subresource}`];
  const verbs = requests.map(({ verb }) => verb);
  return `(${has('verbs', ['*', ...verbs])} && ${has('apiGroups', ['*', group])} && ${has('resources', ['*', ...names])})`;
}

function grantRail({ meta, grant }: GrantCheck): GuardRail {
  return ruleRail(meta.id, ({ minor }) => {
    const requests = typeof grant.requests === 'function' ? grant.requests(minor) : grant.requests;
    const groups = new Map<string, ResourceRequest[]>();
    for (const request of requests) pushTo(groups, resourceOf(request), request);
    const covered = [...groups.values()].map(covers).join(' || ');
    return `${isUnlimited} || rule.?resourceNames.orValue([]).size() > 0 || !(${covered})`;
  });
}

/** A condition on each subject of a binding, but of some roles. */
function subjectRail(check: string, good: string, harmlessRoles: readonly string[] = []): GuardRail {
  const harmless = harmlessRoles.length === 0 ? '' : `object.roleRef.name in ${celList(harmlessRoles)} || `;
  return objectRail(
    check,
    ['RoleBinding', 'ClusterRoleBinding'],
    ['subjects', 'roleRef'],
    `${byServer} || ${harmless}object.?subjects.orValue([]).all(subject, ${good})`,
  );
}

const publicRoles = ['system:public-info-viewer', 'system:service-account-issuer-discovery'];

export const rbacRails: readonly GuardRail[] = [
  ruleRail('wildcard-resources', `!${has('resources', ['*'])} || rule.?verbs.orValue([]).size() == 0`),
  ruleRail('wildcard-verbs', `!${has('verbs', ['*'])} || rule.?resources.orValue([]).size() == 0 || ${isUnlimited}`),
  ruleRail(
    'wildcard-groups',
    `!${has('apiGroups', ['*'])} || rule.?resources.orValue([]).size() == 0 || ${has('resources', ['*'])}`,
  ),
  ...[
    secretsRead,
    podsExec,
    podsAttach,
    podsCreate,
    podsPortForward,
    podsEphemeralContainers,
    tokenCreate,
    workloadsWrite,
    statusWrite,
  ].map(grantRail),
  subjectRail(
    'anonymous-subject',
    "!(subject.kind == 'User' && subject.name == 'system:anonymous') && !(subject.kind == 'Group' && subject.name == 'system:unauthenticated')",
    [...publicRoles, 'kubeadm:bootstrap-signer-clusterinfo'],
  ),
  subjectRail(
    'authenticated-subject',
    "!(subject.kind == 'Group' && (subject.name in ['system:authenticated', 'system:serviceaccounts'] || subject.name.startsWith('system:serviceaccounts:')))",
    ['system:basic-user', 'system:discovery', ...publicRoles],
  ),
  subjectRail('masters-subject', "!(subject.kind == 'Group' && subject.name == 'system:masters')"),
  subjectRail('default-account-bound', "!(subject.kind == 'ServiceAccount' && subject.name == 'default')"),
  objectRail(
    'cluster-admin-binding',
    ['RoleBinding', 'ClusterRoleBinding'],
    ['subjects', 'roleRef'],
    // kubeadm binds a group of its own, which has no member but who holds admin.conf.
    `${byServer} || object.roleRef.kind != 'ClusterRole' || object.roleRef.name != 'cluster-admin' || object.?subjects.orValue([]).all(subject, subject.kind == 'Group' && subject.name in ['system:masters', 'kubeadm:cluster-admins'])`,
  ),
  objectRail(
    'long-lived-token-secret',
    ['Secret'],
    [],
    `object.?type.orValue('') != ${celText('kubernetes.io/service-account-token')}`,
  ),
];
