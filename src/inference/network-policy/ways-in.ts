// The doors that lead in from outside: Services that open to the world, and backends of Ingresses and routes.

import { type Arrival, arrivalsOf, type Inventory, type Workload } from '../../inventory/index.ts';
import { asArray, asObject, asString, type KubeObject, pushTo } from '../../model/index.ts';
import { type WayIn, waysInOf } from '../../reachability/index.ts';
import { toCidr } from './answers.ts';
import { bringersOf } from './bringers.ts';
import { type Decision, type Ledger, nameOfPeer, type Peer } from './need.ts';
import type { Directory } from './peer-of-party.ts';
import { anyCaller, type Platform } from './platform.ts';

export type IsSubject = (workload: Workload) => boolean;

interface Door {
  readonly callers: readonly Peer[];
  readonly arrivals: readonly Pick<Arrival, 'workload' | 'port' | 'protocol'>[];
  readonly why: string;
  readonly decision?: Omit<Decision, 'about'>;
  readonly isScrape?: boolean;
}

export function openDoor(ledger: Ledger, isSubject: IsSubject, door: Door): void {
  const { callers, arrivals, why, decision, isScrape = false } = door;
  const evidence = { isDeclared: true, isSeen: false, isScrape, why: [why] };
  for (const { workload, port, protocol } of arrivals) {
    if (port === undefined || !isSubject(workload)) continue;
    const to: Peer = { kind: 'workload', workload };
    for (const from of callers) ledger.need({ from, to, protocol, port, ...evidence });
    const about = `${callers.map(nameOfPeer).join(', ')} → ${nameOfPeer(to)}, ${protocol} ${port}`;
    if (decision !== undefined) ledger.decide({ about, ...decision });
  }
}

/** With `externalTrafficPolicy: Cluster` a node stands between, and its address arrives: then the ranges say nothing here. */
function callersOf(service: KubeObject, platform: Platform): Peer {
  const { loadBalancerSourceRanges, externalTrafficPolicy } = asObject(service.raw['spec']);
  const ranges = asArray(loadBalancerSourceRanges).flatMap((each) => toCidr(asString(each) ?? '') ?? []);
  if (ranges.length === 0 || externalTrafficPolicy !== 'Local') return anyCaller(platform);
  return { kind: 'addresses', name: 'source ranges of the load balancer', blocks: ranges.map((cidr) => ({ cidr })) };
}

function opensOutside({ raw }: KubeObject): boolean {
  const { type, externalIPs } = asObject(raw['spec']);
  return type === 'NodePort' || type === 'LoadBalancer' || asArray(externalIPs).length > 0;
}

export function takeOpenServices(ledger: Ledger, { inventory, platform }: Directory, isSubject: IsSubject): void {
  for (const service of inventory.ofKind('/Service').filter(opensOutside)) {
    const type = asString(asObject(service.raw['spec'])['type']) ?? 'ClusterIP';
    openDoor(ledger, isSubject, {
      callers: [callersOf(service, platform)],
      arrivals: arrivalsOf(inventory, service, undefined),
      why: `Service "${service.name}" of type ${type}`,
    });
  }
}

/** Ways in of one object to one port of a workload are one. */
function doorsOf(inventory: Inventory): Map<KubeObject, WayIn[]> {
  const byObject = new Map<KubeObject, WayIn[]>();
  for (const way of waysInOf(inventory)) pushTo(byObject, way.by, way);
  return byObject;
}

export function takeBackends(ledger: Ledger, directory: Directory, isSubject: IsSubject): void {
  for (const [from, arrivals] of doorsOf(directory.inventory))
    openDoor(ledger, isSubject, {
      ...bringersOf(directory, from),
      arrivals,
      why: `backend of ${from.kind} "${from.name}"`,
    });
}
