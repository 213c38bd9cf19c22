// Moves that turn rights over cluster-wide things, roles and bindings into all rights.

import { isUnlimited, type ResourceRequest } from '../../../kube/rbac.ts';
import { type Binding, type Identity, rbacGroup, type RoleName } from '../../../inventory/rights/bindings.ts';
import { requestsFor } from '../grant-check.ts';
import { type Actor, clusterAdmin, type Move, ownerOf, systemNamespace, type Technique } from './move.ts';
import type { Proof, Rights } from './rights.ts';
import type { Surroundings } from './surroundings.ts';

/** What all rights in a place make of an actor: those of kube-system are as good as the cluster's. */
function ruler(scope: string): Actor {
  return scope === '' || scope === systemNamespace ? clusterAdmin : ownerOf(scope);
}

function placeText(scope: string): string {
  return scope === '' ? '' : ` in namespace "${scope}"`;
}

export const holdEverything: Technique = (rights) =>
  rights.scopes.flatMap((scope): Move[] => {
    const right = rights.within(scope).find(({ rule }) => isUnlimited(rule));
    if (right === undefined) return [];
    const proof = { right, request: { verb: '*', group: '*', resource: '*' }, namespace: scope };
    const actor = scope === '' ? clusterAdmin : ownerOf(scope);
    return [{ phrase: 'do everything', target: { actor }, proofs: [proof], holds: true }];
  });

/** The same requests for one object. */
function about(requests: readonly ResourceRequest[], name: string): ResourceRequest[] {
  return requests.map((request) => ({ ...request, name }));
}

/** Roles that an identity may bind although it does not have their rights, strongest first. */
function bindable(rights: Rights, { strongRoles }: Surroundings, scope: string): [string, Proof] | undefined {
  const names = scope === '' ? strongRoles : [...strongRoles, 'admin', 'edit'];
  for (const name of names) {
    const proof = rights.allowing(about(requestsFor(['bind'], rbacGroup, 'clusterroles'), name), scope);
    if (proof !== undefined) return [name, proof];
  }
  return undefined;
}

function bindMove(rights: Rights, surroundings: Surroundings, scope: string, resource: string): Move[] {
  const role = bindable(rights, surroundings, resource === 'clusterrolebindings' ? '' : scope || systemNamespace);
  const write = rights.allowing(requestsFor(['create'], rbacGroup, resource), scope);
  if (role === undefined || write === undefined) return [];
  const place = resource === 'clusterrolebindings' ? '' : placeText(scope || systemNamespace);
  const phrase = `bind itself to ClusterRole "${role[0]}"${place}`;
  return [{ phrase, target: { actor: ruler(scope) }, proofs: [write, role[1]] }];
}

/** Source: the binding storage of the API server asks for `bind` on the role in the binding's own namespace. */
export const bindRoles: Technique = (rights, surroundings) =>
  rights.scopes.flatMap((scope) => [
    ...(scope === '' ? bindMove(rights, surroundings, '', 'clusterrolebindings') : []),
    ...bindMove(rights, surroundings, scope, 'rolebindings'),
  ]);

const change = ['update', 'patch'];

/** Adds itself to a binding that is there: `roleRef` cannot be changed, the subjects can. */
export const joinBinding: Technique = (rights, { strongRoles }) => {
  const write = rights.allowing(about(requestsFor(change, rbacGroup, 'clusterrolebindings'), 'cluster-admin'), '');
  const bind = rights.allowing(about(requestsFor(['bind'], rbacGroup, 'clusterroles'), strongRoles[0] ?? ''), '');
  if (write === undefined || bind === undefined) return [];
  const phrase = 'add itself to ClusterRoleBinding "cluster-admin"';
  return [{ phrase, target: { actor: clusterAdmin }, proofs: [write, bind] }];
};

function rewriteProofs(rights: Rights, { kind, name }: RoleName, scope: string): readonly Proof[] | undefined {
  const resource = kind === 'Role' ? 'roles' : 'clusterroles';
  const needs = [requestsFor(['escalate'], rbacGroup, resource), requestsFor(change, rbacGroup, resource)];
  return rights.allowingAll(
    needs.map((requests) => about(requests, name)),
    kind === 'Role' ? scope : '',
  );
}

/** Writes more rights into a role that it holds itself. */
export const rewriteRole: Technique = (rights) =>
  rights.bindings.flatMap(({ role, scope }: Binding): Move[] => {
    const proofs = rewriteProofs(rights, role, scope);
    if (proofs === undefined) return [];
    const phrase = `put any right into its own ${role.kind} "${role.name}"${placeText(scope)}`;
    return [{ phrase, target: { actor: ruler(scope) }, proofs }];
  });

const asUser = requestsFor(['impersonate'], '', 'users');
const asGroup = requestsFor(['impersonate'], '', 'groups');
const asAccount = requestsFor(['impersonate'], '', 'serviceaccounts');
const controllerManager = 'system:kube-controller-manager';
const masters = 'system:masters';

function actAs(kind: 'User' | 'Group', name: string, proofs: readonly Proof[], surroundings: Surroundings): Move[] {
  if (name === controllerManager || name === masters) {
    const phrase = `act as ${kind} "${name}"`;
    return [{ phrase, target: { actor: clusterAdmin }, proofs }];
  }
  const actor: Identity = { kind, namespace: '', name };
  return surroundings.knows(actor) ? [{ phrase: 'act as', target: { actor }, proofs }] : [];
}

/** Any user includes the controller manager, which can make a token of every account. */
export const actAsUser: Technique = (rights, surroundings) => {
  const any = rights.allowing(asUser, '');
  if (any !== undefined) return [{ phrase: 'act as any user', target: { actor: clusterAdmin }, proofs: [any] }];
  return rights.named(asUser, '').flatMap((proof) => actAs('User', proof.name, [proof], surroundings));
};

/** Somebody whom the identity may be at all: the API server takes groups only together with a user. */
function anybody(rights: Rights): Proof | undefined {
  for (const scope of rights.scopes)
    for (const requests of [asUser, asAccount]) {
      const proof = rights.allowing(requests, scope) ?? rights.named(requests, scope)[0];
      if (proof !== undefined) return proof;
    }
  return undefined;
}

export const actAsGroup: Technique = (rights, surroundings) => {
  const user = anybody(rights);
  if (user === undefined) return [];
  const any = rights.allowing(asGroup, '');
  if (any !== undefined)
    return [{ phrase: `act as Group "${masters}"`, target: { actor: clusterAdmin }, proofs: [any, user] }];
  return rights.named(asGroup, '').flatMap((proof) => actAs('Group', proof.name, [proof, user], surroundings));
};

const certificates = 'certificates.k8s.io';
const approveSigner = ['kubernetes.io/kube-apiserver-client', 'kubernetes.io/*'].map(
  (name): ResourceRequest => ({ verb: 'approve', group: certificates, resource: 'signers', name }),
);

interface ClusterAbility {
  readonly phrase: string;
  readonly needs: readonly (readonly ResourceRequest[])[];
  /** True where a rule that is limited to some names is enough. */
  readonly named?: boolean;
}

const abilities: readonly ClusterAbility[] = [
  {
    // The name may be any but one in the group system:masters, which admission refuses.
    phrase: 'sign itself a certificate as any user',
    needs: [
      requestsFor(['create'], certificates, 'certificatesigningrequests'),
      requestsFor(change, certificates, 'certificatesigningrequests', 'approval'),
      approveSigner,
    ],
  },
  {
    phrase: 'change every object on its way into the cluster with an admission webhook',
    needs: [requestsFor(['create', ...change], 'admissionregistration.k8s.io', 'mutatingwebhookconfigurations')],
  },
  {
    phrase: 'enter every pod of the cluster through the kubelets, those with other accounts included',
    needs: [requestsFor(['get', 'create'], '', 'nodes', 'proxy')],
    named: true,
  },
];

export const takeCluster: Technique = (rights) =>
  abilities.flatMap(({ phrase, needs, named = false }) => {
    const byName = named ? rights.named(needs.flat(), '').slice(0, 1) : [];
    const proofs = rights.allowingAll(needs, '') ?? byName;
    return proofs.length === 0 ? [] : [{ phrase, target: { actor: clusterAdmin }, proofs }];
  });
