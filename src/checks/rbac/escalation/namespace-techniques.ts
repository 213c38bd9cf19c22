// Moves within a namespace: from rights over its pods, Secrets and tokens to the accounts behind them.

import { type ResourceRequest, resourceText } from '../../../kube/rbac.ts';
import { type Identity, identityKey } from '../../../inventory/rights/bindings.ts';
import { requestsFor } from '../grant-check.ts';
import { clusterAdmin, type Move, systemNamespace, systemText, type Target, type Technique } from './move.ts';
import type { Proof, Rights } from './rights.ts';
import type { Surroundings } from './surroundings.ts';

/** Sets of accounts that one right leads to: all of a namespace, those of its pods, those with a token Secret in it. */
type SetName = 'accounts' | 'pods' | 'tokens';

export function setKey(set: SetName, namespace: string): string {
  return `${set}/${namespace}`;
}

interface Ability {
  readonly set: SetName;
  /** Stands before the account. */
  readonly phrase: string;
  /** The same for kube-system, where controllers, network and node agents run; left out where it gives nothing there. */
  readonly inSystem?: string;
  /** What must be in kube-system for that, and cannot be told from files. */
  readonly presumes?: (minor: number) => string | undefined;
  readonly needs: (minor: number) => readonly (readonly ResourceRequest[])[];
}

const secretNeeds = [requestsFor(['create'], '', 'secrets'), requestsFor(['get', 'list', 'watch'], '', 'secrets')];
const makers = [
  ...requestsFor(['create'], '', 'pods'),
  ...requestsFor(['create'], '', 'replicationcontrollers'),
  ...['deployments', 'daemonsets', 'statefulsets', 'replicasets'].flatMap((each) =>
    requestsFor(['create'], 'apps', each),
  ),
  ...['jobs', 'cronjobs'].flatMap((each) => requestsFor(['create'], 'batch', each)),
];
const useToken = requestsFor(['create'], '', 'serviceaccounts', 'token');
const useAccount = requestsFor(['impersonate'], '', 'serviceaccounts');

/** Ways into a running pod. Until 1.34 the API server let `get` open a session too. An image of a running pod can be changed. */
function enterPod(minor: number): ResourceRequest[] {
  const open = minor < 35 ? ['create', 'get'] : ['create'];
  return [
    ...requestsFor(open, '', 'pods', 'exec'),
    ...requestsFor(open, '', 'pods', 'attach'),
    ...requestsFor(['update', 'patch'], '', 'pods', 'ephemeralcontainers'),
    ...requestsFor(['update', 'patch'], '', 'pods'),
  ];
}

/** Up to 1.23 every controller had its token in a Secret there. */
function secretOfWeight(minor: number): string | undefined {
  return minor < 24 ? undefined : `a Secret of ${systemText} holds a key or a token of a strong account`;
}

const abilities: readonly Ability[] = [
  {
    set: 'accounts',
    phrase: 'make a token of',
    inSystem: `make tokens of the controllers in ${systemText}`,
    needs: () => [useToken],
  },
  {
    set: 'accounts',
    phrase: 'act as',
    inSystem: `act as the controllers in ${systemText}`,
    needs: () => [useAccount],
  },
  { set: 'accounts', phrase: 'run a pod as', inSystem: `run pods in ${systemText}`, needs: () => [makers] },
  {
    set: 'accounts',
    phrase: 'make and read a token Secret of',
    inSystem: `make and read token Secrets of the controllers in ${systemText}`,
    needs: () => secretNeeds,
  },
  {
    set: 'pods',
    phrase: 'enter a pod of',
    inSystem: `enter the pods of ${systemText}`,
    needs: (minor) => [enterPod(minor)],
  },
  {
    set: 'tokens',
    phrase: 'read a token Secret of',
    inSystem: `read the Secrets of ${systemText}`,
    presumes: secretOfWeight,
    needs: () => [requestsFor(['list', 'watch'], '', 'secrets')],
  },
  // Reads no more than it knows the name of.
  { set: 'tokens', phrase: 'read a token Secret of', needs: () => [requestsFor(['get'], '', 'secrets')] },
];

function reach(ability: Ability, scope: string, proofs: readonly Proof[], minor: number): Move {
  const { set, phrase, inSystem } = ability;
  const presumes = ability.presumes?.(minor);
  if (inSystem !== undefined && (scope === '' || scope === systemNamespace))
    return {
      phrase: inSystem,
      target: { actor: clusterAdmin },
      proofs,
      ...(presumes === undefined ? {} : { presumes }),
    };
  return { phrase, target: { set: setKey(set, scope) }, proofs };
}

/** Rights over everything of a sort in a namespace. */
export const useNamespace: Technique = (rights, { minor }) =>
  rights.scopes.flatMap((scope) =>
    abilities.flatMap((ability): Move[] => {
      const proofs = rights.allowingAll(ability.needs(minor), scope);
      return proofs === undefined ? [] : [reach(ability, scope, proofs, minor)];
    }),
  );

/** Whom an owner of a namespace can be, who needs no more rights to it. */
export function movesOfOwner(namespace: string, minor: number): Move[] {
  const ability = abilities.find(({ phrase }) => phrase === 'run a pod as');
  return ability === undefined ? [] : [reach(ability, namespace, [], minor)];
}

function isWithin(scope: string, namespace: string): boolean {
  return scope === '' || scope === namespace;
}

/** The controller of kube-system that may write any right into a role. */
const aggregator: Identity = {
  kind: 'ServiceAccount',
  namespace: systemNamespace,
  name: 'clusterrole-aggregation-controller',
};

function namedAccounts(rights: Rights, scope: string, { accounts }: Surroundings): Move[] {
  return [
    { requests: useToken, phrase: 'make a token of' },
    { requests: useAccount, phrase: 'act as' },
  ].flatMap(({ requests, phrase }) =>
    rights.named(requests, scope).flatMap((proof): Move[] => {
      const isMeant = ({ namespace, name }: Identity): boolean => name === proof.name && isWithin(scope, namespace);
      const targets = accounts.filter(isMeant).map((actor): Target => ({ actor }));
      if (isMeant(aggregator))
        return [
          {
            phrase: `${phrase} ServiceAccount "${systemNamespace}/${aggregator.name}"`,
            target: { actor: clusterAdmin },
            proofs: [proof],
          },
        ];
      return targets.map((target) => ({ phrase, target, proofs: [proof] }));
    }),
  );
}

/** Names of pods that are known before they run: bare Pods, and those of a StatefulSet. */
function isPodOf({ object }: Surroundings['pods'][number]['workload'], podName: string): boolean {
  if (object.kind === 'Pod') return object.name === podName;
  return (
    object.kind === 'StatefulSet' &&
    /^\d+$/.test(podName.startsWith(`${object.name}-`) ? podName.slice(object.name.length + 1) : '')
  );
}

function namedPods(rights: Rights, scope: string, { pods, minor }: Surroundings): Move[] {
  return rights
    .named(enterPod(minor), scope)
    .flatMap((proof) =>
      pods
        .filter(({ workload, account }) => isWithin(scope, account.namespace) && isPodOf(workload, proof.name))
        .map(({ account }) => ({ phrase: 'enter a pod of', target: { actor: account }, proofs: [proof] })),
    );
}

function namedTokens(rights: Rights, scope: string, { tokens }: Surroundings): Move[] {
  return rights
    .named(requestsFor(['get', 'list', 'watch'], '', 'secrets'), scope)
    .flatMap((proof) =>
      tokens
        .filter(({ namespace, name }) => isWithin(scope, namespace) && name === proof.name)
        .map(({ account }) => ({ phrase: 'read a token Secret of', target: { actor: account }, proofs: [proof] })),
    );
}

/** Rights over single things, by name. */
export const useNamed: Technique = (rights, surroundings) =>
  rights.scopes.flatMap((scope) => [
    ...namedAccounts(rights, scope, surroundings),
    ...namedPods(rights, scope, surroundings),
    ...namedTokens(rights, scope, surroundings),
  ]);

interface Template {
  readonly kind: string;
  readonly group: string;
  readonly resource: string;
  /** True for kinds of which every cluster has some in kube-system. */
  readonly isInSystem?: boolean;
}

/** Kinds whose pod template can be changed once they are there; that of a Job cannot. */
const templates: readonly Template[] = [
  { kind: 'apps/Deployment', group: 'apps', resource: 'deployments', isInSystem: true },
  { kind: 'apps/DaemonSet', group: 'apps', resource: 'daemonsets', isInSystem: true },
  { kind: 'apps/StatefulSet', group: 'apps', resource: 'statefulsets' },
  { kind: 'apps/ReplicaSet', group: 'apps', resource: 'replicasets' },
  { kind: 'batch/CronJob', group: 'batch', resource: 'cronjobs' },
  { kind: '/ReplicationController', group: '', resource: 'replicationcontrollers' },
];

function changeTemplates(rights: Rights, scope: string, template: Template, { inventory }: Surroundings): Move[] {
  const { kind, group, resource, isInSystem = false } = template;
  const requests = requestsFor(['update', 'patch'], group, resource);
  const all = rights.allowing(requests, scope);
  if (all !== undefined && isInSystem && isWithin(scope, systemNamespace)) {
    const phrase = `change the ${resourceText({ group: '', resource })} of ${systemText}`;
    return [{ phrase, target: { actor: clusterAdmin }, proofs: [all] }];
  }
  const proofs = all === undefined ? rights.named(requests, scope) : [{ ...all, name: undefined }];
  const objects = scope === '' ? inventory.ofKind(kind) : inventory.ofKindIn(kind, scope);
  return objects.flatMap((object) => {
    const proof = proofs.find(({ name }) => name === undefined || name === object.name);
    if (proof === undefined) return [];
    const phrase = `change ${object.kind} "${object.name}" to run as`;
    return [{ phrase, target: { set: setKey('accounts', object.namespace) }, proofs: [proof] }];
  });
}

/** One move to each set is enough: the first object of a namespace stands for all. */
function firstPerTarget(moves: readonly Move[]): Move[] {
  const seen = new Map<string, Move>();
  for (const move of moves) {
    const key = 'set' in move.target ? move.target.set : identityKey(move.target.actor as Identity);
    if (!seen.has(key)) seen.set(key, move);
  }
  return [...seen.values()];
}

/** Puts another account into a pod template that is there. */
export const changeWorkload: Technique = (rights, surroundings) =>
  firstPerTarget(
    rights.scopes.flatMap((scope) =>
      templates.flatMap((template) => changeTemplates(rights, scope, template, surroundings)),
    ),
  );
