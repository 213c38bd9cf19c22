// Short words for parties: names without what all of them share, blocks for ranges of addresses.

import { formatIpAddress, type IpAddress, parseIpAddress } from '../../kube/cidr.ts';

const workload = /^(.*)\/([^/]*)\[(.*)\]$/;
const external = /^(.*)-(.*)\[External\]$/;

export interface PartyName {
  readonly namespace: string;
  readonly name: string;
  readonly kind: string;
}

/** Absent for what is no workload. */
export function parseWorkloadId(id: string): PartyName | undefined {
  const [, namespace, name, kind] = workload.exec(id) ?? [];
  return namespace === undefined || name === undefined || kind === undefined ? undefined : { namespace, name, kind };
}

const bits = { 4: 32, 6: 128 } as const;

/** A block where the range is exactly one. */
function blockWords(first: IpAddress, last: IpAddress): string | undefined {
  const size = last.value - first.value + 1n;
  const prefix = bits[first.family] - (size.toString(2).length - 1);
  const isBlock = (size & (size - 1n)) === 0n && first.value % size === 0n;
  return isBlock ? `${formatIpAddress(first)}/${prefix}` : undefined;
}

function rangeWords(from: string, to: string): string {
  const [first, last] = [parseIpAddress(from), parseIpAddress(to)];
  const block = first === undefined || last === undefined ? undefined : blockWords(first, last);
  if (block === '0.0.0.0/0') return 'outside';
  if (block === '::/0') return 'outside (IPv6)';
  return block ?? `${from} to ${to}`;
}

/** Names by id. The namespace is left out where all workloads are in one, the kind where the name alone is clear. */
export function namesOf(ids: Iterable<string>): ReadonlyMap<string, string> {
  const all = [...new Set(ids)];
  const parsed = all.flatMap((id) => parseWorkloadId(id) ?? []);
  const isShort = new Set(parsed.map(({ namespace }) => namespace)).size < 2;
  const counts = new Map<string, number>();
  for (const { namespace, name } of parsed)
    counts.set(`${namespace}/${name}`, (counts.get(`${namespace}/${name}`) ?? 0) + 1);
  return new Map(
    all.map((id) => {
      const [, first, last] = external.exec(id) ?? [];
      if (first !== undefined && last !== undefined) return [id, rangeWords(first, last)];
      const party = parseWorkloadId(id);
      if (party === undefined) return [id, id.replace(/^\{ingress-controller\}$/, 'ingress controller')];
      const { namespace, name, kind } = party;
      const place = isShort ? name : `${namespace}/${name}`;
      return [id, (counts.get(`${namespace}/${name}`) ?? 0) > 1 ? `${place} (${kind})` : place];
    }),
  );
}
