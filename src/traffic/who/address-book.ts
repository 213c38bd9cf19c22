// Whose address it was, at the time it was seen: pods, Services, nodes, the API server, or nobody of the cluster.

import {
  type Cidr,
  cidrContainsAddress,
  formatIpAddress,
  type IpAddress,
  parseCidr,
  parseIpAddress,
} from '../../kube/cidr.ts';
import type { Inventory } from '../../inventory/index.ts';
import { asArray, asObject, asString, type KubeObject, pushTo } from '../../model/index.ts';
import type { PodFact } from './pod-facts.ts';

export type Who =
  | { readonly kind: 'pod'; readonly pod: PodFact }
  | { readonly kind: 'service'; readonly service: KubeObject; readonly via: 'cluster' | 'node' }
  | { readonly kind: 'node'; readonly node: string }
  | { readonly kind: 'api-server' }
  | { readonly kind: 'loopback' }
  /** Within the cluster, and nobody of the input. */
  | { readonly kind: 'cluster' }
  | { readonly kind: 'outside' };

/** Blocks that no public host has: RFC 1918, 6598, 4193. Whether they belong to the cluster cannot be told from the address. */
const privateBlocks = blocksOf(['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', 'fc00::/7']);
const loopbackBlocks = blocksOf(['127.0.0.0/8', '::1/128']);

function blocksOf(texts: readonly string[]): Cidr[] {
  return texts.flatMap((text) => parseCidr(text) ?? []);
}

function texts(values: unknown): string[] {
  return asArray(values).flatMap((value) => asString(value) ?? []);
}

function normal(text: string): string | undefined {
  const parsed = parseIpAddress(text);
  return parsed === undefined ? undefined : formatIpAddress(parsed);
}

function isWithin(blocks: readonly Cidr[], address: IpAddress): boolean {
  return blocks.some((block) => cidrContainsAddress(block, address));
}

function serviceAddresses({ raw }: KubeObject): string[] {
  const [spec, status] = [asObject(raw['spec']), asObject(raw['status'])];
  const balancers = asArray(asObject(status['loadBalancer'])['ingress']).map((each) => asObject(each)['ip'] ?? '');
  return [
    ...texts(spec['clusterIPs']),
    ...texts([spec['clusterIP'] ?? '', spec['loadBalancerIP'] ?? '']),
    ...texts(spec['externalIPs']),
    ...texts(balancers),
  ].filter((text) => text !== '' && text !== 'None');
}

interface NodeFact {
  readonly name: string;
  readonly addresses: readonly string[];
  readonly podBlocks: readonly Cidr[];
}

function toNodeFact({ name, raw }: KubeObject): NodeFact {
  const spec = asObject(raw['spec']);
  const addresses = asArray(asObject(raw['status'])['addresses']).flatMap((each) => {
    const { address } = asObject(each);
    return normal(asString(address) ?? '') ?? [];
  });
  const blocks = blocksOf([...texts(spec['podCIDRs']), ...texts([spec['podCIDR'] ?? ''])]);
  return { name, addresses, podBlocks: blocks };
}

/** Where nodes do not tell their blocks: what bridge plugins give out, 256 addresses around those of the node's pods. */
function blocksAround(node: string, pods: readonly PodFact[]): Cidr[] {
  const own = pods.filter((pod) => pod.node === node && !pod.isHostNetwork);
  const texts = own.flatMap(({ addresses }) => addresses).filter((address) => address.includes('.'));
  return blocksOf([...new Set(texts.map((address) => address.replace(/\d+$/, '0/24')))]);
}

/** The node itself is seen by its pods as the first address of their block, as bridge plugins set it up. */
function gatewayOf(blocks: readonly Cidr[], address: IpAddress): boolean {
  return blocks.some(({ family, first }) => family === address.family && first + 1n === address.value);
}

/** Nodes that may not be listed, as far as their pods tell of them. */
function nodesOfPods(pods: readonly PodFact[], listed: readonly NodeFact[]): NodeFact[] {
  const known = new Set(['', ...listed.map(({ name }) => name)]);
  const others = new Map<string, Set<string>>();
  for (const { node, hosts } of pods)
    if (!known.has(node)) others.set(node, new Set([...(others.get(node) ?? []), ...hosts]));
  return [...others].map(([name, addresses]) => ({ name, addresses: [...addresses], podBlocks: [] }));
}

export interface BookFacts {
  readonly inventory: Inventory;
  readonly pods: readonly PodFact[];
  /** Services, Nodes and ServiceCIDRs besides those of the inventory. */
  readonly others: readonly KubeObject[];
  /** True where pods, Services and nodes of the whole cluster were listed: a private address that nobody has is outside then. */
  readonly isComplete: boolean;
}

export class AddressBook {
  readonly #pods = new Map<string, PodFact[]>();
  readonly #hostPods = new Map<string, PodFact[]>();
  readonly #services = new Map<string, KubeObject>();
  readonly #nodes: readonly (NodeFact & { readonly gateways: readonly Cidr[] })[];
  readonly #clusterBlocks: readonly Cidr[];
  readonly #nodePorts = new Map<number, KubeObject>();
  readonly #apiAddresses = new Set<string>();
  /** False where Services and pods of other namespaces may not be listed. */
  readonly isComplete: boolean;

  constructor({ inventory, pods, others, isComplete }: BookFacts) {
    const ofKind = (kind: string): KubeObject[] => [
      ...inventory.ofKind(kind),
      ...others.filter((object) => `${object.group}/${object.kind}` === kind),
    ];
    this.isComplete = isComplete;
    const listed = ofKind('/Node').map(toNodeFact);
    const nodes = [...listed, ...nodesOfPods(pods, listed)];
    const areTold = nodes.some(({ podBlocks }) => podBlocks.length > 0);
    // Blocks that are only guessed say who a gateway is, and nothing of other addresses.
    this.#nodes = nodes.map((node) => ({
      ...node,
      gateways: areTold ? node.podBlocks : blocksAround(node.name, pods),
    }));
    const serviceBlocks = ofKind('networking.k8s.io/ServiceCIDR').flatMap(({ raw }) =>
      blocksOf(texts(asObject(raw['spec'])['cidrs'])),
    );
    this.#clusterBlocks = [...nodes.flatMap(({ podBlocks }) => podBlocks), ...serviceBlocks];
    for (const pod of pods) {
      if (pod.isHostNetwork) pushTo(this.#hostPods, pod.node, pod);
      else for (const address of pod.addresses) pushTo(this.#pods, address, pod);
    }
    for (const service of ofKind('/Service')) this.#addService(service);
  }

  /** `port` is the one that was called at this address; left out for callers. */
  at(text: string, time: number | undefined, port?: number): Who {
    const address = parseIpAddress(text);
    if (address === undefined) return { kind: 'outside' };
    const key = formatIpAddress(address);
    if (isWithin(loopbackBlocks, address)) return { kind: 'loopback' };
    const pod = this.#podAt(key, time);
    if (pod !== undefined) return { kind: 'pod', pod };
    if (this.#apiAddresses.has(key)) return { kind: 'api-server' };
    const service = this.#services.get(key);
    if (service !== undefined) return { kind: 'service', service, via: 'cluster' };
    return this.#nodeAt(key, address, port) ?? this.#elsewhere(address);
  }

  #addService(service: KubeObject): void {
    const isApi = service.namespace === 'default' && service.name === 'kubernetes';
    for (const text of serviceAddresses(service)) {
      const address = normal(text);
      if (address !== undefined && isApi) this.#apiAddresses.add(address);
      else if (address !== undefined) this.#services.set(address, service);
    }
    for (const port of asArray(asObject(service.raw['spec'])['ports'])) {
      const { nodePort } = asObject(port);
      if (typeof nodePort === 'number') this.#nodePorts.set(nodePort, service);
    }
  }

  /** Addresses are given to new pods: the one that had it then. */
  #podAt(address: string, time: number | undefined): PodFact | undefined {
    const known = this.#pods.get(address) ?? [];
    if (time === undefined) return known.length === 1 ? known[0] : known.find(({ until }) => until === Infinity);
    return known
      .filter(({ from, until }) => from <= time && time < until)
      .reduce<PodFact | undefined>(
        (latest, pod) => (latest === undefined || pod.from > latest.from ? pod : latest),
        undefined,
      );
  }

  #nodeAt(key: string, address: IpAddress, port: number | undefined): Who | undefined {
    const node = this.#nodes.find((each) => each.addresses.includes(key) || gatewayOf(each.gateways, address));
    if (node === undefined) return undefined;
    const onNode = port === undefined ? [] : (this.#hostPods.get(node.name) ?? []);
    const listening = onNode.filter(({ ports }) => ports.includes(port ?? 0));
    const [only] = listening;
    if (only !== undefined && listening.length === 1) return { kind: 'pod', pod: only };
    const service = port === undefined ? undefined : this.#nodePorts.get(port);
    return service === undefined ? { kind: 'node', node: node.name } : { kind: 'service', service, via: 'node' };
  }

  #elsewhere(address: IpAddress): Who {
    if (isWithin(this.#clusterBlocks, address)) return { kind: 'cluster' };
    return isWithin(privateBlocks, address) && !this.isComplete ? { kind: 'cluster' } : { kind: 'outside' };
  }
}
