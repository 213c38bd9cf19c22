// Who is bound to which role, and what the role's rules are, from the bindings and roles of the input.

import { type Inventory, readLabels } from '../../inventory/index.ts';
import { asArray, asObject, asString, type KubeObject } from '../../model/index.ts';
import { aggregatedInto } from './built-in-roles.ts';

export const rbacGroup = 'rbac.authorization.k8s.io';
export const roleKinds = [`${rbacGroup}/ClusterRole`, `${rbacGroup}/Role`];
export const bindingKinds = [`${rbacGroup}/ClusterRoleBinding`, `${rbacGroup}/RoleBinding`];

export interface Subject {
  readonly kind: 'ServiceAccount' | 'User' | 'Group';
  /** '' for users and groups, and for an account whose namespace is missing. */
  readonly namespace: string;
  readonly name: string;
  /** Place in the binding's `subjects`. */
  readonly index: number;
}

export interface RoleName {
  readonly kind: 'Role' | 'ClusterRole';
  /** '' for a ClusterRole. */
  readonly namespace: string;
  readonly name: string;
}

export interface Binding {
  readonly object: KubeObject;
  /** Where the rights hold: a namespace, or '' for the whole cluster. */
  readonly scope: string;
  readonly role: RoleName;
  readonly subjects: readonly Subject[];
}

function readSubjects({ raw, kind, namespace }: KubeObject): Subject[] {
  return asArray(raw['subjects']).flatMap((item, index): Subject[] => {
    const subject = asObject(item);
    const name = asString(subject['name']);
    if (name === undefined) return [];
    if (subject['kind'] === 'User' || subject['kind'] === 'Group')
      return [{ kind: subject['kind'], namespace: '', name, index }];
    if (subject['kind'] !== 'ServiceAccount') return [];
    const own = kind === 'RoleBinding' ? namespace : '';
    return [{ kind: 'ServiceAccount', namespace: asString(subject['namespace']) || own, name, index }];
  });
}

/** Subjects of unknown kinds are left out: they bind nobody. */
export function readBinding(object: KubeObject): Binding {
  const reference = asObject(object.raw['roleRef']);
  const kind = reference['kind'] === 'Role' ? 'Role' : 'ClusterRole';
  const scope = object.kind === 'RoleBinding' ? object.namespace : '';
  const role = { kind, namespace: kind === 'Role' ? scope : '', name: asString(reference['name']) ?? '' } as const;
  return { object, scope, role, subjects: readSubjects(object) };
}

/** Bindings that Kubernetes itself makes and repairs at each start. */
export function isBootstrapped({ raw }: KubeObject): boolean {
  const { labels } = asObject(raw['metadata']);
  return readLabels(labels)['kubernetes.io/bootstrapping'] === 'rbac-defaults';
}

interface BindingTable {
  readonly byRole: ReadonlyMap<string, readonly Binding[]>;
  readonly bySubject: ReadonlyMap<string, readonly Binding[]>;
}

function roleKey({ kind, namespace, name }: RoleName): string {
  return `${kind}/${namespace}/${name}`;
}

function push<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}

function readTable(inventory: Inventory): BindingTable {
  const byRole = new Map<string, Binding[]>();
  const bySubject = new Map<string, Binding[]>();
  for (const binding of bindingKinds.flatMap((kind) => inventory.ofKind(kind)).map(readBinding)) {
    push(byRole, roleKey(binding.role), binding);
    for (const key of new Set(binding.subjects.map((subject) => identityKey(identityOf(subject)))))
      push(bySubject, key, binding);
  }
  return { byRole, bySubject };
}

/** Somebody who can be bound to roles; a user name that stands for a service account is that account. */
export type Identity = Pick<Subject, 'kind' | 'namespace' | 'name'>;

const accountUser = /^system:serviceaccount:([^:]+):([^:]+)$/;

/** Who a subject is. Source: `appliesToUser` of the RBAC authorizer, which compares the account's user name too. */
export function identityOf({ kind, namespace, name }: Identity): Identity {
  const [, place, account] = (kind === 'User' ? accountUser.exec(name) : null) ?? [];
  if (place === undefined || account === undefined) return { kind, namespace, name };
  return { kind: 'ServiceAccount', namespace: place, name: account };
}

export function identityKey({ kind, namespace, name }: Identity): string {
  return `${kind}/${namespace}/${name}`;
}

/** Groups that the API server puts an identity into by itself. */
export function groupsOf({ kind, namespace, name }: Identity): readonly string[] {
  if (kind === 'Group') return [];
  if (kind === 'User') return [name === 'system:anonymous' ? 'system:unauthenticated' : 'system:authenticated'];
  return ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'];
}

/** Bindings that name the identity itself. */
export function bindingsNaming(inventory: Inventory, identity: Identity): readonly Binding[] {
  return inventory.derive(readTable).bySubject.get(identityKey(identity)) ?? [];
}

/** Bindings that give rights to the identity: those that name it or one of its groups. */
export function bindingsOf(inventory: Inventory, identity: Identity): readonly Binding[] {
  const groups = groupsOf(identity).map((name) => ({ kind: 'Group', namespace: '', name }) as const);
  return [...new Set([identity, ...groups].flatMap((each) => bindingsNaming(inventory, each)))];
}

export function roleNameOf({ kind, namespace, name }: KubeObject): RoleName {
  return kind === 'Role' ? { kind, namespace, name } : { kind: 'ClusterRole', namespace: '', name };
}

/** Bindings to a role that bind anybody. */
export function bindingsTo(inventory: Inventory, role: RoleName): readonly Binding[] {
  const bindings = inventory.derive(readTable).byRole.get(roleKey(role)) ?? [];
  return bindings.filter(({ subjects }) => subjects.length > 0);
}

function aggregationLabel(target: string): string {
  return `rbac.authorization.k8s.io/aggregate-to-${target}`;
}

/** Which of admin, edit and view a ClusterRole is made part of by its labels. */
export function aggregatesInto(role: KubeObject): readonly string[] {
  if (role.kind !== 'ClusterRole') return [];
  const labels = readLabels(asObject(role.raw['metadata'])['labels']);
  const targets = Object.keys(aggregatedInto).filter((target) => labels[aggregationLabel(target)] === 'true');
  return [...new Set(targets.flatMap((target) => aggregatedInto[target] ?? []))];
}

/** `ServiceAccount "shop/web"`, `Group "ops"`. */
export function subjectText({ kind, namespace, name }: Identity): string {
  return `${kind} "${kind === 'ServiceAccount' ? `${namespace}/` : ''}${name}"`;
}
