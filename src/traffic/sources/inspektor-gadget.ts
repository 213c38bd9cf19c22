// Events of Inspektor Gadget: `trace_tcp`, `trace_tcpconnect` and `advise_networkpolicy` with `-o json`.
// Source: gadgets/trace_tcp and gadgets/advise_networkpolicy of inspektor-gadget 0.4x.

import { asObject, asString, type JsonObject } from '../../model/index.ts';
import type { Flow, FlowEnd } from '../flow.ts';
import { endOf, isBlank, normalAddress, portOf, protocolOf, timeOf, told } from './end-fields.ts';

export function isGadget(raw: JsonObject): boolean {
  return (raw['src'] !== undefined && raw['dst'] !== undefined) || raw['endpoint'] !== undefined;
}

/** `app=web,tier=front` */
function labelsOf(text: string | undefined): Record<string, string> | undefined {
  const pairs = (text ?? '').split(',').flatMap((pair): [string, string][] => {
    const at = pair.indexOf('=');
    return at < 1 ? [] : [[pair.slice(0, at), pair.slice(at + 1)]];
  });
  return pairs.length === 0 ? undefined : Object.fromEntries(pairs);
}

function readEnd(raw: JsonObject): FlowEnd {
  const k8s = asObject(raw['k8s']);
  const isService = k8s['kind'] === 'svc';
  return endOf({
    address: normalAddress(asString(raw['addr'])),
    namespace: asString(k8s['namespace']),
    pod: k8s['kind'] === 'pod' ? asString(k8s['name']) : undefined,
    service: isService ? asString(k8s['name']) : undefined,
    // Labels of a Service are not those of its pods.
    labels: isService ? undefined : labelsOf(asString(k8s['labels'])),
    workload: undefined,
    host: undefined,
    is: undefined,
  });
}

/** The pod in which the event was seen. */
function ownEnd(raw: JsonObject): FlowEnd {
  const k8s = asObject(raw['k8s']);
  const owner = asObject(k8s['owner']);
  const [kind, name] = [asString(owner['kind']), asString(owner['name'])];
  return endOf({
    address: undefined,
    namespace: asString(k8s['namespace']),
    pod: asString(k8s['podName']),
    labels: labelsOf(asString(k8s['podLabels'])),
    // The owner is often a ReplicaSet, whose Deployment the join finds by the pod.
    workload: kind === undefined || kind === 'ReplicaSet' || !name ? undefined : { kind, name },
    service: undefined,
    host: undefined,
    is: undefined,
  });
}

/** Ports that Linux gives to clients begin here. Source: /proc/sys/net/ipv4/ip_local_port_range. */
const firstClientPort = 32_768;

interface Ends {
  readonly from: FlowEnd;
  readonly to: FlowEnd;
  readonly port: number | undefined;
  readonly protocol: unknown;
}

function endsOfAdvice(raw: JsonObject): Ends {
  const endpoint = asObject(raw['endpoint']);
  const [own, other] = [ownEnd(raw), readEnd(endpoint)];
  // The port is that of the end that was called, in both directions.
  const shared = { port: portOf(endpoint['port']), protocol: endpoint['proto'] };
  const isOut = raw['egress'] === 1 || raw['egress'] === true;
  return isOut ? { from: own, to: other, ...shared } : { from: other, to: own, ...shared };
}

function endsOfTrace(raw: JsonObject): Ends {
  const [src, dst] = [asObject(raw['src']), asObject(raw['dst'])];
  const [srcPort, dstPort] = [portOf(src['port']), portOf(dst['port'])];
  const protocol = src['proto'] ?? 'TCP';
  if (raw['type'] !== 'accept')
    return { from: { ...readEnd(src), ...ownEnd(raw) }, to: readEnd(dst), port: dstPort, protocol };
  // Whoever accepts is the pod of the event; which of both ends that is, the port of the client tells.
  const isSrcClient = (srcPort ?? 0) >= firstClientPort && (dstPort ?? 0) < firstClientPort;
  const [server, client, port] = isSrcClient ? [dst, src, dstPort] : [src, dst, srcPort];
  return { from: readEnd(client), to: { ...readEnd(server), ...ownEnd(raw) }, port, protocol };
}

/** EINPROGRESS is how connections without waiting begin. */
function outcomeOf(error: string | undefined): Flow['outcome'] {
  return error === undefined || error === '' || error === 'EINPROGRESS' ? 'connected' : 'attempted';
}

/** The connection, why the event is none, or nothing for one that says nothing new. */
export function parseGadgetFlow(raw: JsonObject, where: string): Flow | string | undefined {
  if (raw['type'] === 'close') return undefined;
  const ends = raw['endpoint'] === undefined ? endsOfTrace(raw) : endsOfAdvice(raw);
  const { from, to, port } = ends;
  const protocol = protocolOf(ends.protocol);
  if (protocol === undefined) return undefined;
  if (port === undefined) return 'tells no port';
  if (isBlank(from) || isBlank(to)) return 'tells only one end';
  const outcome = outcomeOf(asString(raw['error']));
  return { from, to, protocol, port, outcome, count: 1, where, ...told<Flow>({ time: timeOf(raw['timestamp']) }) };
}
