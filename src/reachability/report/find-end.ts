// Who a person means by a name: a workload, a Service with the workloads behind it, an address, or the ingress controller.

import { type Inventory, type ServicePort, servicePorts } from '../../inventory/index.ts';
import { type IpAddress, parseIpAddress } from '../../kube/cidr.ts';
import type { Direction } from '../../kube/network-policy.ts';
import type { KubeObject } from '../../model/index.ts';
import { type Connections, ingressController } from '../engine/connections.ts';
import type { Graded } from '../engine/grades.ts';
import type { WorkloadParty } from '../engine/parties.ts';
import { parseWorkloadId } from './names.ts';

export type Named =
  | { readonly kind: 'workload'; readonly workload: WorkloadParty }
  | { readonly kind: 'service'; readonly service: KubeObject; readonly workloads: readonly WorkloadParty[] }
  | { readonly kind: 'address'; readonly address: IpAddress }
  | { readonly kind: 'ingress-controller' };

export type Finding =
  | { readonly found: Named }
  /** Ids that the name may mean, or none; `names` are all there are, for "did you mean". */
  | { readonly choices: readonly string[]; readonly names: readonly string[] };

interface Wanted {
  readonly kind?: string;
  readonly namespace?: string;
  readonly name: string;
}

/** `web`, `shop/web`, `deployment/web`, `Deployment/shop/web` and `shop/web[Deployment]`: a first word of two may be either. */
function readings(text: string): Wanted[] {
  const id = parseWorkloadId(text);
  if (id !== undefined) return [id];
  const [first = '', second, third] = text.split('/');
  if (second === undefined) return [{ name: first }];
  if (third !== undefined) return [{ kind: first, namespace: second, name: third }];
  return [
    { namespace: first, name: second },
    { kind: first, name: second },
  ];
}

function fits({ kind, namespace, name }: Wanted, object: Required<Wanted>): boolean {
  return (
    object.name === name &&
    (namespace === undefined || object.namespace === namespace) &&
    (kind === undefined || object.kind.toLowerCase() === kind.toLowerCase())
  );
}

function findWorkloads({ workloads }: Connections, wanted: readonly Wanted[]): WorkloadParty[] {
  return workloads.filter((each) => wanted.some((reading) => fits(reading, each)));
}

function findServices(inventory: Inventory, wanted: readonly Wanted[]): KubeObject[] {
  const named = wanted.map((each) => (each.kind?.toLowerCase() === 'svc' ? { ...each, kind: 'Service' } : each));
  return inventory.ofKind('/Service').filter((each) => named.some((reading) => fits(reading, each)));
}

function behind({ workloads, inventory }: Connections, service: KubeObject): WorkloadParty[] {
  const objects = new Set(inventory.workloadsSelectedBy(service).map(({ object }) => object));
  return workloads.filter((each) => each.objects.some((object) => objects.has(object)));
}

/** Workloads come before Services of the same name. */
export function findEnd(found: Connections, text: string): Finding {
  if (text === ingressController || text === 'ingress-controller') return { found: { kind: 'ingress-controller' } };
  const address = parseIpAddress(text);
  if (address !== undefined) return { found: { kind: 'address', address } };
  const wanted = readings(text);
  const workloads = findWorkloads(found, wanted);
  const [workload] = workloads;
  if (workload !== undefined && workloads.length === 1) return { found: { kind: 'workload', workload } };
  if (workload !== undefined) return { choices: workloads.map(({ id }) => id), names: [] };
  const services = findServices(found.inventory, wanted);
  const [service] = services;
  if (service !== undefined && services.length === 1)
    return { found: { kind: 'service', service, workloads: behind(found, service) } };
  const choices = services.map(({ namespace, name }) => `Service/${namespace}/${name}`);
  return { choices, names: found.workloads.map(({ name }) => name) };
}

/** The port of a Service by number or name; the first where none is asked for and there is only one. */
export function pickServicePort(service: KubeObject, wanted: string | undefined): ServicePort | undefined {
  const ports = servicePorts(service);
  if (wanted === undefined) return ports.length === 1 ? ports[0] : undefined;
  return ports.find(({ port, name }) => String(port) === wanted || name === wanted);
}

/** The workload that is meant, for a Service the first behind it. */
export function workloadOf(named: Named): WorkloadParty | undefined {
  if (named.kind === 'workload') return named.workload;
  return named.kind === 'service' ? named.workloads[0] : undefined;
}

function withAddress(
  found: Connections,
  own: WorkloadParty,
  address: IpAddress,
  direction: Direction,
): Graded | undefined {
  const range = found.rangeOf(address, direction);
  return range === undefined ? undefined : found.withRange(own, range, direction);
}

/** All ports from one to the other; absent where neither is a workload, or nothing is known of an address. */
export function portsBetween(found: Connections, from: Named, to: Named): Graded | undefined {
  const [caller, called] = [workloadOf(from), workloadOf(to)];
  if (called !== undefined) {
    if (from.kind === 'address') return withAddress(found, called, from.address, 'ingress');
    return caller === undefined ? found.fromIngressController(called) : found.between(caller, called);
  }
  return caller !== undefined && to.kind === 'address' ? withAddress(found, caller, to.address, 'egress') : undefined;
}
