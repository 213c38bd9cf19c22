// Flows of Cilium as `hubble observe -o json` prints them. Source: Cilium api/v1/flow/flow.proto, Hubble 1.19.

import { asArray, asObject, asString, type JsonObject } from '../../model/index.ts';
import type { Protocol } from '../../reachability/index.ts';
import type { Flow, FlowEnd } from '../flow.ts';
import { endOf, isBlank, normalAddress, portOf, timeOf, told } from './end-fields.ts';

function labelsOf(raw: JsonObject): Record<string, string> {
  const pairs = asArray(raw['labels']).flatMap((item): [string, string][] => {
    const match = /^k8s:([^=]+)=(.*)$/s.exec(asString(item) ?? '');
    const [, key = '', value = ''] = match ?? [];
    // Cilium's own labels of an endpoint are not the pod's.
    return match === null || key.startsWith('io.cilium.') || key.startsWith('io.kubernetes.') ? [] : [[key, value]];
  });
  return Object.fromEntries(pairs);
}

/** Source: Cilium, Special Identities. */
const reserved: readonly (readonly [string, FlowEnd['is']])[] = [
  ['reserved:kube-apiserver', 'api-server'],
  ['reserved:host', 'node'],
  ['reserved:remote-node', 'node'],
  ['reserved:health', 'node'],
  ['reserved:world', 'outside'],
];

function readEnd(value: unknown, address: string | undefined, names: unknown, service: unknown): FlowEnd {
  const raw = asObject(value);
  const texts = new Set(asArray(raw['labels']).map((item) => asString(item) ?? ''));
  const workload = asObject(asArray(raw['workloads'])[0]);
  const [kind, name] = [asString(workload['kind']), asString(workload['name'])];
  const labels = labelsOf(raw);
  const pod = asString(raw['pod_name']);
  return endOf({
    address: normalAddress(address),
    namespace: asString(raw['namespace']),
    pod,
    workload: name === undefined ? undefined : { name, ...(kind === undefined ? {} : { kind }) },
    labels: Object.keys(labels).length === 0 ? undefined : labels,
    service: asString(asObject(service)['name']),
    host: pod === undefined ? asString(asArray(names)[0])?.replace(/\.$/, '').toLowerCase() : undefined,
    is: reserved.find(([label]) => texts.has(label))?.[1],
  });
}

function transportOf(flow: JsonObject): { protocol: Protocol; transport: JsonObject } | undefined {
  const l4 = asObject(flow['l4']);
  for (const protocol of ['TCP', 'UDP', 'SCTP'] as const)
    if (l4[protocol] !== undefined) return { protocol, transport: asObject(l4[protocol]) };
  return undefined;
}

/** True for records of Hubble: a flow, bare or with an envelope, or a word about lost ones. */
export function isHubble(raw: JsonObject): boolean {
  return (
    raw['flow'] !== undefined ||
    raw['lost_events'] !== undefined ||
    raw['node_status'] !== undefined ||
    (raw['verdict'] !== undefined && (raw['l4'] !== undefined || raw['traffic_direction'] !== undefined))
  );
}

/** Packets of one connection come many times; its first one counts. */
function countOf(protocol: Protocol, { flags }: JsonObject): number {
  if (protocol !== 'TCP') return 1;
  const { SYN, ACK } = asObject(flags);
  return SYN === true && ACK !== true ? 1 : 0;
}

/** Both ends as the packet had them: its sender first. */
function packetEnds(flow: JsonObject): readonly [FlowEnd, FlowEnd] {
  const ip = asObject(flow['IP']);
  return [
    readEnd(flow['source'], asString(ip['source']), flow['source_names'], flow['source_service']),
    readEnd(flow['destination'], asString(ip['destination']), flow['destination_names'], flow['destination_service']),
  ];
}

function readFlow(flow: JsonObject, where: string): Flow | string | undefined {
  const found = transportOf(flow);
  if (found === undefined) return undefined;
  const { protocol, transport } = found;
  const isReply = flow['is_reply'] === true || flow['reply'] === true;
  const port = portOf(transport[isReply ? 'source_port' : 'destination_port']);
  if (port === undefined) return 'tells no port';
  const [sender, receiver] = packetEnds(flow);
  if (isBlank(sender) || isBlank(receiver)) return 'tells only one end';
  const ends = isReply ? { from: receiver, to: sender } : { from: sender, to: receiver };
  const outcome = flow['verdict'] === 'DROPPED' ? 'dropped' : 'connected';
  const count = isReply ? 0 : countOf(protocol, transport);
  return { ...ends, protocol, port, outcome, count, where, ...told<Flow>({ time: timeOf(flow['time']) }) };
}

/** The connection, why the record is none, or nothing for one that says nothing new. */
export function parseHubbleFlow(raw: JsonObject, where: string): Flow | string | undefined {
  if (raw['lost_events'] !== undefined) return 'Hubble lost events here: connections may be missing';
  if (raw['node_status'] !== undefined) return undefined;
  const { time } = raw;
  return readFlow(
    raw['flow'] === undefined ? raw : { ...(time === undefined ? {} : { time }), ...asObject(raw['flow']) },
    where,
  );
}
