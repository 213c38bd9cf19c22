// Whom pods ask for names: the cluster's own name servers and the caches on nodes, over UDP and TCP.

import { dnsPrograms, type Inventory, type Program, toWorkloads, viewOf } from '../../inventory/index.ts';
import { parseIpAddress } from '../../kube/cidr.ts';
import { asArray, asNumber, asObject, asString, type JsonObject, type KubeObject } from '../../model/index.ts';
import { toCidr } from './answers.ts';
import type { Peer } from './need.ts';
import { peerOfProgram, type Platform } from './platform.ts';

export interface NameServer {
  readonly peer: Peer;
  readonly ports: readonly number[];
  readonly why: string;
}

const assumed = 'where nearly every cluster runs it';

/** Where every distribution but a few runs its name server. Source: Kubernetes docs, DNS for Services and Pods. */
const usual: NameServer = {
  peer: {
    kind: 'pods',
    name: 'DNS of the cluster',
    namespaces: ['kube-system'],
    labels: { 'k8s-app': 'kube-dns' },
  },
  ports: [53],
  why: assumed,
};

/** The address of caches on nodes, unless somebody set up another. Source: Kubernetes docs, NodeLocal DNSCache. */
const usualCache = '169.254.20.10';

function isDnsPort(raw: JsonObject): boolean {
  return (asString(raw['name']) ?? '').startsWith('dns') || raw['containerPort'] === 53;
}

/** Ports of the pods: 53 nearly everywhere, 5353 on OpenShift. */
function portsOf(object: KubeObject): number[] {
  const [workload] = toWorkloads(object);
  const ports = (workload?.containers ?? []).flatMap(({ raw }) => asArray(raw['ports']).map(asObject));
  const found = ports.filter(isDnsPort).flatMap(({ containerPort }) => asNumber(containerPort) ?? []);
  return found.length === 0 ? [53] : [...new Set(found)];
}

/** `-localip 169.254.20.10,10.96.0.10`: the address of the cache, and that of the Service, which it takes over. */
function addressesOf({ words }: Program): string[] {
  const text = words.join(' ');
  const given = /-localip[= ]([^\s]+)/.exec(text)?.[1]?.split(',') ?? [];
  const valid = given.filter((each) => parseIpAddress(each) !== undefined);
  return valid.length === 0 ? [usualCache] : valid;
}

function cachePeer(addresses: readonly string[]): NameServer {
  const blocks = [...new Set(addresses)].flatMap((text) => toCidr(text) ?? []).map((cidr) => ({ cidr }));
  return {
    peer: { kind: 'addresses', name: 'DNS cache on the node', blocks },
    ports: [53],
    why: 'NodeLocal DNSCache, where there is one',
  };
}

/** Of files both are assumed: a cache that is not there answers nobody. */
export function findNameServers(inventory: Inventory, platform: Platform): readonly NameServer[] {
  const view = viewOf(inventory);
  const { servers, caches } = dnsPrograms(view);
  const known = servers.flatMap((program): NameServer[] =>
    peerOfProgram(inventory, program, platform.nodes).map((peer) => ({
      peer,
      ports: portsOf(program.object),
      why: `${program.object.kind} "${program.object.name}" answers for names`,
    })),
  );
  const cached = caches.length > 0 ? caches.flatMap(addressesOf) : platform.isComplete ? [] : [usualCache];
  return [...(known.length === 0 ? [usual] : known), ...(cached.length === 0 ? [] : [cachePeer(cached)])];
}
