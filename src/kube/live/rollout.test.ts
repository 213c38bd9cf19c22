import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../model/index.ts';
import { rolloutOf } from './rollout.ts';

function workload(kind: string, spec: JsonObject, status: JsonObject, generation = 2): JsonObject {
  return {
    apiVersion: 'apps/v1',
    kind,
    metadata: { name: 'web', generation },
    spec,
    status: { observedGeneration: 2, ...status },
  };
}

const stateOf = (object: JsonObject) => rolloutOf(object)?.state;

describe('the change of a workload', () => {
  it('has not begun while its controller looks at an older one', () => {
    const all = { updatedReplicas: 2, replicas: 2, availableReplicas: 2, readyReplicas: 2 };
    expect(stateOf(workload('Deployment', { replicas: 2 }, all))).toBe('done');
    expect(stateOf(workload('Deployment', { replicas: 2 }, all, 3))).toBe('going');
  });

  it.each([
    [{ updatedReplicas: 1, replicas: 3, availableReplicas: 2 }, '1 of 2 pods are new'],
    [{ updatedReplicas: 2, replicas: 3, availableReplicas: 3 }, '1 old pods are ending'],
    [{ updatedReplicas: 2, replicas: 2, availableReplicas: 1 }, '1 of 2 new pods are available'],
  ])('of a Deployment goes on: %j', (status, message) => {
    expect(rolloutOf(workload('Deployment', { replicas: 2 }, status))).toEqual({ state: 'going', message });
  });

  it('of a Deployment fails where pods are refused, or time is up', () => {
    const conditions = (condition: JsonObject) => ({ updatedReplicas: 0, replicas: 2, conditions: [condition] });
    const refused = { type: 'ReplicaFailure', status: 'True', message: 'pods "web-" is forbidden' };
    const late = { type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded' };
    expect(stateOf(workload('Deployment', {}, conditions(refused)))).toBe('failed');
    expect(stateOf(workload('Deployment', {}, conditions(late)))).toBe('failed');
  });

  it('of a StatefulSet ends with its revision, or with the pods above its partition', () => {
    const status = { readyReplicas: 3, updateRevision: 'b', currentRevision: 'a', updatedReplicas: 1 };
    const partition = { updateStrategy: { rollingUpdate: { partition: 2 } } };
    expect(stateOf(workload('StatefulSet', { replicas: 3 }, status))).toBe('going');
    expect(stateOf(workload('StatefulSet', { replicas: 3, ...partition }, status))).toBe('done');
    expect(stateOf(workload('StatefulSet', { replicas: 3 }, { ...status, currentRevision: 'b' }))).toBe('done');
    expect(stateOf(workload('StatefulSet', { replicas: 3 }, { ...status, readyReplicas: 2 }))).toBe('going');
  });

  it('of a DaemonSet is on every node that shall have it', () => {
    const status = { desiredNumberScheduled: 2, updatedNumberScheduled: 2, numberAvailable: 1 };
    expect(stateOf(workload('DaemonSet', {}, status))).toBe('going');
    expect(stateOf(workload('DaemonSet', {}, { ...status, numberAvailable: 2 }))).toBe('done');
  });

  it('is not waited for where pods change only when told to', () => {
    const onDelete = { updateStrategy: { type: 'OnDelete' } };
    expect(stateOf(workload('StatefulSet', onDelete, {}))).toBe('unwatched');
    expect(stateOf(workload('DaemonSet', onDelete, {}))).toBe('unwatched');
    expect(stateOf(workload('Deployment', { paused: true }, {}))).toBe('unwatched');
    expect(rolloutOf({ apiVersion: 'v1', kind: 'ConfigMap' })).toBeUndefined();
  });
});
