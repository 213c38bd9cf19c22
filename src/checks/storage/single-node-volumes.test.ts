import { describe, expect, it } from 'vitest';
import { runOnText } from '../run-on-text.ts';
import { singleNodeVolumeRolling } from './single-node-volume-rolling.ts';
import { singleNodeVolumeShared } from './single-node-volume-shared.ts';

const claim = (modes = '[ReadWriteOnce]') => `---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: data}
spec: {accessModes: ${modes}, resources: {requests: {storage: 1Gi}}}
`;

function workload(kind: string, more: string, volume = 'persistentVolumeClaim: {claimName: data}'): string {
  return `apiVersion: apps/v1
kind: ${kind}
metadata: {name: web}
spec:
  ${more}
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      volumes: [{name: data, ${volume}}, {name: settings, configMap: {name: settings}}]
      containers: [{name: web, image: web, volumeMounts: [{name: data, mountPath: /data}]}]
`;
}
const two = workload('Deployment', 'replicas: 2');
const settings = '---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\n';

describe('a claim that replicas share', () => {
  it.each([
    ['[ReadWriteOnce]', 'fail'],
    ['[ReadWriteOncePod]', 'fail'],
    ['[ReadWriteMany]', 'pass'],
    ['[ReadWriteOnce, ReadWriteMany]', 'pass'],
    ['[]', 'pass'],
  ])('with the modes %s: %s', (modes, outcome) => {
    expect(runOnText(singleNodeVolumeShared, two + claim(modes) + settings).outcome).toBe(outcome);
  });

  it.each([
    ['is not in the input', two],
    ['is nobody’s', workload('Deployment', 'replicas: 2', 'emptyDir: {}') + claim()],
    ['serves a DaemonSet, which has no replicas', workload('DaemonSet', 'minReadySeconds: 1') + claim()],
  ])('is not asked about where it %s', (_, text) => {
    expect(runOnText(singleNodeVolumeShared, text).outcome).toBe('not-applicable');
  });
});

describe('a rolling update with a claim for one node', () => {
  it.each([
    ['replicas: 1', 'fail'],
    ['strategy: {rollingUpdate: {maxSurge: 1}}', 'fail'],
    ['strategy: {rollingUpdate: {maxSurge: 0}}', 'pass'],
    ['strategy: {rollingUpdate: {maxSurge: 0%}}', 'pass'],
    ['strategy: {type: Recreate}', 'pass'],
  ])('and %s: %s', (more, outcome) => {
    expect(runOnText(singleNodeVolumeRolling, workload('Deployment', more) + claim()).outcome).toBe(outcome);
  });

  it('does not meet a claim for many nodes', () => {
    expect(runOnText(singleNodeVolumeRolling, two + claim('[ReadWriteMany]')).outcome).toBe('pass');
  });

  it('is a matter of Deployments: a StatefulSet stops the old pod first', () => {
    const outcome = runOnText(singleNodeVolumeRolling, workload('StatefulSet', 'replicas: 1') + claim()).outcome;
    expect(outcome).toBe('not-applicable');
  });
});
