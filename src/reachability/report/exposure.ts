// What pods that nobody has written yet, and the world outside, may reach: judged with pods made up to fit each rule.

import { type Direction } from '../../kube/network-policy.ts';
import { formatSelector, type Selector } from '../../kube/selectors.ts';
import type { Peer } from '../compile-peers.ts';
import type { PolicySet } from '../compile-policies.ts';
import { completeLabels, namespaceLabelsOf, nameLabel, type PodEnd, type Protocol, selects } from '../ends.ts';
import type { Connections } from '../engine/connections.ts';
import { type AddressRange, rangeId } from '../engine/ranges.ts';
import { allOf } from '../known.ts';
import { isSamePorts, listPorts, type PortSet, withoutPorts } from '../ports/port-set.ts';

export type StrangerKind = 'outside' | 'cluster' | 'namespace' | 'pods';

/** Something that is not in the input and that a workload is open to, or may call. */
export interface Exposure {
  readonly workload: string;
  /** `ingress`: it may be called; `egress`: it may call. */
  readonly direction: Direction;
  /** Whom: addresses outside, any pod of the cluster, any pod of some namespaces, or pods with certain labels. */
  readonly kind: StrangerKind;
  /** In words; for addresses `10.0.0.0-10.255.255.255[External]`. */
  readonly who: string;
  readonly protocol: Protocol | 'All';
  readonly ports?: readonly string[];
}

interface Stranger {
  readonly kind: StrangerKind;
  readonly who: string;
  readonly end: PodEnd;
}

const nobody: PodEnd = {
  kind: 'pod',
  namespace: '',
  labels: completeLabels({}),
  namespaceLabels: completeLabels({}),
  isHostNetwork: false,
  addresses: [],
  ports: [],
};

const anyPod: Stranger = { kind: 'cluster', who: 'any pod of the cluster', end: nobody };

/** The fewest labels that a selector is content with. */
function fittingLabels({ requirements }: Selector): Record<string, string> {
  return Object.fromEntries(
    requirements.flatMap(({ key, operator, values }): [string, string][] => {
      if (operator === 'In') return [[key, values[0] ?? '']];
      return operator === 'Exists' ? [[key, 'any']] : [];
    }),
  );
}

function placeWords(namespace: string, selector: Selector | undefined): string {
  if (selector === undefined) return `namespace ${namespace}`;
  const [only] = selector.requirements;
  if (selector.requirements.length === 1 && only?.key === nameLabel && only.operator === 'In')
    return only.values.length === 1 ? `namespace ${only.values[0]}` : `namespaces ${only.values.join(', ')}`;
  return selector.isEmpty ? 'any namespace' : `namespaces with ${formatSelector(selector)}`;
}

interface Place {
  readonly words: string;
  readonly end: Pick<PodEnd, 'namespace' | 'namespaceLabels'>;
}

function placeOf({ inventory }: Connections, selector: Selector | undefined, ownNamespace: string): Place {
  const words = placeWords(ownNamespace, selector);
  if (selector === undefined) {
    const namespaceLabels = namespaceLabelsOf(ownNamespace, inventory.namespaceLabels(ownNamespace));
    return { words, end: { namespace: ownNamespace, namespaceLabels } };
  }
  const values = fittingLabels(selector);
  return { words, end: { namespace: values[nameLabel] ?? '', namespaceLabels: completeLabels(values) } };
}

/** True for a peer that means pods of one kind or another; every pod of the cluster is told apart from these. */
function meansPods({ namespaces, pods }: Peer): boolean {
  const selectors = [namespaces, pods].filter((each) => each !== undefined);
  if (selectors.length === 0 || selectors.some(({ matchesNothing }) => matchesNothing)) return false;
  return namespaces === undefined || selectors.some(({ isEmpty }) => !isEmpty);
}

/** A pod that the peer means, and nothing more; absent where it means addresses, nodes or nobody. */
function strangerFor(found: Connections, peer: Peer, ownNamespace: string): Stranger | undefined {
  if (!meansPods(peer)) return undefined;
  const { words, end } = placeOf(found, peer.namespaces, ownNamespace);
  const { pods } = peer;
  if (pods === undefined || pods.isEmpty)
    return { kind: 'namespace', who: `any pod in ${words}`, end: { ...nobody, ...end } };
  const labels = completeLabels(fittingLabels(pods));
  return { kind: 'pods', who: `pods with ${formatSelector(pods)} in ${words}`, end: { ...nobody, ...end, labels } };
}

function isSeen({ workloads }: Connections, { pods, namespaces }: Peer, ownNamespace: string): boolean {
  return workloads.some(({ ends }) =>
    ends.some((end) => {
      const inPlace =
        namespaces === undefined ? end.namespace === ownNamespace : selects(namespaces, end.namespaceLabels);
      return allOf([inPlace, pods === undefined ? true : selects(pods, end.labels)]) === true;
    }),
  );
}

interface Named {
  readonly peer: Peer;
  readonly ownNamespace: string;
}

function peersIn({ byNamespace, admin, baseline }: PolicySet, direction: Direction): Named[] {
  const own = [...byNamespace].flatMap(([ownNamespace, policies]) =>
    policies.flatMap(({ rules }) =>
      (rules[direction] ?? []).flatMap(({ peers = [] }) => peers.map((peer) => ({ peer, ownNamespace }))),
    ),
  );
  const others = [...admin, ...baseline]
    .flat()
    .flatMap(({ rules }) => rules[direction].flatMap(({ peers }) => peers.map((peer) => ({ peer, ownNamespace: '' }))));
  return [...own, ...others];
}

/** Pods that rules mean and the input does not have: whole namespaces always, since new pods may come there. */
function strangersIn(found: Connections, direction: Direction): Stranger[] {
  const strangers = new Map<string, Stranger>();
  for (const { peer, ownNamespace } of peersIn(found.set, direction)) {
    const stranger = strangerFor(found, peer, ownNamespace);
    if (stranger === undefined || strangers.has(stranger.who)) continue;
    if (stranger.kind === 'pods' && isSeen(found, peer, ownNamespace)) continue;
    strangers.set(stranger.who, stranger);
  }
  return [...strangers.values()];
}

type Told = Pick<Exposure, 'kind' | 'who'> & { readonly ports: PortSet };

/** Neighbouring ranges that are treated alike are one. */
function outsideOf(found: Connections, direction: Direction, portsOf: (range: AddressRange) => PortSet): Told[] {
  const merged: { range: AddressRange; ports: PortSet }[] = [];
  for (const range of found.ranges[direction]) {
    const ports = portsOf(range);
    const before = merged.at(-1);
    const isNext = before !== undefined && before.range.family === range.family && isSamePorts(before.ports, ports);
    if (isNext) before.range = { ...before.range, last: range.last };
    else merged.push({ range, ports });
  }
  return merged.map(({ range, ports }) => ({ kind: 'outside' as const, who: rangeId(range), ports }));
}

function exposureIn(found: Connections, direction: Direction): Exposure[] {
  const strangers = strangersIn(found, direction);
  const portsAt = found.withStrangers([nobody, ...strangers.map(({ end }) => end)], direction);
  return found.workloads.flatMap((workload) => {
    const everybody = portsAt(workload, 0).read;
    const told: Told[] = [
      ...outsideOf(found, direction, (range) => found.withRange(workload, range, direction).read),
      { ...anyPod, ports: everybody },
      ...strangers.map((stranger, index) => ({
        ...stranger,
        ports: withoutPorts(portsAt(workload, index + 1).read, everybody),
      })),
    ];
    return told.flatMap(({ kind, who, ports }) =>
      listPorts(ports).map((each) => ({ workload: workload.id, direction, kind, who, ...each })),
    );
  });
}

export function findExposure(found: Connections): Exposure[] {
  return [...exposureIn(found, 'ingress'), ...exposureIn(found, 'egress')];
}
