// A rehearsal beside the app itself: stand-ins that only call, the app's own pods that are called, and the policies in a safe order. Decided before anything is made.

import { type Inventory, labelsOfPods, type Workload } from '../../../inventory/index.ts';
import { parseIpAddress } from '../../../kube/cidr.ts';
import { toObject } from '../../../kube/manifests/parse-manifests.ts';
import { asObject, type JsonObject, type KubeObject } from '../../../model/index.ts';
import {
  compilePoliciesFor,
  completeLabels,
  type PodEnd,
  podEndOf,
  policiesOf,
  policyObjects,
  type PolicySet,
} from '../../../reachability/index.ts';
import type { WrittenPolicy } from '../written-policy.ts';
import { type Cut, keyOfPeer, nameOfPeer, type Need, portWords } from '../need.ts';
import { strangerEnd } from '../ends-of-peers.ts';
import { source } from '../written-object.ts';
import { portsOf, type StandIn } from './copy.ts';
import { isOpen, type Probe, sample, whyNotProbed } from './probes.ts';
import type { Rehearsed } from './plan-rehearsal.ts';
import { findRealPods, type RealPod } from './real-pods.ts';
import { findBystanders, selectingUnready } from './bystanders.ts';

export interface LiveWish {
  readonly prefix: string;
  /** Forbidden connections to try, at most. */
  readonly mostForbidden: number;
}

export interface LiveRehearsalPlan {
  /** Of the names of all that is made. */
  readonly prefix: string;
  /** Of the app; nothing is made in others. */
  readonly namespaces: readonly string[];
  readonly standIns: readonly StandIn[];
  /** In the order in which they are applied: what lets through first, what closes everything last. */
  readonly policies: readonly JsonObject[];
  readonly probes: readonly Probe[];
  /** Connections that are kept by the policies and that no probe can show. */
  readonly notProbed: readonly Cut[];
  /** What the user should know before, each a sentence without its full stop. */
  readonly remarks: readonly string[];
}

interface Caller {
  readonly standIn: StandIn;
  readonly end: PodEnd;
}

interface Target {
  readonly pod: RealPod;
  readonly end: PodEnd;
  readonly ports: readonly number[];
}

function keyOf(workload: Workload): string {
  return keyOfPeer({ kind: 'workload', workload });
}

function findTargets({ inventory, held, needs }: Rehearsed): Map<string, Target> {
  const pods = findRealPods(inventory);
  return new Map(
    held.flatMap((workload): [string, Target][] => {
      const key = keyOf(workload);
      const pod = pods.get(key);
      if (pod === undefined) return [];
      const address = parseIpAddress(pod.address);
      const known = { labels: completeLabels(pod.labels), addresses: address === undefined ? [] : [address] };
      return [[key, { pod, end: { ...podEndOf(inventory, workload), ...known }, ports: portsOf(workload, needs) }]];
    }),
  );
}

/** For whoever calls a pod of the app. */
function findCallers({ inventory, held, needs }: Rehearsed, prefix: string): Map<string, Caller> {
  const calling = new Set(needs.filter((need) => whyNotProbed(need) === undefined).map(({ from }) => keyOfPeer(from)));
  const workloads = held.filter(
    (workload) => calling.has(keyOf(workload)) && selectingUnready(inventory, workload) === undefined,
  );
  return new Map(
    workloads.map((workload, index) => {
      const { namespace } = workload.object;
      const labels = labelsOfPods(workload);
      const standIn = {
        name: `${prefix}-${index}`,
        namespace,
        labels,
        ports: [],
        of: nameOfPeer({ kind: 'workload', workload }),
      };
      return [keyOf(workload), { standIn, end: strangerEnd(inventory, namespace, labels) }];
    }),
  );
}

/** In each namespace one that nobody knows: whatever it calls is forbidden, unless somebody opened it to all. */
function findStrangers({ inventory }: Rehearsed, namespaces: readonly string[], prefix: string): Caller[] {
  return namespaces.map((namespace) => ({
    standIn: { name: `${prefix}-stranger`, namespace, labels: {}, ports: [], of: `a stranger in ${namespace}` },
    end: strangerEnd(inventory, namespace, {}),
  }));
}

function nameIn(prefix: string, name: string): string {
  return `${prefix}-${name}`.slice(0, 253).replace(/[^a-z0-9]+$/, '');
}

/** Under a name of their own: none takes the place of one that is there. */
function renamePolicies(policies: readonly WrittenPolicy[], prefix: string): JsonObject[] {
  const isClosing = ({ ingress, egress }: WrittenPolicy): boolean => ingress.length + egress.length === 0;
  const ordered = [...policies.filter((each) => !isClosing(each)), ...policies.filter(isClosing)];
  return ordered.map(({ raw, namespace, name }) => ({
    ...raw,
    metadata: { ...asObject(raw['metadata']), name: nameIn(prefix, name), namespace },
  }));
}

/** Those that are there stay. Ours of Cilium's kind only open what leads out, and are not counted on. */
function policySet(inventory: Inventory, policies: readonly JsonObject[]): PolicySet {
  const own = policies.filter(({ kind }) => kind === 'NetworkPolicy').map((raw) => toObject(raw, source, ''));
  const { unseen } = inventory.derive(policiesOf);
  return { ...compilePoliciesFor(inventory, [...policyObjects(inventory), ...own]), unseen };
}

function whyNot(
  need: Need,
  callers: ReadonlyMap<string, Caller>,
  targets: ReadonlyMap<string, Target>,
): string | undefined {
  const general = whyNotProbed(need);
  if (general !== undefined) return general;
  if (need.from.kind !== 'workload') return 'its callers are not part of the app';
  if (!targets.has(keyOfPeer(need.to))) return 'no pod that is called is ready';
  return callers.has(keyOfPeer(need.from)) ? undefined : 'nobody can stand in for its caller';
}

interface Scene {
  readonly callers: ReadonlyMap<string, Caller>;
  readonly targets: ReadonlyMap<string, Target>;
  readonly strangers: readonly Caller[];
  readonly set: PolicySet;
}

function keptProbes(needs: readonly Need[], { callers, targets }: Scene): Probe[] {
  return needs.flatMap((need): Probe[] => {
    const from = callers.get(keyOfPeer(need.from))?.standIn;
    const to = targets.get(keyOfPeer(need.to))?.pod;
    if (whyNot(need, callers, targets) !== undefined || from === undefined || to === undefined) return [];
    return need.port === undefined ? [] : [{ from, to, port: need.port, expected: 'open', kind: 'kept' }];
  });
}

function forbiddenProbes({ callers, strangers, targets, set }: Scene, most: number): Probe[] {
  const everyone = [...strangers, ...callers.values()];
  const all = [...targets.values()].flatMap((to) =>
    to.ports.flatMap((port) =>
      everyone
        .filter((from) => isOpen(set, from.end, to.end, port) === false)
        .map(({ standIn }): Probe => ({ from: standIn, to: to.pod, port, expected: 'closed', kind: 'forbidden' })),
    ),
  );
  return sample(all, most);
}

function dnsProbes({ callers }: Scene): Probe[] {
  return [...callers.values()].map(({ standIn }) => ({ from: standIn, expected: 'open', kind: 'dns' }));
}

/** What is there already and stays. */
function presentPolicies(inventory: Inventory, namespaces: readonly string[]): string[] {
  const present = policyObjects(inventory).filter(
    (each) => namespaces.includes(each.namespace) || each.namespace === '',
  );
  const names = present
    .slice(0, 5)
    .map(({ kind, namespace, name }: KubeObject) => `${kind} ${namespace === '' ? '' : `${namespace}/`}${name}`);
  if (names.length === 0) return [];
  const more = present.length > names.length ? ` and ${present.length - names.length} more` : '';
  return [`what is there stays, and what it lets through stays open: ${names.join(', ')}${more}`];
}

export function planLiveRehearsal(rehearsed: Rehearsed, { prefix, mostForbidden }: LiveWish): LiveRehearsalPlan {
  const { inventory, held, needs } = rehearsed;
  const namespaces = [...new Set(rehearsed.policies.map(({ namespace }) => namespace))].sort();
  const policies = renamePolicies(rehearsed.policies, prefix);
  const callers = findCallers(rehearsed, prefix);
  const strangers = findStrangers(rehearsed, namespaces, prefix);
  const targets = findTargets(rehearsed);
  const scene = { callers, targets, strangers, set: policySet(inventory, policies) };
  const standIns = [...callers.values(), ...strangers].map(({ standIn }) => standIn);
  return {
    prefix,
    namespaces,
    standIns,
    policies,
    probes: [...keptProbes(needs, scene), ...dnsProbes(scene), ...forbiddenProbes(scene, mostForbidden)],
    notProbed: needs.flatMap((need) => {
      const why = whyNot(need, callers, targets);
      return why === undefined
        ? []
        : [{ from: nameOfPeer(need.from), to: nameOfPeer(need.to), port: portWords(need), why }];
    }),
    remarks: [
      ...findBystanders(inventory, held, (workload) => callers.has(keyOf(workload))),
      ...presentPolicies(inventory, namespaces),
    ],
  };
}
