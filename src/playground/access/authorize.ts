// Whether a user may do what a request asks for, and how it is refused.

import { ruleAllows, ruleAllowsUrl } from '../../kube/rbac.ts';
import type { Kernel, User } from '../kernel.ts';
import { detailsOf, StatusError } from '../status-error.ts';
import { rulesOf } from './rules-of.ts';

export interface ResourceAction {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
}

interface Decision {
  readonly allowed: boolean;
  readonly reason: string;
}

/** Allowed everything, without any binding. */
const masters = 'system:masters';
const refused: Decision = { allowed: false, reason: '' };

export function decideResource(kernel: Kernel, user: User, action: ResourceAction): Decision {
  if (user.groups.includes(masters)) return { allowed: true, reason: '' };
  const { verb, group, resource, subresource, namespace, name } = action;
  const request = {
    verb,
    group,
    resource,
    ...(subresource === '' ? {} : { subresource }),
    ...(name === '' ? {} : { name }),
  };
  const grant = rulesOf(kernel, user, namespace).find(({ rule }) => ruleAllows(rule, request));
  return grant === undefined ? refused : { allowed: true, reason: grant.reason };
}

export function decideUrl(kernel: Kernel, user: User, verb: string, path: string): Decision {
  if (user.groups.includes(masters)) return { allowed: true, reason: '' };
  const grant = rulesOf(kernel, user, '').find(({ rule }) => ruleAllowsUrl(rule, verb, path));
  return grant === undefined ? refused : { allowed: true, reason: grant.reason };
}

export function requireResource(kernel: Kernel, user: User, action: ResourceAction): void {
  if (decideResource(kernel, user, action).allowed) return;
  const { verb, group, resource, subresource, namespace, name } = action;
  const full = subresource === '' ? resource : `${resource}/${subresource}`;
  const subject = `${resource}${group === '' ? '' : `.${group}`}${name === '' ? '' : ` "${name}"`}`;
  const place = namespace === '' ? 'at the cluster scope' : `in the namespace "${namespace}"`;
  const why = `User "${user.name}" cannot ${verb} resource "${full}" in API group "${group}" ${place}`;
  const details = detailsOf({ group, plural: resource }, name);
  throw new StatusError(`${subject} is forbidden: ${why}`, { code: 403, reason: 'Forbidden', details });
}

export function requireUrl(kernel: Kernel, user: User, verb: string, path: string): void {
  if (decideUrl(kernel, user, verb, path).allowed) return;
  const message = `forbidden: User "${user.name}" cannot ${verb} path "${path}"`;
  throw new StatusError(message, { code: 403, reason: 'Forbidden', details: {} });
}

/** Speaking for somebody else needs the right to, for the user and for each group. */
export function requireImpersonation(kernel: Kernel, user: User, claims: readonly (readonly [string, string])[]): void {
  for (const [kind, claimed] of claims) {
    const [resource = '', subresource = ''] = kind.split('/');
    const [namespace = '', account = ''] = kind === 'serviceaccounts' ? claimed.split('/') : ['', claimed];
    const isCore = ['users', 'groups', 'serviceaccounts'].includes(resource);
    const group = isCore ? '' : 'authentication.k8s.io';
    requireResource(kernel, user, { verb: 'impersonate', group, resource, subresource, namespace, name: account });
  }
}
