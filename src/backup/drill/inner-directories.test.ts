import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../model/index.ts';
import type { VolumeRecord } from '../volumes/velero-records.ts';
import { fenceObject } from './fence.ts';
import { innerClaim, moveDirectoriesIn, planDirectories } from './inner-directories.ts';

function record(pod: string, hostPath: string, node = 'a'): VolumeRecord {
  const nothing = { claim: undefined, trouble: undefined };
  return { namespace: 'shop', pod, name: 'data', node, hostPath, snapshot: 's', bytes: 5, ...nothing };
}

function workload(kind: string, hostPath: JsonObject, isReadOnly = false): JsonObject {
  const mount = { name: 'data', mountPath: '/d', ...(isReadOnly ? { readOnly: true } : {}) };
  const spec = {
    containers: [{ name: 'c', volumeMounts: [mount] }],
    volumes: [
      { name: 'data', hostPath },
      { name: 'tmp', emptyDir: {} },
    ],
  };
  return kind === 'Pod'
    ? { apiVersion: 'v1', kind, spec }
    : { apiVersion: 'apps/v1', kind, spec: { template: { metadata: {}, spec } } };
}

describe('directories of a node in a drill', () => {
  it.each(['Pod', 'Deployment', 'StatefulSet', 'DaemonSet'])('are folders of the pod alone, in a %s', (kind) => {
    const moved = JSON.stringify(moveDirectoriesIn(workload(kind, { path: '/data' }), () => undefined));
    expect(moved).toContain('{"name":"data","emptyDir":{}}');
    expect(moved).not.toContain('hostPath');
  });

  it('are claims where the backup has their files', () => {
    const { claimFor, claims } = planDirectories([record('web', '/data/shop/')], true);
    const [claim] = claims;
    const fenced = fenceObject(
      { groupResource: 'deployments.apps', namespace: 'shop', name: 'web' },
      workload('Deployment', { path: '/data/./shop', type: 'DirectoryOrCreate' }),
      claimFor,
    );
    expect(JSON.stringify(fenced)).toContain(`"persistentVolumeClaim":{"claimName":"${claim?.name}"}`);
    expect(JSON.stringify(fenced)).not.toContain('hostPath');
    expect(claimFor('other', '/data/shop')).toBeUndefined();
  });

  it.each([
    ['/usr/share/zoneinfo', true, true],
    ['/usr/share/zoneinfo', false, false],
    ['/var/run/docker.sock', true, false],
    ['/var/run', true, false],
    ['/', true, false],
    ['/run/containerd', true, false],
    ['/dev/kvm', true, false],
    ['/opt/agent.sock', true, false],
  ])('%s, read only: %s, stays: %s', (path, isReadOnly, stays) => {
    const pod = workload('Pod', { path }, isReadOnly);
    const moved = moveDirectoriesIn(pod, () => undefined);
    if (stays) expect(moved).toEqual(pod);
    else expect(JSON.stringify(moved)).not.toContain('hostPath');
  });

  it('leave alone what names none', () => {
    const config = { apiVersion: 'v1', kind: 'ConfigMap', data: {} };
    const plain = { apiVersion: 'v1', kind: 'Pod', spec: { containers: [], volumes: [{ name: 'a', emptyDir: {} }] } };
    for (const object of [config, plain]) expect(moveDirectoriesIn(object, () => 'c')).toBe(object);
  });
});

describe('where their files come back', () => {
  const claimOf = (plan: ReturnType<typeof planDirectories>, each: VolumeRecord) => {
    const placed = plan.place(each);
    return typeof placed === 'string' ? placed : placed.source;
  };

  it('in one claim for all who name the same directory; what others saved of it is only compared', () => {
    const [first, second] = [record('a', '/data'), record('b', '/data/')];
    const plan = planDirectories([first, second], true);
    expect(plan.claims).toHaveLength(1);
    expect(claimOf(plan, first)).toMatchObject({ persistentVolumeClaim: { claimName: plan.claims[0]?.name } });
    expect(claimOf(plan, second)).toEqual({ emptyDir: {} });
  });

  it.each([
    ['the same path is on several nodes', [record('a', '/data', 'a'), record('b', '/data', 'b')], true],
    ['no claim gets a volume by itself', [record('a', '/data')], false],
  ])('nowhere but in the helper where %s', (_why, records, hasClass) => {
    const plan = planDirectories(records, hasClass);
    expect(plan.claims).toEqual([]);
    expect(plan.claimFor('shop', '/data')).toBeUndefined();
    for (const each of records) expect(claimOf(plan, each)).toEqual({ emptyDir: {} });
  });

  it('with more room than they take', () => {
    const sizeOf = (bytes: number) => innerClaim({ namespace: 'shop', name: 'c', bytes }, 'copy')['spec'];
    expect(sizeOf(0)).toMatchObject({ resources: { requests: { storage: '128Mi' } } });
    expect(sizeOf(2 ** 30)).toMatchObject({ resources: { requests: { storage: '1536Mi' } } });
  });
});
