import { describe, expect, it } from 'vitest';
import { findRelease, isSupported, kubernetesReleases, newestKnownMinor, parseKubernetesVersion } from './versions.ts';

describe('parseKubernetesVersion', () => {
  it.each([
    ['1.31', { minor: 31, suffix: '' }],
    ['v1.31', { minor: 31, suffix: '' }],
    ['1.31.4', { minor: 31, patch: 4, suffix: '' }],
    ['v1.31.4-gke.1183000', { minor: 31, patch: 4, suffix: '-gke.1183000' }],
    ['v1.32.0+k3s1', { minor: 32, patch: 0, suffix: '+k3s1' }],
    ['1.27+', { minor: 27, suffix: '+' }],
    [' v1.30.0-rc.1\n', { minor: 30, patch: 0, suffix: '-rc.1' }],
  ])('reads %j', (text, expected) => {
    expect(parseKubernetesVersion(text)).toEqual(expected);
  });

  it.each(['', '1', '31', '2.1', 'v1.', '1.x', '1.31.', '1.031', '1.31.4.5', 'latest'])('refuses %j', (text) => {
    expect(parseKubernetesVersion(text)).toBeUndefined();
  });
});

describe('the table of releases', () => {
  it('has every minor once, in order, each ending after it began and after its predecessor', () => {
    for (const [index, release] of kubernetesReleases.entries()) {
      const before = kubernetesReleases[index - 1];
      expect(release.endOfLife > release.released).toBe(true);
      if (before === undefined) continue;
      expect(release.minor).toBe(before.minor + 1);
      expect(release.released > before.released && release.endOfLife > before.endOfLife).toBe(true);
    }
  });

  it('tells whether a release is patched on a day', () => {
    expect(isSupported(34, '2026-10-27')).toBe(true);
    expect(isSupported(34, '2026-10-28T00:00:00Z')).toBe(false);
    expect(isSupported(12, '2026-01-01')).toBe(false);
    expect(isSupported(newestKnownMinor + 1, '2030-01-01')).toBe(true);
    expect(findRelease(25)?.endOfLife).toBe('2023-10-28');
  });
});
