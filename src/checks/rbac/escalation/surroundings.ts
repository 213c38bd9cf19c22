// What of the input an intruder could use: accounts, the pods that run as them, Secrets with their tokens, strong roles.

import { type Inventory, readLabels, type Workload } from '../../../inventory/index.ts';
import { isUnlimited } from '../../../kube/rbac.ts';
import { asObject } from '../../../model/index.ts';
import { accountOf, projectsApiToken, tokenMount } from '../../../inventory/rights/accounts.ts';
import {
  allBindings,
  type Identity,
  identityKey,
  identityOf,
  rbacGroup,
  type RoleName,
  rulesOf,
} from '../../../inventory/rights/bindings.ts';
import { accountAnnotation, tokenSecretType } from '../long-lived-token-secret.ts';

export interface PodFacts {
  readonly workload: Workload;
  readonly account: Identity;
}

export interface TokenSecret {
  readonly namespace: string;
  readonly name: string;
  readonly account: Identity;
}

export interface Surroundings {
  readonly inventory: Inventory;
  /** Target Kubernetes 1.N. */
  readonly minor: number;
  /** Everybody who is bound, and every account of a workload or of the input. */
  readonly identities: readonly Identity[];
  readonly accounts: readonly Identity[];
  /** Pods with an API token in them. */
  readonly pods: readonly PodFacts[];
  readonly tokens: readonly TokenSecret[];
  /** ClusterRoles that allow everything. */
  readonly strongRoles: readonly string[];
  readonly knows: (identity: Identity) => boolean;
}

function readAccounts(inventory: Inventory): Identity[] {
  const objects = inventory.ofKind('/ServiceAccount').map(({ namespace, name }) => ({ namespace, name }));
  return objects.map((object): Identity => ({ kind: 'ServiceAccount', ...object }));
}

function carriesToken(inventory: Inventory, workload: Workload): boolean {
  return tokenMount(inventory, workload)?.mounted !== false || projectsApiToken(workload);
}

function readTokens(inventory: Inventory): TokenSecret[] {
  return inventory.ofKind('/Secret').flatMap(({ raw, namespace, name }) => {
    const account = readLabels(asObject(raw['metadata'])['annotations'])[accountAnnotation];
    if (raw['type'] !== tokenSecretType || account === undefined) return [];
    return [{ namespace, name, account: { kind: 'ServiceAccount', namespace, name: account } as const }];
  });
}

export function isStrong(inventory: Inventory, role: RoleName): boolean {
  return (rulesOf(inventory, role) ?? []).some(isUnlimited);
}

function strongRoles(inventory: Inventory): string[] {
  const names = inventory
    .ofKind(`${rbacGroup}/ClusterRole`)
    .filter(({ name }) => isStrong(inventory, { kind: 'ClusterRole', namespace: '', name }))
    .map(({ name }) => name);
  return [...new Set(['cluster-admin', ...names.sort()])];
}

/** Distinct identities, in the order of their keys: the order of the input must not matter. */
function distinct(identities: readonly Identity[]): Identity[] {
  const byKey = new Map(identities.map((identity) => [identityKey(identity), identity]));
  return [...byKey].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, identity]) => identity);
}

export function readSurroundings(inventory: Inventory, minor: number): Surroundings {
  const workloads = inventory.workloads.filter(({ object }) => object.kind !== 'PodTemplate');
  const pods = workloads.map((workload) => ({ workload, account: accountOf(workload) }));
  const bound = allBindings(inventory).flatMap(({ subjects }) => subjects.map(identityOf));
  const tokens = readTokens(inventory);
  const named = [...readAccounts(inventory), ...[...pods, ...tokens].map(({ account }) => account)];
  const identities = distinct([...bound, ...named]);
  const keys = new Set(identities.map(identityKey));
  return {
    inventory,
    minor,
    identities,
    accounts: identities.filter(({ kind }) => kind === 'ServiceAccount'),
    pods: pods.filter(({ workload }) => carriesToken(inventory, workload)),
    tokens,
    strongRoles: strongRoles(inventory),
    knows: (identity) => keys.has(identityKey(identity)),
  };
}
