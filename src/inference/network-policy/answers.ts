// What the user says about ends that evidence cannot name: addresses behind host names, who the ingress controller is.

import { formatCidr, formatIpAddress, parseCidr, parseIpAddress } from '../../kube/cidr.ts';
import { labelKeyProblem, labelValueProblem } from '../../kube/names.ts';
import type { Peer } from './need.ts';

/** By host name; `api-server`, `ingress` (of one class or gateway `ingress:NAME`), `metrics` and `nodes` are ends that every cluster has, and that files do not tell of. */
export type Answers = ReadonlyMap<string, Peer>;

/** `address/prefix`, also of a single address: 32 bits of IPv4, 128 of IPv6. */
export function toCidr(text: string): string | undefined {
  const address = parseIpAddress(text);
  if (address !== undefined) return `${formatIpAddress(address)}/${address.family === 4 ? 32 : 128}`;
  const block = parseCidr(text);
  return block === undefined ? undefined : formatCidr(block);
}

function parseAddresses(name: string, texts: readonly string[]): Peer | undefined {
  const cidrs = texts.flatMap((text) => toCidr(text) ?? []);
  if (cidrs.length < texts.length) return undefined;
  return { kind: 'addresses', name, blocks: cidrs.map((cidr) => ({ cidr })) };
}

function parsePods(name: string, text: string): Peer | undefined {
  const [, namespace = '', rest] = /^([a-z0-9](?:[-a-z0-9]*[a-z0-9])?)(?:\/(.+))?$/.exec(text) ?? [];
  if (namespace === '') return undefined;
  const pairs = rest === undefined ? [] : rest.split(',').map((pair) => pair.split('='));
  const isValid = pairs.every(
    ([key = '', value = '-', more]) =>
      more === undefined && labelKeyProblem(key) === undefined && labelValueProblem(value) === undefined,
  );
  return isValid && pairs.every(({ length }) => length === 2)
    ? { kind: 'pods', name, namespaces: [namespace], labels: Object.fromEntries(pairs) }
    : undefined;
}

/** `NAME=10.0.0.1,10.2.0.0/16` or `NAME=namespace/label=value,…`; nothing where it is neither. */
export function parseAnswer(text: string): readonly [name: string, peer: Peer] | undefined {
  const [, name = '', value = ''] = /^([^=]+)=(.+)$/.exec(text) ?? [];
  const peer = parseAddresses(name, value.split(',')) ?? parsePods(name, value);
  return name === '' || peer === undefined ? undefined : [name.toLowerCase(), peer];
}
