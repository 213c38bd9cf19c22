// What a rehearsal makes, asks and expects: decided before anything is made.

import type { Inventory, Workload } from '../../../inventory/index.ts';
import { toObject } from '../../../kube/manifests/parse-manifests.ts';
import { type JsonObject, pushTo } from '../../../model/index.ts';
import {
  compilePolicies,
  completeLabels,
  namespaceLabelsOf,
  type PodEnd,
  type PolicySet,
} from '../../../reachability/index.ts';
import type { WrittenPolicy } from '../written-policy.ts';
import { type Cut, keyOfPeer, nameOfPeer, type Need, portWords } from '../need.ts';
import { isNetworkPolicy, source } from '../written-object.ts';
import { type Copy, copyApp, movePolicy, type StandIn } from './copy.ts';
import { isOpen, type Probe, sample, whyNotProbed } from './probes.ts';

export interface RehearsalPlan {
  readonly namespaces: readonly string[];
  readonly standIns: readonly StandIn[];
  /** Close everything: applied first, so that the control shows that the network holds pods to them. */
  readonly closing: readonly JsonObject[];
  readonly opening: readonly JsonObject[];
  readonly probes: readonly Probe[];
  /** Connections that are kept by the policies and that no probe can show. */
  readonly notProbed: readonly Cut[];
}

export interface Rehearsed {
  readonly inventory: Inventory;
  readonly policies: readonly WrittenPolicy[];
  readonly held: readonly Workload[];
  readonly needs: readonly Need[];
}

export interface RehearsalWish {
  /** Of the names of namespaces. */
  readonly prefix: string;
  /** Forbidden connections to try, at most. */
  readonly mostForbidden: number;
}

function endOf({ namespace, labels }: StandIn): PodEnd {
  return {
    kind: 'pod',
    namespace,
    labels: completeLabels(labels),
    namespaceLabels: namespaceLabelsOf(namespace, {}),
    isHostNetwork: false,
    addresses: [],
    ports: undefined,
  };
}

function keptProbes({ byPeer }: Copy, set: PolicySet, needs: readonly Need[]): Probe[] {
  return needs.flatMap((need): Probe[] => {
    const { port } = need;
    if (whyNotProbed(need) !== undefined || port === undefined) return [];
    const to = byPeer.get(keyOfPeer(need.to))?.at(-1);
    const callers = (byPeer.get(keyOfPeer(need.from)) ?? []).filter((from) => from !== to);
    if (to === undefined) return [];
    const [from] = callers;
    const expected = from !== undefined && isOpen(set, endOf(from), endOf(to), port) === true ? 'open' : 'closed';
    return from === undefined ? [] : [{ from, to, port, expected, kind: 'kept' }];
  });
}

function forbiddenProbes({ standIns }: Copy, set: PolicySet, most: number): Probe[] {
  const all = standIns.flatMap((to) =>
    to.ports.flatMap((port) =>
      standIns
        .filter((from) => from !== to && isOpen(set, endOf(from), endOf(to), port) === false)
        .map((from): Probe => ({ from, to, port, expected: 'closed', kind: 'forbidden' })),
    ),
  );
  return sample(all, most);
}

function firstOfEach(standIns: readonly StandIn[], places: ReadonlySet<string>): StandIn[] {
  const byPlace = new Map<string, StandIn[]>();
  for (const each of standIns) if (places.has(each.namespace)) pushTo(byPlace, each.namespace, each);
  return [...byPlace.values()].flatMap((each) => each.slice(0, 1));
}

export function planRehearsal(
  { inventory, policies: all, held, needs }: Rehearsed,
  wish: RehearsalWish,
): RehearsalPlan {
  const policies = all.filter(isNetworkPolicy);
  const copy = copyApp(wish.prefix, held, needs);
  const { places, standIns } = copy;
  const names = new Set(policies.map(({ namespace, name }) => `${namespace}/${name}`));
  const ownPlaces = new Set(policies.map(({ namespace }) => places.get(namespace) ?? ''));
  // What the user has besides opens more: the copy gets it too.
  const others = inventory
    .ofKind('networking.k8s.io/NetworkPolicy')
    .filter(({ namespace, name }) => places.has(namespace) && !names.has(`${namespace}/${name}`));
  const isClosing = ({ ingress, egress }: WrittenPolicy): boolean => ingress.length + egress.length === 0;
  const move = ({ raw, namespace }: { raw: JsonObject; namespace: string }): JsonObject =>
    movePolicy(raw, namespace, places);
  const closing = policies.filter(isClosing).map(move);
  const opening = [...policies.filter((policy) => !isClosing(policy)).map(move), ...others.map(move)];
  const set = compilePolicies([...closing, ...opening].map((raw) => toObject(raw, source, '')));
  const dns = firstOfEach(standIns, ownPlaces).map((from): Probe => ({ from, expected: 'open', kind: 'dns' }));
  return {
    namespaces: [...new Set(places.values())],
    standIns,
    closing,
    opening,
    probes: [...keptProbes(copy, set, needs), ...dns, ...forbiddenProbes(copy, set, wish.mostForbidden)],
    notProbed: needs.flatMap((need) => {
      const why = whyNotProbed(need);
      if (why === undefined) return [];
      return [{ from: nameOfPeer(need.from), to: nameOfPeer(need.to), port: portWords(need), why }];
    }),
  };
}
