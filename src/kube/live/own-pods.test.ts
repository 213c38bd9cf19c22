import { expect, it } from 'vitest';
import type { JsonObject } from '../../model/index.ts';
import { indexOwnPods } from './own-pods.ts';

function pod(name: string, controller: JsonObject, labels: JsonObject = {}, namespace = 'shop'): JsonObject {
  return { metadata: { name, namespace, labels, ownerReferences: [{ controller: true, ...controller }] } };
}

function owned(kind: string, pods: readonly JsonObject[]): unknown[] {
  const workload = { kind, metadata: { name: 'web', namespace: 'shop', uid: 'u' } };
  return indexOwnPods(pods)(workload).map(({ metadata }) => (metadata as JsonObject)['name']);
}

it('pods of a Deployment are those of its ReplicaSets, old and new', () => {
  const set = (name: string) => ({ kind: 'ReplicaSet', name, uid: name });
  const pods = [
    pod('new', set('web-5f'), { 'pod-template-hash': '5f' }),
    pod('old', set('web-77'), { 'pod-template-hash': '77' }),
    pod('of-another', set('web-admin-5f'), { 'pod-template-hash': '5f' }),
    pod('of-a-job', { kind: 'Job', name: 'web-5f', uid: 'j' }, { 'pod-template-hash': '5f' }),
    pod('elsewhere', set('web-5f'), { 'pod-template-hash': '5f' }, 'other'),
    { metadata: { name: 'alone', namespace: 'shop', labels: { 'pod-template-hash': '5f' } } },
  ];
  expect(owned('Deployment', pods)).toEqual(['new', 'old']);
});

it.each(['StatefulSet', 'DaemonSet'])('pods of a %s name it as their controller', (kind) => {
  const pods = [pod('web-0', { kind, name: 'web', uid: 'u' }), pod('former', { kind, name: 'web', uid: 'gone' })];
  expect(owned(kind, pods)).toEqual(['web-0']);
});

it('are looked through once, however many workloads there are', () => {
  let looks = 0;
  const names = Array.from({ length: 200 }, (_, index) => `db-${index}`);
  const pods = names.map((uid) => ({
    get metadata(): JsonObject {
      looks += 1;
      return { namespace: 'shop', ownerReferences: [{ controller: true, kind: 'StatefulSet', uid }] };
    },
  }));
  const find = indexOwnPods(pods);
  expect(looks).toBeGreaterThan(0);
  looks = 0;
  const found = names.map((uid) => find({ kind: 'StatefulSet', metadata: { namespace: 'shop', uid } })[0]);
  expect(looks).toBe(0);
  expect(found.every((pod, index) => pod === pods[index])).toBe(true);
});
