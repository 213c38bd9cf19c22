// The doors that lead in from outside: Services that open to the world, and backends of Ingresses and routes.

import { type Arrival, arrivalsOf, type Workload } from '../../inventory/index.ts';
import { asArray, asNumber, asObject, asString, type KubeObject } from '../../model/index.ts';
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

interface Backend {
  readonly from: KubeObject;
  readonly service: KubeObject;
  readonly port: string | number | undefined;
}

/** The number of a Service's port that a backend names; all of them where it names none. */
function portOf({ service, port }: Backend): number | undefined {
  if (port === undefined || typeof port === 'number') return port;
  const ports = asArray(asObject(service.raw['spec'])['ports']).map(asObject);
  return asNumber(ports.find(({ name }) => name === port)?.['port']);
}

/** OpenShift's Route names its Service in a field of its own, and the port of the pods by name or number. */
function backendsOfRoutes({ inventory }: Directory): Backend[] {
  return inventory.ofKind('route.openshift.io/Route').flatMap((from) => {
    const { to, alternateBackends } = asObject(from.raw['spec']);
    return [to, ...asArray(alternateBackends)].flatMap((each) => {
      const name = asString(asObject(each)['name']) ?? '';
      const service = inventory.find({ group: '', kind: 'Service', namespace: from.namespace, name });
      return service === undefined ? [] : [{ from, service, port: undefined }];
    });
  });
}

function backends({ inventory }: Directory): Backend[] {
  return inventory.references
    .filter(({ use }) => use === 'backend')
    .flatMap((reference) => {
      const service = inventory.find(reference);
      return service?.kind === 'Service' ? [{ from: reference.from, service, port: reference.port }] : [];
    });
}

export function takeBackends(ledger: Ledger, directory: Directory, isSubject: IsSubject): void {
  for (const backend of [...backends(directory), ...backendsOfRoutes(directory)]) {
    const { from, service } = backend;
    openDoor(ledger, isSubject, {
      ...bringersOf(directory.platform, from),
      arrivals: arrivalsOf(directory.inventory, service, portOf(backend)),
      why: `backend of ${from.kind} "${from.name}"`,
    });
  }
}
