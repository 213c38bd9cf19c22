// The ports of a rule, read once: those with numbers as a set, and those with names, which only the pods called can resolve.

import { asArray, asNumber, asObject, asString, type Json, type JsonObject } from '../model/index.ts';
import type { PodEnd, Protocol } from './ends.ts';
import { allPorts, noPorts, type PortSet, portRange, unitePorts } from './ports/port-set.ts';

export interface PortTerms {
  readonly fixed: PortSet;
  /** Without a protocol where any of them is meant. */
  readonly named: readonly { readonly name: string; readonly protocol?: Protocol }[];
  /** True where an entry says something that is not known here: it may mean any port. */
  readonly isOpaque: boolean;
}

const everything: PortTerms = { fixed: allPorts, named: [], isOpaque: false };
const nothing: PortTerms = { fixed: noPorts, named: [], isOpaque: false };
const opaque: PortTerms = { ...nothing, isOpaque: true };

function fixed(ports: PortSet): PortTerms {
  return { ...nothing, fixed: ports };
}

function merge(terms: readonly PortTerms[]): PortTerms {
  return {
    fixed: terms.map((each) => each.fixed).reduce(unitePorts, noPorts),
    named: terms.flatMap(({ named }) => named),
    isOpaque: terms.some(({ isOpaque }) => isOpaque),
  };
}

function protocolOf(value: Json | undefined): Protocol | undefined {
  const text = asString(value) ?? 'TCP';
  return text === 'TCP' || text === 'UDP' || text === 'SCTP' ? text : undefined;
}

/** One entry of `ports`. Source: networking.k8s.io/v1, NetworkPolicyPort; TCP where no protocol is said. */
function compilePort(entry: JsonObject): PortTerms {
  const protocol = protocolOf(entry['protocol']);
  if (protocol === undefined) return nothing;
  const port = entry['port'] ?? undefined;
  if (port === undefined) return fixed(portRange(protocol));
  const first = asNumber(port);
  if (first === undefined) return { ...nothing, named: [{ name: asString(port) ?? '', protocol }] };
  return fixed(portRange(protocol, first, asNumber(entry['endPort']) ?? first));
}

/** No entry means every port. */
export function compilePorts(rule: JsonObject): PortTerms {
  const ports = asArray(rule['ports']);
  return ports.length === 0 ? everything : merge(ports.map((entry) => compilePort(asObject(entry))));
}

/** Source: policy.networking.k8s.io/v1alpha1, AdminNetworkPolicyPort. */
function compileAdminPort(entry: JsonObject): PortTerms {
  const { portNumber, portRange: range, namedPort } = entry;
  if (typeof namedPort === 'string') return { ...nothing, named: [{ name: namedPort }] };
  const { protocol, port, start, end } = asObject(portNumber ?? range);
  const known = protocolOf(protocol);
  const [first, last] = [asNumber(port ?? start), asNumber(port ?? end)];
  if (known === undefined || first === undefined || last === undefined) return opaque;
  return fixed(portRange(known, first, last));
}

const protocolFields = { tcp: 'TCP', udp: 'UDP', sctp: 'SCTP' } as const;

/** Source: policy.networking.k8s.io/v1alpha2, ClusterNetworkPolicyProtocol. */
function compileProtocol(entry: JsonObject): PortTerms {
  const name = asString(entry['destinationNamedPort']);
  if (name !== undefined) return { ...nothing, named: [{ name }] };
  const field = (['tcp', 'udp', 'sctp'] as const).find((each) => entry[each] !== undefined);
  if (field === undefined) return opaque;
  const target = asObject(entry[field])['destinationPort'];
  if (target === undefined) return fixed(portRange(protocolFields[field]));
  const { number, range } = asObject(target);
  const { start, end } = asObject(range);
  const [first, last] = [asNumber(number ?? start), asNumber(number ?? end)];
  return first === undefined || last === undefined ? opaque : fixed(portRange(protocolFields[field], first, last));
}

/** The ports of an administrator's rule: `ports` or, since v1alpha2, `protocols`. */
export function compileAdminPorts(rule: JsonObject): PortTerms {
  const ports = asArray(rule['ports']).map((entry) => compileAdminPort(asObject(entry)));
  const rest = asArray(rule['protocols']).map((entry) => compileProtocol(asObject(entry)));
  return ports.length + rest.length === 0 ? everything : merge([...ports, ...rest]);
}

export interface ResolvedPorts {
  readonly sure: PortSet;
  readonly possible: PortSet;
}

/** What the terms mean at the end that is called. Addresses outside and nodes have no names for ports. */
export function resolvePorts(terms: PortTerms, ports: PodEnd['ports'] | 'none'): ResolvedPorts {
  const { named } = terms;
  if (terms.isOpaque) return { sure: terms.fixed, possible: allPorts };
  if (named.length === 0 || ports === 'none') return { sure: terms.fixed, possible: terms.fixed };
  if (ports === undefined) {
    const guesses = named.map(({ protocol }) => (protocol === undefined ? allPorts : portRange(protocol)));
    return { sure: terms.fixed, possible: guesses.reduce(unitePorts, terms.fixed) };
  }
  const found = ports.filter((each) =>
    named.some(({ name, protocol }) => each.name === name && (protocol === undefined || protocol === each.protocol)),
  );
  const sure = found.map(({ protocol, port }) => portRange(protocol, port, port)).reduce(unitePorts, terms.fixed);
  return { sure, possible: sure };
}
