// Whose rights are held against the log: everybody whom bindings of the input name and who is no part of the cluster itself.

import type { SubjectUse, Usage } from '../../inference/index.ts';
import { type Inventory } from '../../inventory/index.ts';
import {
  allBindings,
  type Binding,
  bindingsNaming,
  type Identity,
  identityKey,
  identityOf,
  isBootstrapped,
} from '../../inventory/rights/bindings.ts';
import { accountUserName } from '../../kube/rbac-authorizer.ts';
import { systemNamespaces } from '../../kube/system-namespaces.ts';
import { parseSubject } from './choose-subjects.ts';

/** Bindings that Kubernetes or kubeadm makes for its own parts. */
function isOfCluster({ object }: Binding): boolean {
  return isBootstrapped(object) || /^(?:system|kubeadm):/.test(object.name);
}

function isPart({ kind, namespace, name }: Identity): boolean {
  return kind === 'ServiceAccount' ? systemNamespaces.has(namespace) : kind === 'User' && name.startsWith('system:');
}

/** Bindings that give somebody a right of his own, and not of the cluster's making. */
export function ownBindings(inventory: Inventory, identity: Identity): readonly Binding[] {
  return bindingsNaming(inventory, identity).filter((binding) => !isOfCluster(binding));
}

/** The user name of an identity; `undefined` for a group. */
export function userOf({ kind, namespace, name }: Identity): string | undefined {
  if (kind === 'Group') return undefined;
  return kind === 'User' ? name : accountUserName(namespace, name);
}

function isRead(inventory: Inventory, { kind, namespace }: Identity): boolean {
  const read = inventory.snapshot.facts.cluster?.namespaces ?? [];
  return kind !== 'ServiceAccount' || read.length === 0 || read.includes(namespace);
}

export function findSubjects(inventory: Inventory, named: readonly string[]): Identity[] {
  const bindings = allBindings(inventory).filter((binding) => !isOfCluster(binding));
  const all = bindings.flatMap(({ subjects }) => subjects.map(identityOf));
  const each = [...new Map(all.map((identity) => [identityKey(identity), identity])).values()];
  const wanted = new Set(named.map(parseSubject));
  const chosen = each.filter((identity) =>
    wanted.size > 0 ? wanted.has(userOf(identity) ?? '') : !isPart(identity) && isRead(inventory, identity),
  );
  return chosen.toSorted((a, b) => (identityKey(a) < identityKey(b) ? -1 : 1));
}

/** What the log shows of an identity: of a group, what all its members did. */
export function usesOf({ subjects }: Usage, identity: Identity): readonly SubjectUse[] {
  const user = userOf(identity);
  return subjects.filter(({ user: { name, groups } }) =>
    user === undefined ? groups.includes(identity.name) : name === user,
  );
}
