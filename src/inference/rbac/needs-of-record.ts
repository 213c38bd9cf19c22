// What an allowed event needs: the request itself, what Kubernetes asks for beside it, and the right to speak for somebody else.

import type { AuditRecord, AuditUser } from '../../kube/audit/index.ts';
import { accountGroups, parseAccountUser } from '../../kube/rbac-authorizer.ts';
import { isResourceNeed, type Need } from './need.ts';

/** Since Kubernetes 1.35 a WebSocket into a pod needs `create` as well; its event says `get` only. */
const socketMinor = 35;
const sockets = ['exec', 'attach', 'portforward'];

function opensSocket(need: Need): boolean {
  if (!isResourceNeed(need) || need.verb !== 'get' || need.group !== '' || need.resource !== 'pods') return false;
  return sockets.includes(need.subresource ?? '');
}

/** `minor` of the cluster where it is known. */
export function needsOfRequest({ request, hasCreated }: AuditRecord, minor: number | undefined): Need[] {
  if (!isResourceNeed(request)) return [request];
  const needs: Need[] = [request];
  const { name: _, ...unnamed } = request;
  if (hasCreated) needs.push({ ...unnamed, verb: 'create' });
  if (opensSocket(request) && minor !== undefined && minor >= socketMinor) needs.push({ ...request, verb: 'create' });
  return needs;
}

/** Groups that were asked for, without those that the API server adds by itself. */
function claimedGroups({ name, groups }: AuditUser): readonly string[] {
  const account = parseAccountUser(name);
  const own = account === undefined ? [] : accountGroups(account.namespace);
  if (own.length > 0 && groups.every((group) => own.includes(group))) return [];
  return groups.filter((group, index) => {
    const isAdded = group === 'system:authenticated' || group === 'system:unauthenticated';
    return !(isAdded && index === groups.length - 1);
  });
}

/** What somebody needs to speak for a user. Source: the impersonation filter of the API server. */
export function needsToImpersonate(user: AuditUser): Need[] {
  const impersonate = { verb: 'impersonate', group: '', namespace: '' } as const;
  const authentication = { ...impersonate, group: 'authentication.k8s.io' } as const;
  const account = parseAccountUser(user.name);
  return [
    account === undefined
      ? { ...impersonate, resource: 'users', name: user.name }
      : { ...impersonate, resource: 'serviceaccounts', ...account },
    ...claimedGroups(user).map((name) => ({ ...impersonate, resource: 'groups', name })),
    ...(user.uid === undefined || user.uid === '' ? [] : [{ ...authentication, resource: 'uids', name: user.uid }]),
    ...Object.entries(user.extra).flatMap(([subresource, values]) =>
      values.map((name) => ({ ...authentication, resource: 'userextras', subresource, name })),
    ),
  ];
}
