// Which addresses are asked: only those that the kubeconfig, the nodes and the Services name.

import { asArray, asNumber, asObject, asString, type KubeObject } from '../model/index.ts';
import { apiServerDoor, type Door, metadataAddress, metadataDoor, nodeDoors } from './doors.ts';

/** Where it is looked from. */
export type Standpoint = 'outside' | 'inside';

export interface Target {
  readonly host: string;
  readonly port: number;
  /** `undefined` for a Service: what it is shows in its answers. */
  readonly door: Door | undefined;
  /** Who names the address: `Node node0 (InternalIP)`. */
  readonly named: string;
  /** The Service, for the finding. */
  readonly service?: { readonly namespace: string; readonly name: string };
}

export interface TargetWish {
  readonly standpoint: Standpoint;
  /** Address of the API server, from the kubeconfig. */
  readonly server: { readonly host: string; readonly port: number };
  readonly objects: readonly KubeObject[];
  /** Namespaces whose Services are asked; empty for all. */
  readonly namespaces: readonly string[];
}

export interface TargetList {
  readonly targets: readonly Target[];
  /** What was left out, for people. */
  readonly leftOut: readonly string[];
}

/** More nodes of a pool answer as the first ones do. */
const mostNodes = 30;
const mostServicePorts = 300;
/** The same node port is open on each node. */
const nodesForNodePorts = 2;

interface Address {
  readonly host: string;
  readonly type: string;
}

function addressesOf({ raw }: KubeObject): Address[] {
  return asArray(asObject(raw['status'])['addresses']).flatMap((item) => {
    const { type, address } = asObject(item);
    const host = asString(address) ?? '';
    return host !== '' && (type === 'InternalIP' || type === 'ExternalIP') ? { host, type } : [];
  });
}

const controlPlaneLabels = ['node-role.kubernetes.io/control-plane', 'node-role.kubernetes.io/master'];

function isControlPlane({ raw }: KubeObject): boolean {
  const labels = asObject(asObject(raw['metadata'])['labels']);
  return controlPlaneLabels.some((label) => labels[label] !== undefined);
}

function nodeTargets(nodes: readonly KubeObject[], server: TargetWish['server']): Target[] {
  // Where no node says that it is one of the control plane, any may be, and so may the host of the API server.
  const anyControlPlane = nodes.some(isControlPlane);
  const hosts = nodes.flatMap((node) =>
    addressesOf(node).map(({ host, type }) => ({
      host,
      named: `Node ${node.name} (${type})`,
      controlPlane: !anyControlPlane || isControlPlane(node),
    })),
  );
  const isKnown = hosts.some(({ host }) => host === server.host);
  const all = isKnown ? hosts : [{ host: server.host, named: 'the kubeconfig', controlPlane: true }, ...hosts];
  return all.flatMap(({ host, named, controlPlane }) =>
    nodeDoors
      .filter((door) => controlPlane || !door.controlPlane)
      .map((door) => ({ host, port: door.port, door, named })),
  );
}

interface ServicePort {
  readonly service: KubeObject;
  readonly port: number;
  readonly nodePort: number | undefined;
}

function portsOf(service: KubeObject): ServicePort[] {
  return asArray(asObject(service.raw['spec'])['ports']).flatMap((item) => {
    const { port, nodePort, protocol } = asObject(item);
    const number = asNumber(port);
    return number === undefined || (protocol ?? 'TCP') !== 'TCP'
      ? []
      : { service, port: number, nodePort: asNumber(nodePort) };
  });
}

function publicHosts({ raw }: KubeObject): string[] {
  const balancer = asArray(asObject(asObject(raw['status'])['loadBalancer'])['ingress']);
  const external = asArray(asObject(raw['spec'])['externalIPs']);
  return [
    ...balancer.map((item) => asString(asObject(item)['ip']) ?? asString(asObject(item)['hostname']) ?? ''),
    ...external.map((item) => asString(item) ?? ''),
  ].filter((host) => host !== '');
}

function outsideServices(ports: readonly ServicePort[], nodes: readonly KubeObject[]): Target[] {
  const doorways = nodes.flatMap((node) => addressesOf(node).slice(0, 1)).slice(0, nodesForNodePorts);
  return ports.flatMap(({ service, port, nodePort }) => {
    const { namespace, name } = service;
    const base = { door: undefined, named: `Service ${namespace}/${name}`, service: { namespace, name } };
    const open = publicHosts(service).map((host) => ({ ...base, host, port }));
    const through = nodePort === undefined ? [] : doorways.map(({ host }) => ({ ...base, host, port: nodePort }));
    return [...open, ...through];
  });
}

function insideServices(ports: readonly ServicePort[]): Target[] {
  return ports.flatMap(({ service, port }) => {
    const { namespace, name } = service;
    const host = asString(asObject(service.raw['spec'])['clusterIP']) ?? '';
    if (host === '' || host === 'None' || (namespace === 'default' && name === 'kubernetes')) return [];
    return { host, port, door: undefined, named: `Service ${namespace}/${name}`, service: { namespace, name } };
  });
}

function once(targets: readonly Target[]): Target[] {
  const seen = new Set<string>();
  return targets.filter(({ host, port, door }) => {
    const key = `${host} ${port} ${door?.id ?? ''}`;
    return !seen.has(key) && seen.add(key);
  });
}

/** The addresses in the order in which they are asked. Pure. */
export function findTargets({ standpoint, server, objects, namespaces }: TargetWish): TargetList {
  const ofKind = (kind: string): KubeObject[] =>
    objects.filter((object) => object.group === '' && object.kind === kind);
  const allNodes = ofKind('Node');
  const nodes = allNodes.slice(0, mostNodes);
  const wanted = ofKind('Service').filter(({ namespace }) => namespaces.length === 0 || namespaces.includes(namespace));
  const ports = wanted.flatMap(portsOf);
  const services = standpoint === 'inside' ? insideServices(ports) : outsideServices(ports, nodes);
  const metadata: Target = { host: metadataAddress, port: 80, door: metadataDoor, named: 'the clouds themselves' };
  const targets = once([
    { ...server, door: apiServerDoor, named: 'the kubeconfig' },
    ...nodeTargets(nodes, server),
    ...(standpoint === 'inside' ? [metadata] : []),
    ...services.slice(0, mostServicePorts),
  ]);
  const leftOut = [
    ...(allNodes.length > mostNodes ? [`${allNodes.length - mostNodes} of ${allNodes.length} nodes`] : []),
    ...(services.length > mostServicePorts
      ? [`${services.length - mostServicePorts} of ${services.length} ports of Services`]
      : []),
  ];
  return { targets, leftOut };
}
