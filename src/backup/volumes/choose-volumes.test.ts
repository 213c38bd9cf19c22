import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../model/index.ts';
import { chooseVolumes, type ChoosingVolumes } from './choose-volumes.ts';

const volumes = [
  { name: 'data', persistentVolumeClaim: { claimName: 'data' } },
  { name: 'scratch', emptyDir: {} },
  { name: 'node', hostPath: { path: '/var/lib/shop' } },
  { name: 'settings', configMap: { name: 'settings' } },
  { name: 'share', nfs: { server: 'files', path: '/' } },
];

function pod(name: string, annotations: Record<string, string> = {}, phase = 'Running'): JsonObject {
  const volumeMounts = volumes.map((each) => ({ name: each.name, mountPath: `/${each.name}` }));
  return {
    metadata: { name, namespace: 'shop', uid: `uid-${name}`, annotations },
    spec: { nodeName: 'node-1', volumes, containers: [{ name: 'c', volumeMounts }] },
    status: { phase },
  };
}

function claim(spec: JsonObject = {}): JsonObject {
  return { metadata: { name: 'data', namespace: 'shop', uid: 'uid-data' }, spec: { volumeName: 'pv-1', ...spec } };
}

function choose(pods: readonly JsonObject[], rest: Partial<ChoosingVolumes> = {}) {
  const claims = new Map([['shop/data', claim()]]);
  const chosen = chooseVolumes({
    pods,
    claims,
    volumes: new Map([['pv-1', { metadata: { name: 'pv-1' } }]]),
    all: false,
    ...rest,
  });
  return {
    saved: chosen.saved.map((each) => `${each.pod} ${each.name}`),
    leftOut: chosen.leftOut.map((each) => `${each.pod} ${each.name}: ${each.reason}`),
    asked: chosen.leftOut.filter(({ asked }) => asked).map((each) => each.name),
  };
}

const wants = (names: string) => ({ 'backup.velero.io/backup-volumes': names });

describe('which volumes are saved', () => {
  it('none, without a word', () => {
    expect(choose([pod('a')])).toEqual({ saved: [], leftOut: [], asked: [] });
  });

  it('those that a pod names, also directories of the node, which are never taken otherwise', () => {
    expect(choose([pod('a', wants('data, node'))]).saved).toEqual(['a data', 'a node']);
    expect(choose([pod('a')], { all: true }).saved).toEqual(['a data', 'a share']);
  });

  it('all but those that a pod excludes', () => {
    const annotations = { 'backup.velero.io/backup-volumes-excludes': 'share' };
    expect(choose([pod('a', annotations)], { all: true }).saved).toEqual(['a data']);
  });

  it('a claim of several pods once, by the first that runs', () => {
    const pods = [pod('a', wants('data'), 'Pending'), pod('b', wants('data')), pod('c', wants('data'))];
    expect(choose(pods)).toEqual({ saved: ['b data'], leftOut: [], asked: [] });
  });

  it('what cannot be is told, loudly where it was asked for', () => {
    expect(choose([pod('a', wants('scratch'))])).toMatchObject({ saved: [], asked: ['scratch'] });
    expect(choose([pod('a')], { all: true })).toMatchObject({ asked: [] });
    expect(choose([pod('a', wants('data'), 'Pending')]).leftOut).toEqual(['a data: the pod is Pending']);
    for (const [spec, words] of [
      [{ volumeName: '' }, 'not bound'],
      [{ accessModes: ['ReadWriteOncePod'] }, 'ReadWriteOncePod'],
    ] as const) {
      const claims = new Map([['shop/data', claim(spec)]]);
      expect(choose([pod('a', wants('data'))], { claims }).leftOut[0]).toContain(words);
    }
  });

  it('those that a policy means, and none that it skips, whatever pods ask for', () => {
    const skip = { action: 'skip', where: 'p' } as const;
    const files = { action: 'fs-backup', where: 'p' } as const;
    expect(choose([pod('a')], { policy: ({ claim: found }) => (found === undefined ? skip : files) }).saved).toEqual([
      'a data',
    ]);
    expect(choose([pod('a', wants('data'))], { policy: () => skip })).toEqual({ saved: [], leftOut: [], asked: [] });
    expect(choose([pod('a')], { policy: () => ({ ...skip, action: 'snapshot' }), all: true }).saved).toEqual([]);
  });

  it('never what objects make anew, nor a directory of the node, because a policy is for all volumes', () => {
    expect(choose([pod('a')], { policy: () => ({ action: 'fs-backup', where: 'p' }) }).saved).toEqual([
      'a data',
      'a share',
    ]);
    expect(choose([pod('a', wants('node'))], { policy: () => ({ action: 'skip', where: 'p' }) }).saved).toEqual([
      'a node',
    ]);
  });
});
