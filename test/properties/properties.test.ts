// Property tests: one seed in a gate, and as many runs as a search asks for.

import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { findPropertyTests } from './plugin.ts';

function drawn(own: fc.Parameters<[number]> = {}): number[] {
  const values: number[] = [];
  fc.assert(
    fc.property(fc.integer(), (value) => {
      values.push(value);
    }),
    own,
  );
  return values;
}

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('the seed of properties', () => {
  it('is the same in every run that names one', () => {
    vi.stubEnv('NOWWHAT_PROPERTY_SEED', '1');
    expect(drawn()).toEqual(drawn());
    expect(drawn()).not.toEqual(drawn({ seed: 2 }));
  });

  const byName: number[][] = [];
  it.each(['one', 'another'])('is that of the test in a gate: %s', () => {
    vi.stubEnv('NOWWHAT_PROPERTY_SEED', 'by-test');
    byName.push(drawn());
    expect(drawn()).toEqual(byName.at(-1));
    expect(byName[0]).not.toEqual(byName[1]);
  });

  it('is another in every run that names none', () => {
    vi.stubEnv('NOWWHAT_PROPERTY_SEED', '');
    expect(drawn()).not.toEqual(drawn());
  });

  it('is told when a property fails, and finds the same again', () => {
    vi.stubEnv('NOWWHAT_PROPERTY_SEED', '7');
    expect(() => fc.assert(fc.property(fc.integer(), (value) => value < 1000))).toThrow(/seed: 7\b/);
  });

  it('is refused where it is no number', () => {
    vi.stubEnv('NOWWHAT_PROPERTY_SEED', 'x');
    expect(() => drawn()).toThrow('NOWWHAT_PROPERTY_SEED=x');
  });
});

describe('the runs of a search', () => {
  it.each(['0', '-1', 'many', 'Infinity'])('are refused where they are %s times as many', (factor) => {
    vi.stubEnv('NOWWHAT_PROPERTY_RUNS', factor);
    expect(() => drawn()).toThrow(`NOWWHAT_PROPERTY_RUNS=${factor}`);
  });

  it('are those of the property, times the factor', () => {
    vi.stubEnv('NOWWHAT_PROPERTY_RUNS', '3');
    expect(drawn()).toHaveLength(300);
    expect(drawn({ numRuns: 20 })).toHaveLength(60);
    vi.stubEnv('NOWWHAT_PROPERTY_RUNS', '0.01');
    expect(drawn({ numRuns: 20 })).toHaveLength(1);
  });

  it('begin with those of a run without a factor, so that a seed alone leads back to a failure', () => {
    vi.stubEnv('NOWWHAT_PROPERTY_SEED', '3');
    vi.stubEnv('NOWWHAT_PROPERTY_RUNS', '1');
    const few = drawn();
    vi.stubEnv('NOWWHAT_PROPERTY_RUNS', '2');
    expect(drawn().slice(0, few.length)).toEqual(few);
  });

  it('reach every file that has properties', () => {
    const found = findPropertyTests();
    expect(found).toContain('test/properties/properties.test.ts');
    expect(found).toContain('src/kube/selectors.test.ts');
    expect(found).not.toContain('test/contract/rooms.test.ts');
  });
});
