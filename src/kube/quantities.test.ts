import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addQuantities,
  compareQuantities,
  formatQuantity,
  parseQuantity,
  type Quantity,
  quantityToNumber,
} from './quantities.ts';

function read(text: string | number): Quantity {
  const quantity = parseQuantity(text);
  if (quantity === undefined) throw new Error(`not a quantity: ${text}`);
  return quantity;
}

describe('parseQuantity', () => {
  // Canonical forms as k8s.io/apimachinery v0.37.2 gives them.
  it.each([
    ['0', '0'],
    ['0Ki', '0'],
    ['100m', '100m'],
    ['0.1', '100m'],
    ['1.5', '1500m'],
    ['1000m', '1'],
    ['1024', '1024'],
    ['1024Ki', '1Mi'],
    ['1000Ki', '1000Ki'],
    ['0.5Gi', '512Mi'],
    ['0.5Ki', '512'],
    ['1.5Ki', '1536'],
    ['1E', '1E'],
    ['1E3', '1e3'],
    ['1e3', '1e3'],
    ['12e6', '12e6'],
    ['1E0', '1'],
    ['1Ei', '1Ei'],
    ['8Ei', '9223372036854775807'],
    ['-1Gi', '-1Gi'],
    ['+1', '1'],
    ['001', '1'],
    ['.5', '500m'],
    ['1.', '1'],
    ['1.G', '1G'],
    ['100n', '100n'],
    ['0.1n', '1n'],
    ['1e-10', '1e-9'],
    ['0.0000000001Ki', '103n'],
    ['1n', '1n'],
    ['1u', '1u'],
    ['1000000000000000000000', '1000E'],
    ['Ki', '0'],
  ])('%s is %s', (text, canonical) => {
    expect(formatQuantity(read(text))).toBe(canonical);
  });

  it.each([
    '',
    ' ',
    '1 Gi',
    '1GB',
    '1gi',
    '1K',
    '1KI',
    '1mi',
    '1i',
    '1.1.1',
    '1+1',
    '--1',
    '1e',
    '1e3m',
    '0x10',
    'one',
    'Ei',
  ])('refuses %j', (text) => {
    expect(parseQuantity(text)).toBeUndefined();
  });

  it('takes plain numbers as YAML gives them', () => {
    expect(formatQuantity(read(0.5))).toBe('500m');
    expect(formatQuantity(read(1e21))).toBe('1e21');
    expect(parseQuantity(Number.NaN)).toBeUndefined();
    expect(parseQuantity(Number.POSITIVE_INFINITY)).toBeUndefined();
  });

  it('does not spend memory on absurd exponents', () => {
    expect(parseQuantity('1e999999999')).toBeUndefined();
    expect(parseQuantity('1e-999999999')).toBeUndefined();
  });

  it('tells milli from mega, and exa from an exponent', () => {
    expect(quantityToNumber(read('512m'))).toBe(0.512);
    expect(quantityToNumber(read('512M'))).toBe(512_000_000);
    expect(quantityToNumber(read('1E'))).toBe(1e18);
    expect(quantityToNumber(read('1E3'))).toBe(1000);
  });
});

const text = fc
  .tuple(
    fc.constantFrom('', '-', '+'),
    fc.bigInt({ min: 0n, max: 10n ** 12n }),
    fc.option(fc.stringMatching(/^[0-9]{0,6}$/), { nil: undefined }),
    fc.constantFrom(
      '',
      'n',
      'u',
      'm',
      'k',
      'M',
      'G',
      'T',
      'P',
      'E',
      'Ki',
      'Mi',
      'Gi',
      'Ti',
      'Pi',
      'Ei',
      'e3',
      'E-2',
      'e+5',
    ),
  )
  .map(([sign, whole, fraction, suffix]) => `${sign}${whole}${fraction === undefined ? '' : `.${fraction}`}${suffix}`);

describe('for any quantity', () => {
  it('the canonical text means the same value', () => {
    fc.assert(
      fc.property(text, (written) => {
        const quantity = read(written);
        const again = read(formatQuantity(quantity));
        expect(compareQuantities(again, quantity)).toBe(0);
        expect(formatQuantity(again)).toBe(formatQuantity(quantity));
      }),
    );
  });

  it('order is total and agrees with subtraction', () => {
    fc.assert(
      fc.property(text, text, (first, second) => {
        const [a, b] = [read(first), read(second)];
        expect(compareQuantities(a, b) + compareQuantities(b, a)).toBe(0);
        const difference = addQuantities(a, { nano: -b.nano, format: b.format });
        expect(Math.sign(quantityToNumber(difference)) + 0).toBe(compareQuantities(a, b));
      }),
    );
  });
});
