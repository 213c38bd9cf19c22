import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editDistance, findNearNames } from './near-names.ts';

describe('near names', () => {
  it('finds typos, other cases and other extensions, nearest first', () => {
    const names = ['deployment.yaml', 'deployments', 'service.yaml', 'Deployment.yml', 'unrelated'];
    expect(findNearNames('deploymnet.yaml', names)).toEqual(['Deployment.yml', 'deployment.yaml', 'deployments']);
    expect(findNearNames('k8', ['k8s', 'src'])).toEqual(['k8s']);
    expect(findNearNames('nothing-like-it', names)).toEqual([]);
  });

  it('counts a swap of neighbours as one edit', () => {
    expect(editDistance('ks8', 'k8s')).toBe(1);
    expect(editDistance('kitten', 'sitting')).toBe(3);
  });

  it('is a distance', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 6 });
    fc.assert(
      fc.property(word, word, (a, b) => {
        expect(editDistance(a, b)).toBe(editDistance(b, a));
        expect(editDistance(a, b) === 0).toBe(a === b);
        expect(editDistance(a, b)).toBeLessThanOrEqual(Math.max(a.length, b.length));
        expect(editDistance(a, b)).toBeGreaterThanOrEqual(Math.abs(a.length - b.length));
      }),
    );
  });
});
