import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addOnSupport, supportEnd } from './add-on-support.ts';

const [istio] = addOnSupport;
if (istio === undefined) throw new Error('the table is empty');

describe('the end of support of an add-on', () => {
  it.each([
    ['1.28.0', '2026-07-01'],
    ['v1.25.4', '2025-09-30'],
    ['1.24.1-distroless', '2025-06-24'],
    // Between two that are known: at the latest with the newer one.
    ['1.21.0', '2025-04-16'],
    ['0.8.0', '2024-06-25'],
    ['1.9.1', '2024-06-25'],
  ])('of version %s was %s', (tag, until) => {
    expect(supportEnd(istio, tag)).toBe(until);
  });

  it.each(['1.29.0', '2.0.0', '1.22.3-asm.1', 'latest', '1.22', ''])('of %j is not known', (tag) => {
    expect(supportEnd(istio, tag)).toBeUndefined();
  });

  it('never comes later for an older version', () => {
    const minor = fc.integer({ min: 0, max: 40 });
    for (const addOn of addOnSupport)
      fc.assert(
        fc.property(minor, minor, (a, b) => {
          const [older, newer] = [Math.min(a, b), Math.max(a, b)].map((each) => supportEnd(addOn, `1.${each}.0`));
          if (older !== undefined && newer !== undefined) expect(older <= newer).toBe(true);
        }),
      );
  });

  it('is a date, the newest version first', () => {
    for (const { ended } of addOnSupport) {
      for (const [minor, until] of ended) {
        expect(minor).toMatch(/^\d+\.\d+$/);
        expect(until).toMatch(/^\d{4}-\d{2}-\d{2}$/);
      }
      expect(ended.map(([, until]) => until)).toEqual(
        ended
          .map(([, until]) => until)
          .toSorted()
          .toReversed(),
      );
    }
  });
});
