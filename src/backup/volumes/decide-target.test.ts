import { describe, expect, it } from 'vitest';
import { decideTarget, placeOnNodes } from './decide-target.ts';
import type { VolumeRecord } from './velero-records.ts';

const directory: VolumeRecord = {
  namespace: 'shop',
  pod: 'web',
  name: 'data',
  node: 'minikube',
  claim: undefined,
  hostPath: '/data/shop',
  snapshot: 'a1',
  bytes: 1,
  trouble: undefined,
};
const restored = { mapNamespace: (name: string) => `${name}-back`, claims: new Map(), dryRun: false };

describe('a directory of a node', () => {
  it('comes back only where somebody wants it', () => {
    expect(decideTarget(directory, restored)).toMatchObject({
      name: '/data/shop',
      reason: expect.stringContaining('--host-paths'),
    });
  });

  it.each([
    ['on the node that it was on', ['other', 'minikube'], 'minikube'],
    ['on the only node that there is', ['kind'], 'kind'],
  ])('goes to the same path %s', (_where, nodes, node) => {
    expect(decideTarget(directory, restored, placeOnNodes(nodes))).toEqual({
      namespace: 'shop-back',
      name: '/data/shop',
      source: { hostPath: { path: '/data/shop', type: 'DirectoryOrCreate' } },
      node,
    });
  });

  it('goes nowhere where its node is one of several that are not known', () => {
    expect(decideTarget(directory, restored, placeOnNodes(['a', 'b']))).toMatchObject({
      reason: expect.stringContaining('minikube'),
    });
  });
});
