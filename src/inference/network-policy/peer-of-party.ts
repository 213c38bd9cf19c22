// Who stands at an end of a connection that was declared or seen, as a policy can name it.

import { type Inventory, type Labels, readLabels, type Workload } from '../../inventory/index.ts';
import { parseIpAddress } from '../../kube/cidr.ts';
import { asArray, asNumber, asObject, asString, type KubeObject } from '../../model/index.ts';
import type { Party, PodFact } from '../../traffic/index.ts';
import { toCidr } from './answers.ts';
import { isClosed } from './blocks.ts';
import { tellingLabels } from './choose-selector.ts';
import type { Decision, Peer } from './need.ts';
import { anyAddress, anyCaller, type Platform } from './platform.ts';
import { usesHostNetwork } from './subject.ts';

export interface Directory {
  readonly inventory: Inventory;
  readonly platform: Platform;
  readonly workloads: ReadonlyMap<string, Workload>;
  readonly podsByOwner: ReadonlyMap<string, readonly PodFact[]>;
  /** Of other namespaces, by `namespace/name`. */
  readonly services: ReadonlyMap<string, KubeObject>;
}

/** The peer, with what is to decide about it; or why no policy can name it. */
export type Named =
  | {
      readonly peer: Peer;
      readonly decision?: Omit<Decision, 'about'>;
      /** Where the party's ports are those of a Service: the port of the pods behind, where that is a number. */
      readonly behind?: (port: number | undefined) => number | undefined;
    }
  /** `absent`: it is not there at all, so there is nothing to keep. */
  | { readonly why: string; readonly absent?: Omit<Decision, 'about'> };

function sharedLabels(pods: readonly PodFact[]): Labels {
  const [first, ...rest] = pods.map(({ labels }) => labels);
  const shared = Object.entries(first ?? {}).filter(([key, value]) => rest.every((each) => each[key] === value));
  return tellingLabels(Object.fromEntries(shared));
}

/** Pods in the network of their node have its addresses, and no labels that a policy finds. */
export function nodesPeer(platform: Platform, whose: string): Named {
  const { nodes } = platform;
  if (nodes !== undefined) return { peer: nodes };
  return {
    peer: anyAddress(platform, 'any address'),
    decision: {
      done: `${whose} uses the network of its node: opened for every address`,
      advice: 'Give the addresses of the nodes: --peer nodes=10.0.0.0/16',
    },
  };
}

/** Pods that are no workload of the input: what live ones tell of themselves. */
function strangers({ podsByOwner, platform }: Directory, { id, namespace = '', name }: Party): Named {
  const pods = podsByOwner.get(id) ?? [];
  if (pods.some(({ isHostNetwork }) => isHostNetwork)) return nodesPeer(platform, `${namespace}/${name}`);
  const labels = sharedLabels(pods);
  const peer: Peer = { kind: 'pods', name: `${namespace}/${name}`, namespaces: [namespace], labels };
  if (Object.keys(labels).length > 0) return { peer };
  return {
    peer,
    decision: {
      done: `the labels of ${namespace}/${name} are not known: opened for all pods of its namespace`,
      advice: 'Add its manifests to the input, or look at the cluster itself with --context.',
    },
  };
}

function ofWorkload(directory: Directory, party: Party): Named {
  const workload = directory.workloads.get(party.id);
  if (workload === undefined) return strangers(directory, party);
  if (usesHostNetwork(workload)) return nodesPeer(directory.platform, party.name);
  return { peer: { kind: 'workload', workload } };
}

/** Domains that people own, and those of offices and homes: the last word of a name that is none of them is a namespace. */
const domains =
  /^(?:[a-z]{2}|com|net|org|edu|gov|mil|int|arpa|info|biz|name|pro|app|dev|cloud|page|site|online|store|tech|xyz|shop|blog|zone|systems|services|network|digital|global|group|live|media|email|team|tools|run|software|local|localdomain|internal|intranet|lan|home|corp|private|test|example|invalid|localhost)$/;

/** `collector.observability`: a Service of a namespace that is not in the input. */
function namespaceOf(name: string): string | undefined {
  const [, namespace, ...more] = name.split('.');
  return namespace === undefined || more.length > 0 || domains.test(namespace) ? undefined : namespace;
}

function ofStrangeNamespace(name: string, namespace: string): Named {
  return {
    peer: { kind: 'pods', name, namespaces: [namespace], labels: {} },
    // What the Service makes of its port is not known.
    behind: () => undefined,
    decision: {
      done: `taken for a Service of namespace "${namespace}", which is not in the input: opened for all its pods`,
      advice: `Add its manifests to the input, or name its pods: --peer ${name}=${namespace}/app=NAME`,
    },
  };
}

function ofOutside({ platform }: Directory, name: string): Named {
  const address = parseIpAddress(name);
  const answer = platform.answers.get(name);
  if (address === undefined && answer !== undefined) return { peer: answer };
  const namespace = address === undefined ? namespaceOf(name) : undefined;
  if (namespace !== undefined) return ofStrangeNamespace(name, namespace);
  if (address === undefined && platform.hasCilium)
    return { peer: { kind: 'addresses', name, blocks: [], cilium: { fqdn: name } } };
  if (address === undefined)
    return {
      peer: anyAddress(platform, name),
      decision: {
        done: 'only the host name is known: opened to every address on this port, but for link-local ones and those of machine identities',
        advice: `Give the addresses behind it: --peer ${name}=203.0.113.0/24`,
      },
    };
  if (isClosed(address)) return { why: 'link-local addresses and those of the metadata service stay closed' };
  return { peer: { kind: 'addresses', name, blocks: [{ cidr: toCidr(name) ?? '' }] } };
}

const absent = {
  done: 'there is no such Service in the cluster: nothing is opened',
  advice: 'Make the policies anew when it is there.',
};

/** True where all Services of the namespace were read. */
function sawServices({ snapshot }: Inventory, namespace: string): boolean {
  const { cluster } = snapshot.facts;
  if (cluster === undefined) return false;
  const isHidden = cluster.notListed.some(({ kind }) => kind === 'Service');
  return !isHidden && (cluster.namespaces.length === 0 || cluster.namespaces.includes(namespace));
}

/** The pods behind a Service of another namespace, which are found by what the Service itself finds them by. */
function strangeService({ raw, namespace, name }: KubeObject): Named | undefined {
  const { selector, ports } = asObject(raw['spec']);
  const labels = readLabels(selector);
  if (Object.keys(labels).length === 0) return undefined;
  return {
    peer: { kind: 'pods', name: `${namespace}/${name}`, namespaces: [namespace], labels },
    behind: (port) => {
      const found = asArray(ports)
        .map(asObject)
        .find((each) => each['port'] === port);
      return asNumber(found?.['targetPort'] ?? found?.['port']);
    },
  };
}

/** A Service without a selector leads to addresses that somebody wrote down. */
function ofService({ inventory, services }: Directory, { namespace = '', name, present }: Party): Named {
  const strange = services.get(`${namespace}/${name}`);
  const found = strange === undefined ? undefined : strangeService(strange);
  if (found !== undefined) return found;
  const slices = inventory
    .ofKindIn('discovery.k8s.io/EndpointSlice', namespace)
    .filter(({ raw }) => asObject(asObject(raw['metadata'])['labels'])['kubernetes.io/service-name'] === name)
    .flatMap(({ raw }) => asArray(raw['endpoints']).flatMap((each) => asArray(asObject(each)['addresses'])));
  const written = inventory
    .ofKindIn('/Endpoints', namespace)
    .filter((object) => object.name === name)
    .flatMap(({ raw }) => asArray(raw['subsets']).flatMap((each) => asArray(asObject(each)['addresses'])))
    .map((each) => asObject(each)['ip']);
  const cidrs = [...slices, ...written].flatMap((each) => toCidr(asString(each) ?? '') ?? []);
  if (cidrs.length > 0)
    return {
      peer: { kind: 'addresses', name: `${namespace}/${name}`, blocks: [...new Set(cidrs)].map((cidr) => ({ cidr })) },
    };
  if (!present && sawServices(inventory, namespace)) return { why: 'there is no such Service', absent };
  const missing = present ? 'no workload of the input stands behind this Service' : 'this Service is not in the input';
  return { why: `${missing}: its pods and their ports are not known` };
}

export function peerOfParty(directory: Directory, party: Party): Named {
  switch (party.kind) {
    case 'workload':
      return ofWorkload(directory, party);
    case 'service':
      return ofService(directory, party);
    case 'node':
      return nodesPeer(directory.platform, party.name);
    case 'outside':
      return ofOutside(directory, party.name);
    case 'cluster':
      return { why: 'an address within the cluster that no object of the input has' };
    case 'api-server':
      return { peer: directory.platform.apiServer ?? anyCaller(directory.platform) };
  }
}
