// Whose roles are inferred: those that the user names, those of the input, or all that are no part of the cluster itself.

import { subjectOfUser, type SubjectUse } from '../../inference/index.ts';
import type { Inventory } from '../../inventory/index.ts';
import { accountOf } from '../../inventory/rights/accounts.ts';
import { allBindings, identityKey, identityOf } from '../../inventory/rights/bindings.ts';
import { accountUserName } from '../../kube/rbac-authorizer.ts';
import { systemNamespaces } from '../../kube/system-namespaces.ts';
import { UserError } from '../../model/index.ts';

export interface LeftOut {
  readonly user: string;
  /** Completes "left out: …". */
  readonly reason: string;
}

export interface Chosen {
  /** User names, as the API server has them. */
  readonly users: readonly string[];
  readonly leftOut: readonly LeftOut[];
}

/** `sa:shop/web`, `user:jana`, or a user name as the log has it. */
export function parseSubject(text: string): string {
  const [, kind, rest = ''] = /^(sa|serviceaccount|user):(.+)$/i.exec(text) ?? [];
  if (kind === undefined) return text;
  if (kind.toLowerCase() === 'user') return rest;
  const [, namespace, name] = /^([^/]+)\/([^/]+)$/.exec(rest) ?? [];
  if (namespace !== undefined && name !== undefined) return accountUserName(namespace, name);
  throw new UserError(
    'invalid-option',
    `"${text}" is no subject`,
    'Write sa:NAMESPACE/NAME, user:NAME, or the user name of the log.',
  );
}

function isSystem(user: string): boolean {
  const { kind, namespace } = subjectOfUser(user);
  return kind === 'ServiceAccount' ? systemNamespaces.has(namespace) : user.startsWith('system:');
}

function reasonToLeaveOut({ user: { name, groups }, events }: SubjectUse): string | undefined {
  if (groups.includes('system:masters')) return 'member of system:masters, whom no role limits';
  if (isSystem(name)) return 'part of the cluster';
  return events === 0 ? 'no request of it was allowed' : undefined;
}

/** Accounts of the input and its workloads, and users that its bindings name. */
function usersOfInput(inventory: Inventory): ReadonlySet<string> {
  const accounts = [
    ...inventory.ofKind('/ServiceAccount').map(({ namespace, name }) => accountUserName(namespace, name)),
    ...inventory.workloads.map(accountOf).map(({ namespace, name }) => accountUserName(namespace, name)),
  ];
  const subjects = allBindings(inventory).flatMap((binding) => binding.subjects.map(identityOf));
  const users = new Map(subjects.map((each) => [identityKey(each), each])).values();
  return new Set([...accounts, ...[...users].filter(({ kind }) => kind === 'User').map(({ name }) => name)]);
}

/** Names of users that have needs, from the log or declared. */
export function chooseSubjects(
  uses: readonly SubjectUse[],
  named: readonly string[],
  inventory: Inventory | undefined,
): Chosen {
  if (named.length > 0) return { users: [...new Set(named.map(parseSubject))], leftOut: [] };
  const ofInput = inventory === undefined ? undefined : usersOfInput(inventory);
  const users: string[] = [];
  const leftOut: LeftOut[] = [];
  for (const use of uses) {
    const { name } = use.user;
    const outside = ofInput?.has(name) === false ? 'not of the input' : undefined;
    const reason = outside ?? reasonToLeaveOut(use);
    if (reason === undefined) users.push(name);
    else leftOut.push({ user: name, reason });
  }
  return { users: users.toSorted(), leftOut: leftOut.toSorted((a, b) => (a.user < b.user ? -1 : 1)) };
}
