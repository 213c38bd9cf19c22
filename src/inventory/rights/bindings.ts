// Who is bound to which role, and what the role's rules are, from the bindings and roles of the input.

import type { Inventory } from '../inventory.ts';
import { accountGroups, parseAccountUser, rbacGroup } from '../../kube/rbac-authorizer.ts';
import { parseRules, type PolicyRule } from '../../kube/rbac.ts';
import { compileSelector } from '../../kube/selectors.ts';
import { asArray, asObject, asString, type KubeObject, pushTo } from '../../model/index.ts';
import { readLabels } from '../workload.ts';
import { aggregatedInto, builtInRoles } from './built-in-roles.ts';

export { rbacGroup };
export const roleKinds = [`${rbacGroup}/ClusterRole`, `${rbacGroup}/Role`];
export const bindingKinds = [`${rbacGroup}/ClusterRoleBinding`, `${rbacGroup}/RoleBinding`];

const userFacing = ['cluster-admin', 'admin', 'edit', 'view'];

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

/** Roles and bindings that Kubernetes itself makes and repairs at each start, also where a copy has lost its labels. */
export function isBootstrapped(object: KubeObject): boolean {
  const { kind, name, raw } = object;
  const { labels } = asObject(raw['metadata']);
  if (readLabels(labels)['kubernetes.io/bootstrapping'] === 'rbac-defaults') return true;
  if (kind === 'ClusterRole') return userFacing.includes(name);
  if (kind !== 'ClusterRoleBinding' || name !== 'cluster-admin') return false;
  return readSubjects(object).every((subject) => subject.kind === 'Group' && subject.name === 'system:masters');
}

interface BindingTable {
  readonly all: readonly Binding[];
  readonly byRole: ReadonlyMap<string, readonly Binding[]>;
  readonly bySubject: ReadonlyMap<string, readonly Binding[]>;
}

function roleKey({ kind, namespace, name }: RoleName): string {
  return `${kind}/${namespace}/${name}`;
}

function readTable(inventory: Inventory): BindingTable {
  const byRole = new Map<string, Binding[]>();
  const bySubject = new Map<string, Binding[]>();
  const all = bindingKinds.flatMap((kind) => inventory.ofKind(kind)).map(readBinding);
  for (const binding of all) {
    pushTo(byRole, roleKey(binding.role), binding);
    for (const key of new Set(binding.subjects.map((subject) => identityKey(identityOf(subject)))))
      pushTo(bySubject, key, binding);
  }
  return { all, byRole, bySubject };
}

/** Every binding of the input, cluster-wide ones first. */
export function allBindings(inventory: Inventory): readonly Binding[] {
  return inventory.derive(readTable).all;
}

/** Somebody who can be bound to roles; a user name that stands for a service account is that account. */
export type Identity = Pick<Subject, 'kind' | 'namespace' | 'name'>;

/** Who a subject is. Source: `appliesToUser` of the RBAC authorizer, which compares the account's user name too. */
export function identityOf({ kind, namespace, name }: Identity): Identity {
  const account = kind === 'User' ? parseAccountUser(name) : undefined;
  return account === undefined ? { kind, namespace, name } : { kind: 'ServiceAccount', ...account };
}

export function identityKey({ kind, namespace, name }: Identity): string {
  return `${kind}/${namespace}/${name}`;
}

/** Groups that the API server puts an identity into by itself. */
export function groupsOf({ kind, namespace, name }: Identity): readonly string[] {
  if (kind === 'Group') return [];
  if (kind === 'User') return [name === 'system:anonymous' ? 'system:unauthenticated' : 'system:authenticated'];
  return accountGroups(namespace);
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

/** ClusterRoles of the input whose rules the controller copies into this one; `undefined` where it does not aggregate. */
function aggregatedRoles(inventory: Inventory, role: KubeObject): KubeObject[] | undefined {
  const rule = role.raw['aggregationRule'];
  if (rule === undefined || rule === null) return undefined;
  const selectors = asArray(asObject(rule)['clusterRoleSelectors']).map((selector) => compileSelector(selector));
  return inventory.ofKind(`${rbacGroup}/ClusterRole`).filter((other) => {
    const labels = readLabels(asObject(other.raw['metadata'])['labels']);
    return other !== role && selectors.some((selector) => selector.matches(labels));
  });
}

/** The rules that a role has in the cluster: its own, or those it aggregates, which a role that was read from there holds already. */
function effectiveRules(inventory: Inventory, role: KubeObject): readonly PolicyRule[] {
  const own = parseRules(role.raw['rules']);
  const parts = (aggregatedRoles(inventory, role) ?? []).flatMap(({ raw }) => parseRules(raw['rules']));
  const known = new Set(own.map((rule) => JSON.stringify(rule)));
  return [...own, ...parts.filter((rule) => !known.has(JSON.stringify(rule)))];
}

function builtInRules(inventory: Inventory, name: string): readonly PolicyRule[] | undefined {
  const rules = builtInRoles.get(name);
  if (rules === undefined || name === 'cluster-admin') return rules;
  const added = inventory.ofKind(`${rbacGroup}/ClusterRole`).filter((role) => aggregatesInto(role).includes(name));
  return [...rules, ...added.flatMap(({ raw }) => parseRules(raw['rules']))];
}

function makeRuleTable(): Map<string, readonly PolicyRule[] | undefined> {
  return new Map();
}

/** The rules of a role of the input or of a built-in one; `undefined` where they are not known. */
export function rulesOf(inventory: Inventory, role: RoleName): readonly PolicyRule[] | undefined {
  const known = inventory.derive(makeRuleTable);
  const key = roleKey(role);
  if (!known.has(key)) {
    const object = inventory.find({ group: rbacGroup, ...role });
    const builtIn = role.kind === 'ClusterRole' ? builtInRules(inventory, role.name) : undefined;
    known.set(key, object === undefined ? builtIn : effectiveRules(inventory, object));
  }
  return known.get(key);
}

/** `ServiceAccount "shop/web"`, `Group "ops"`. */
export function subjectText({ kind, namespace, name }: Identity): string {
  return `${kind} "${kind === 'ServiceAccount' ? `${namespace}/` : ''}${name}"`;
}
