// The IP and CIDR libraries of Kubernetes' CEL (1.30+).

import type { Environment } from '@marcbachmann/cel-js';
import {
  type Cidr,
  cidrContains,
  cidrContainsAddress,
  formatIpAddress,
  type IpAddress,
  parseCidr,
  parseIpAddress,
} from '../cidr.ts';

class Ip {
  readonly address: IpAddress;
  constructor(text: string) {
    const address = parseIpAddress(text);
    if (address === undefined) throw new Error(`ip: "${text}" is not an address`);
    this.address = address;
  }
}

class CidrBlock {
  readonly block: Cidr;
  constructor(text: string) {
    const block = parseCidr(text);
    if (block === undefined) throw new Error(`cidr: "${text}" is not a block of addresses`);
    this.block = block;
  }
}

export function addNetworkLibrary(environment: Environment): void {
  environment
    .registerType('net.IP', { ctor: Ip, fields: {} })
    .registerType('net.CIDR', { ctor: CidrBlock, fields: {} })
    .registerFunction('ip(string): net.IP', (text: string) => new Ip(text))
    .registerFunction('isIP(string): bool', (text: string) => parseIpAddress(text) !== undefined)
    .registerFunction('net.IP.family(): int', ({ address }: Ip) => BigInt(address.family))
    .registerFunction('string(net.IP): string', ({ address }: Ip) => formatIpAddress(address))
    .registerFunction('cidr(string): net.CIDR', (text: string) => new CidrBlock(text))
    .registerFunction('isCIDR(string): bool', (text: string) => parseCidr(text) !== undefined)
    .registerFunction('net.CIDR.containsIP(string): bool', ({ block }: CidrBlock, text: string) =>
      cidrContainsAddress(block, new Ip(text).address),
    )
    .registerFunction('net.CIDR.containsIP(net.IP): bool', ({ block }: CidrBlock, { address }: Ip) =>
      cidrContainsAddress(block, address),
    )
    .registerFunction('net.CIDR.containsCIDR(string): bool', ({ block }: CidrBlock, text: string) =>
      cidrContains(block, new CidrBlock(text).block),
    )
    .registerFunction('net.CIDR.prefixLength(): int', ({ block }: CidrBlock) => BigInt(block.prefix));
}
