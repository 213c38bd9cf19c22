// Holds every edge against the policies of both ends.

import { type Inventory, type Workload } from '../../inventory/index.ts';
import { parseIpAddress } from '../../kube/cidr.ts';
import {
  completeLabels,
  type End,
  isPermitted,
  judgeConnection,
  namespaceLabelsOf,
  podEndOf,
  policiesOf,
  type SideJudgement,
} from '../../reachability/index.ts';
import type { Side, TrafficEdge } from '../report.ts';
import { objectParty, type Party } from '../who/party.ts';
import type { PodFact } from '../who/pod-facts.ts';
import type { EdgeDraft } from './draft.ts';

export interface Judge {
  readonly inventory: Inventory;
  readonly workloads: ReadonlyMap<string, Workload>;
  readonly podsByOwner: ReadonlyMap<string, readonly PodFact[]>;
}

export function workloadsById({ workloads }: Inventory): ReadonlyMap<string, Workload> {
  return new Map(workloads.map((workload) => [objectParty('workload', workload.object).id, workload]));
}

/** Pods of which the input has no template: what one of them told, or nothing. */
function strangerEnd({ inventory }: Judge, namespace: string, pods: readonly PodFact[]): End {
  const [first] = pods;
  return {
    kind: 'pod',
    namespace,
    labels: first === undefined ? { values: {}, isOpen: () => true } : completeLabels(first.labels),
    namespaceLabels: namespaceLabelsOf(namespace, inventory.namespaceLabels(namespace)),
    isHostNetwork: first?.isHostNetwork ?? false,
    addresses: pods.flatMap(({ addresses }) => addresses.flatMap((text) => parseIpAddress(text) ?? [])),
    ports: undefined,
  };
}

function workloadEnd(judge: Judge, party: Party): End {
  const workload = judge.workloads.get(party.id);
  const pods = judge.podsByOwner.get(party.id) ?? [];
  if (workload === undefined) return strangerEnd(judge, party.namespace ?? '', pods);
  const end = podEndOf(judge.inventory, workload);
  const live = pods.flatMap(({ addresses }) => addresses.flatMap((text) => parseIpAddress(text) ?? []));
  return { ...end, addresses: live.length > 0 ? live : end.addresses };
}

/** Whether the pods at the other end run on this node: all, none, or not known. */
function isOwnNode(judge: Judge, node: Party, other: Party): boolean | undefined {
  const nodes = new Set((judge.podsByOwner.get(other.id) ?? []).map((pod) => pod.node));
  if (nodes.size === 0 || !nodes.has(node.name)) return nodes.size === 0 ? undefined : false;
  return nodes.size === 1 ? true : undefined;
}

function endOf(judge: Judge, party: Party, other: Party): End | undefined {
  const address = parseIpAddress(party.name);
  switch (party.kind) {
    case 'workload':
      return workloadEnd(judge, party);
    case 'service':
      return undefined;
    case 'node':
      return { kind: 'node', addresses: [], isOwnNode: isOwnNode(judge, party, other) };
    case 'cluster':
      return {
        kind: 'pod',
        namespace: '',
        labels: { values: {}, isOpen: () => true },
        namespaceLabels: { values: {}, isOpen: () => true },
        isHostNetwork: false,
        addresses: address === undefined ? [] : [address],
        ports: undefined,
      };
    case 'api-server':
    case 'outside':
      return address === undefined ? { kind: 'outside' } : { kind: 'outside', address };
  }
}

function toSide({ verdict, why, policies }: SideJudgement): Side {
  return { verdict, why, policies: policies.map(({ namespace, name }) => `${namespace}/${name}`) };
}

type Verdicts = Pick<TrafficEdge, 'egress' | 'ingress' | 'isBlocked'>;

/** Nothing where the port or an end is not known. */
export function judgeEdge(judge: Judge, { from, to, protocol, port }: EdgeDraft): Verdicts {
  const ends = { from: endOf(judge, from, to), to: endOf(judge, to, from) };
  if (ends.from === undefined || ends.to === undefined || port === undefined) return {};
  const judged = judgeConnection({ from: ends.from, to: ends.to, protocol, port }, judge.inventory.derive(policiesOf));
  const isOpen = isPermitted(judged);
  return {
    ...(judged.egress === undefined || from.kind === 'cluster' ? {} : { egress: toSide(judged.egress) }),
    ...(judged.ingress === undefined || to.kind === 'cluster' ? {} : { ingress: toSide(judged.ingress) }),
    ...(isOpen === undefined ? {} : { isBlocked: !isOpen }),
  };
}
