import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Cidr,
  cidrContains,
  cidrContainsAddress,
  cidrsOverlap,
  formatCidr,
  formatIpAddress,
  parseCidr,
  parseIpAddress,
} from './cidr.ts';

function read(text: string): Cidr {
  const cidr = parseCidr(text);
  if (cidr === undefined) throw new Error(`not a CIDR: ${text}`);
  return cidr;
}

describe('parseCidr', () => {
  it.each([
    ['10.0.0.0/8', '10.0.0.0/8', false],
    ['10.1.2.3/8', '10.0.0.0/8', true],
    ['0.0.0.0/0', '0.0.0.0/0', false],
    ['192.168.1.1/32', '192.168.1.1/32', false],
    ['::/0', '::/0', false],
    ['2001:DB8::1/64', '2001:db8::/64', true],
    ['fe80::1:2/128', 'fe80::1:2/128', false],
    ['2001:db8:0:0:1:0:0:1/128', '2001:db8::1:0:0:1/128', false],
    ['1:0:2:3:4:5:6:7/128', '1:0:2:3:4:5:6:7/128', false],
    ['::ffff:10.0.0.1/104', '10.0.0.0/8', true],
    ['64:ff9b::192.0.2.33/96', '64:ff9b::/96', true],
  ])('%s', (text, canonical, hasHostBits) => {
    expect(formatCidr(read(text))).toBe(canonical);
    expect(read(text).hasHostBits).toBe(hasHostBits);
  });

  it.each([
    '',
    '10.0.0.0',
    '10.0.0.0/',
    '10.0.0.0/33',
    '10.0.0.0/-1',
    '10.0.0.0/8/8',
    '010.0.0.0/8',
    '10.0.0/8',
    '10.0.0.256/8',
    '10.0.0.0.0/8',
    '10.0.0.0/8 ',
    '::/129',
    '::1::/64',
    '1:2:3:4:5:6:7/64',
    '1:2:3:4:5:6:7::8/64',
    '12345::/64',
    'fe80::1%eth0/64',
    '::10.0.0.01/128',
    '10.0.0.1::/64',
    'example.com/8',
  ])('refuses %j', (text) => {
    expect(parseCidr(text)).toBeUndefined();
  });
});

describe('blocks', () => {
  it('contain and overlap', () => {
    expect(cidrContains(read('10.0.0.0/8'), read('10.200.0.0/16'))).toBe(true);
    expect(cidrContains(read('10.200.0.0/16'), read('10.0.0.0/8'))).toBe(false);
    expect(cidrsOverlap(read('10.200.0.0/16'), read('10.0.0.0/8'))).toBe(true);
    expect(cidrsOverlap(read('10.0.0.0/9'), read('10.128.0.0/9'))).toBe(false);
    expect(cidrsOverlap(read('0.0.0.0/0'), read('::/0'))).toBe(false);
    expect(cidrContains(read('::/0'), read('10.0.0.0/8'))).toBe(false);
  });

  it('hold addresses of their own family', () => {
    const metadata = parseIpAddress('169.254.169.254');
    if (metadata === undefined) throw new Error('not an address');
    expect(cidrContainsAddress(read('169.254.0.0/16'), metadata)).toBe(true);
    expect(cidrContainsAddress(read('10.0.0.0/8'), metadata)).toBe(false);
    expect(cidrContainsAddress(read('::/0'), metadata)).toBe(false);
    expect(parseIpAddress('::ffff:169.254.169.254')).toEqual(metadata);
    expect(parseIpAddress('169.254.169.254/32')).toBeUndefined();
  });
});

const family = fc.constantFrom(4 as const, 6 as const);
const block: fc.Arbitrary<Cidr> = family.chain((kind) => {
  const bits = kind === 4 ? 32 : 128;
  return fc
    .tuple(fc.bigInt({ min: 0n, max: 2n ** BigInt(bits) - 1n }), fc.integer({ min: 0, max: bits }))
    .map(([value, prefix]) => read(`${formatIpAddress({ family: kind, value })}/${prefix}`));
});

describe('for any block', () => {
  it('its text reads back as the same block', () => {
    fc.assert(
      fc.property(block, (cidr) => {
        expect(read(formatCidr(cidr))).toEqual({ ...cidr, hasHostBits: false });
      }),
    );
  });

  it('two blocks overlap only when one contains the other', () => {
    fc.assert(
      fc.property(block, block, (a, b) => {
        expect(cidrsOverlap(a, b)).toBe(cidrContains(a, b) || cidrContains(b, a));
      }),
    );
  });
});
