import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { durationToSeconds, formatGoDuration, parseDurationValue, parseGoDuration } from './durations.ts';

describe('parseGoDuration', () => {
  it.each([
    ['0', 0n, '0s'],
    ['1h30m', 5_400_000_000_000n, '1h30m0s'],
    ['90m', 5_400_000_000_000n, '1h30m0s'],
    ['1.5h', 5_400_000_000_000n, '1h30m0s'],
    ['.5s', 500_000_000n, '500ms'],
    ['1.s', 1_000_000_000n, '1s'],
    ['-1.5s', -1_500_000_000n, '-1.5s'],
    ['+5s', 5_000_000_000n, '5s'],
    ['3us', 3_000n, '3µs'],
    ['3µs', 3_000n, '3µs'],
    ['1s1ms1ns', 1_001_000_001n, '1.001000001s'],
    ['30s1h', 3_630_000_000_000n, '1h0m30s'],
    ['9223372036854775807ns', 2n ** 63n - 1n, '2562047h47m16.854775807s'],
    ['-9223372036854775808ns', -(2n ** 63n), '-2562047h47m16.854775808s'],
  ])('%s', (text, nanoseconds, canonical) => {
    expect(parseGoDuration(text)).toBe(nanoseconds);
    expect(formatGoDuration(nanoseconds)).toBe(canonical);
  });

  it.each(['', '-', '3', '1d', '1w', '.s', '1 h', ' 1h', '1H', '1h-1m', 's', '9223372036854775808ns', '3000000h'])(
    'refuses %j',
    (text) => {
      expect(parseGoDuration(text)).toBeUndefined();
    },
  );

  it('reads back what it writes', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 52n), max: 2n ** 52n }), (nanoseconds) => {
        expect(parseGoDuration(formatGoDuration(nanoseconds))).toBe(nanoseconds);
      }),
    );
  });

  it('counts seconds', () => {
    expect(durationToSeconds(parseGoDuration('1m0.25s') ?? 0n)).toBe(60.25);
  });
});

describe('a duration in JSON', () => {
  it.each([
    ['1m', 60_000_000_000n],
    [1_000_000, 1_000_000n],
    [-1, -1n],
    [1.5, undefined],
    [Number.NaN, undefined],
    [Number.POSITIVE_INFINITY, undefined],
    [1e308, undefined],
    ['1.5', undefined],
  ])('%s', (value, nanoseconds) => {
    expect(parseDurationValue(value)).toBe(nanoseconds);
  });
});
