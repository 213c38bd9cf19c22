// The ends that are not the app's: DNS, nodes, the API server, collectors of metrics. Known of a cluster, assumed of files.

import {
  findNetwork,
  type Inventory,
  type Program,
  scraperPrograms,
  toWorkloads,
  viewOf,
} from '../../inventory/index.ts';
import { parseCidr, parseIpAddress } from '../../kube/cidr.ts';
import { asArray, asObject, asString, type JsonObject } from '../../model/index.ts';
import { type Answers, toCidr } from './answers.ts';
import { fromAnywhere, toAnywhere } from './blocks.ts';
import { stableLabels } from './choose-selector.ts';
import type { CiliumPeer, Peer } from './need.ts';

export interface Platform {
  readonly answers: Answers;
  /** Of the cluster's pods; both where that is not known. */
  readonly families: readonly (4 | 6)[];
  /** Blocks of the cluster's own pods, where nodes tell them. */
  readonly podBlocks: readonly string[];
  readonly nodes: Peer | undefined;
  /** Addresses of the API server, and its ports behind the Service. */
  readonly apiServer: Peer | undefined;
  readonly apiPorts: readonly number[];
  /** True where Cilium holds pods to policies: it names more than addresses. */
  readonly hasCilium: boolean;
  /** Pods through which the API server of a managed cluster calls. */
  readonly tunnels: readonly Peer[];
  readonly scrapers: readonly Peer[];
  /** True where all programs of the cluster were seen: what was not found is not there. */
  readonly isComplete: boolean;
}

function texts(value: unknown): string[] {
  return asArray(value).flatMap((each) => asString(each) ?? []);
}

function nodeAddresses(raw: JsonObject): string[] {
  return asArray(asObject(raw['status'])['addresses']).flatMap((each) => {
    const { type, address } = asObject(each);
    return type === 'InternalIP' ? (toCidr(asString(address) ?? '') ?? []) : [];
  });
}

function familiesOf(inventory: Inventory, blocks: readonly string[]): (4 | 6)[] {
  const services = inventory.ofKind('/Service').flatMap(({ raw }) => texts(asObject(raw['spec'])['clusterIPs']));
  const known = new Set([
    ...blocks.flatMap((text) => parseCidr(text)?.family ?? []),
    ...services.flatMap((text) => parseIpAddress(text)?.family ?? []),
  ]);
  return known.size === 0 ? [4, 6] : [...known].sort((a, b) => a - b);
}

/** The pods of a program as a peer; of one in the network of its node, the nodes. */
export function peerOfProgram(
  inventory: Inventory,
  { object }: Pick<Program, 'object'>,
  nodes: Peer | undefined,
): Peer[] {
  const known = inventory.workloadOf(object);
  const workload = known ?? toWorkloads(object)[0];
  if (workload === undefined) return [];
  if (workload.spec['hostNetwork'] === true) return nodes === undefined ? [] : [nodes];
  if (known !== undefined) return [{ kind: 'workload', workload: known }];
  const name = `${object.namespace}/${object.name}`;
  return [{ kind: 'pods', name, namespaces: [object.namespace], labels: stableLabels(workload) }];
}

/** What stands behind the Service `kubernetes` of a cluster. */
export interface ApiEndpoints {
  readonly addresses: readonly string[];
  readonly ports: readonly number[];
}

/** Distributions of Cilium. */
const ciliums: ReadonlySet<string> = new Set(['Cilium', 'GKE Dataplane V2']);

function addressPeer(name: string, cidrs: readonly string[], cilium: CiliumPeer | undefined): Peer | undefined {
  if (cidrs.length === 0 && cilium === undefined) return undefined;
  const blocks = [...new Set(cidrs)].map((cidr) => ({ cidr }));
  return { kind: 'addresses', name, blocks, ...(cilium === undefined ? {} : { cilium }) };
}

/** The agents of konnectivity: GKE, AKS and others. Source: kubernetes-sigs/apiserver-network-proxy. */
const tunnelAgent = /(?:^|\/)(?:proxy-agent|konnectivity-agent)$/;

function objectsOnce(programs: readonly Program[]): Program[] {
  return [...new Map(programs.map((program) => [program.object, program])).values()];
}

export function assemblePlatform(inventory: Inventory, answers: Answers, api?: ApiEndpoints): Platform {
  const view = viewOf(inventory);
  const listed = view.objects('/Node');
  const hasCilium = findNetwork(view).plugins.some(({ name }) => ciliums.has(name));
  const named = (name: string, cidrs: readonly string[], entities: readonly string[]): Peer | undefined =>
    addressPeer(name, cidrs, hasCilium ? { entities } : undefined);
  const nodes =
    answers.get('nodes') ??
    named(
      'the nodes',
      listed.flatMap(({ raw }) => nodeAddresses(raw)),
      ['host', 'remote-node'],
    );
  const podBlocks = listed.flatMap(({ raw }) => texts(asObject(raw['spec'])['podCIDRs']));
  const peers = (programs: readonly Program[]): Peer[] =>
    objectsOnce(programs).flatMap((program) => peerOfProgram(inventory, program, nodes));
  return {
    answers,
    families: familiesOf(inventory, podBlocks),
    podBlocks: [...new Set(podBlocks)],
    nodes,
    apiServer:
      answers.get('api-server') ??
      named(
        'API server',
        (api?.addresses ?? []).flatMap((text) => toCidr(text) ?? []),
        ['kube-apiserver'],
      ),
    apiPorts: api?.ports ?? [],
    hasCilium,
    tunnels: peers(view.programs.filter(({ repository }) => tunnelAgent.test(repository))),
    scrapers: peers(scraperPrograms(view)),
    isComplete: view.live && view.sawPrograms,
  };
}

/** Whoever calls from outside. */
export function anyCaller({ families }: Platform): Peer {
  return { kind: 'addresses', name: 'anywhere', blocks: fromAnywhere(families) };
}

/** Whatever may stand behind a name outside of the cluster. */
export function anyAddress({ families, podBlocks }: Platform, name: string): Peer {
  return { kind: 'addresses', name, blocks: toAnywhere(families, podBlocks) };
}
