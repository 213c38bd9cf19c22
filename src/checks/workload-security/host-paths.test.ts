// Which paths of a node are sensitive, which lead to a runtime's socket, and which are neither.

import { describe, expect, it } from 'vitest';
import { createInventory } from '../../inventory/index.ts';
import { snapshotOf } from '../../inventory/snapshot-builder.ts';
import { hostPathMounts, hostPathVolumes } from './host-paths.ts';

function workloadWith(path: string, mounts = '') {
  const text = `apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  volumes: [{name: scratch, emptyDir: {}}, {name: host, hostPath: {path: ${JSON.stringify(path)}}}]
  containers: [{name: web, image: "web:1", volumeMounts: [${mounts}]}]
`;
  return createInventory(snapshotOf(text)).workloads[0]!;
}

function classOf(path: string): string {
  const [volume] = hostPathVolumes(workloadWith(path));
  return volume?.socket !== undefined ? 'socket' : (volume?.sensitive?.severity ?? 'plain');
}

describe('a path of the node', () => {
  it.each([
    ['/var/run/docker.sock', 'socket'],
    ['/run/docker.sock', 'socket'],
    ['/var/run/', 'socket'],
    ['/run', 'socket'],
    ['/run/containerd', 'socket'],
    ['//run//k3s/containerd/containerd.sock', 'socket'],
    ['\\\\.\\pipe\\docker_engine', 'socket'],
    ['/var/run/app', 'plain'],
    ['/run/docker.socket', 'plain'],
    ['/running', 'plain'],
    ['/', 'critical'],
    ['/etc', 'critical'],
    ['/etc/', 'critical'],
    ['/etc/kubernetes', 'critical'],
    ['/etc/kubernetes/pki/ca.key', 'critical'],
    ['/etc/kubernetes-extra', 'plain'],
    ['/etc/localtime', 'plain'],
    ['/etc/ssl/certs', 'plain'],
    ['/var', 'critical'],
    ['/var/lib', 'critical'],
    ['/var/lib/kubelet/pods', 'critical'],
    ['/var/lib/etcd', 'critical'],
    ['/var/lib/app', 'plain'],
    ['/var/log', 'high'],
    ['/var/log/app', 'plain'],
    ['/proc/sys/kernel', 'high'],
    ['/sys', 'high'],
    ['/dev', 'critical'],
    ['/dev/kvm', 'plain'],
    ['/home', 'high'],
    ['/usr/local/bin/tool', 'critical'],
    ['/usr/share/zoneinfo', 'plain'],
    ['/data', 'plain'],
    ['C:\\', 'critical'],
    ['c:\\Windows', 'critical'],
    ['C:\\data', 'plain'],
  ])('%s is %s', (path, expected) => {
    expect(classOf(path)).toBe(expected);
  });

  it('is pointed at where it is written', () => {
    const [volume] = hostPathVolumes(workloadWith('/data'));
    expect(volume).toMatchObject({ name: 'host', hostPath: '/data', type: '' });
    expect(volume?.at).toEqual(['spec', 'volumes', 1, 'hostPath', 'path']);
  });

  it('is mounted read-only only where the mount says so', () => {
    const mounts =
      '{name: scratch, mountPath: /a}, {name: host, mountPath: /b}, {name: host, mountPath: /c, readOnly: true}';
    const found = hostPathMounts(workloadWith('/data', mounts));
    expect(found.map(({ at, readOnly }) => [at.at(-1), readOnly])).toEqual([
      [1, false],
      [2, true],
    ]);
  });
});
