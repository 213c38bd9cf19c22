import { describe, expect, it } from 'vitest';
import { environmentRank } from './environment-rank.ts';

describe('how near a folder is to production', () => {
  it('puts environments in order', () => {
    const folders = ['o/prod', 'o/prod-eu', 'o/pre-prod', 'o/blue', 'o/test', 'o/dev'];
    const ranks = folders.map(environmentRank);
    expect(ranks).toEqual(ranks.toSorted((a, b) => a - b));
    expect(new Set(ranks).size).toBe(folders.length);
  });

  it.each([
    ['overlays/Production', 0],
    ['production/eu-west', 0],
    ['products', 3],
    ['latest/base', 3],
    ['preprod', 2],
    ['minikube', 5],
    ['.', 3],
  ])('%s is %i', (folder, rank) => {
    expect(environmentRank(folder)).toBe(rank);
  });
});
