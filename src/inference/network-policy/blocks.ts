// Blocks of addresses that policies open, and those that they keep closed whatever is open around them.

import { cidrContainsAddress, type IpAddress, parseCidr, parseIpAddress } from '../../kube/cidr.ts';
import type { AddressBlock } from './need.ts';

/**
 * Where clouds serve the identity of a machine to whoever asks, and all link-local addresses with it. Sources: docs of AWS
 * (169.254.169.254, fd00:ec2::254), GCP (169.254.169.254, fd20:ce::254), Azure (168.63.129.16), Alibaba (100.100.100.200).
 */
const closed: Readonly<Record<4 | 6, readonly string[]>> = {
  4: ['169.254.0.0/16', '100.100.100.200/32', '168.63.129.16/32'],
  6: ['fe80::/10', 'fd00:ec2::254/128', 'fd20:ce::254/128'],
};

/** Where the machine's identity is asked for; none of them may be open to a workload. */
export const metadataAddresses: readonly string[] = ['169.254.169.254', '100.100.100.200', 'fd00:ec2::254'];

export function isClosed(address: IpAddress): boolean {
  return closed[address.family].some((text) => {
    const block = parseCidr(text);
    return block !== undefined && cidrContainsAddress(block, address);
  });
}

const everything: Readonly<Record<4 | 6, string>> = { 4: '0.0.0.0/0', 6: '::/0' };

/** Callers from anywhere. */
export function fromAnywhere(families: readonly (4 | 6)[]): AddressBlock[] {
  return families.map((family) => ({ cidr: everything[family] }));
}

/** All that may be called where only a host name is known; `own` are blocks of the cluster's own pods. */
export function toAnywhere(families: readonly (4 | 6)[], own: readonly string[]): AddressBlock[] {
  return families.map((family) => ({
    cidr: everything[family],
    except: [...closed[family], ...own.filter((text) => parseCidr(text)?.family === family)],
  }));
}

/** Addresses of documentation (RFC 5737, 3849): they stand for anybody outside. */
const anybody: Readonly<Record<4 | 6, string>> = { 4: '203.0.113.7', 6: '2001:db8::7' };

/** An address of the block that stands for the others. */
export function sampleOf({ cidr }: AddressBlock): IpAddress | undefined {
  const block = parseCidr(cidr);
  if (block === undefined) return undefined;
  const usual = parseIpAddress(anybody[block.family]);
  if (usual !== undefined && cidrContainsAddress(block, usual)) return usual;
  return { family: block.family, value: block.first };
}

/** True where every address of `inner` is in one of `outer`, as far as whole blocks tell. */
export function isCovered({ cidr }: AddressBlock, outer: readonly AddressBlock[]): boolean {
  const inner = parseCidr(cidr);
  if (inner === undefined) return false;
  const ends = [inner.first, inner.last].map((value) => ({ family: inner.family, value }));
  return outer.some((each) => {
    const block = parseCidr(each.cidr);
    const holes = (each.except ?? []).flatMap((text) => parseCidr(text) ?? []);
    const isIn = block !== undefined && ends.every((end) => cidrContainsAddress(block, end));
    return (
      isIn &&
      !holes.some((hole) => hole.family === inner.family && hole.first <= inner.last && inner.first <= hole.last)
    );
  });
}
