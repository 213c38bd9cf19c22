import { describe, expect, it } from 'vitest';
import { asArray, asObject, asString, type JsonObject } from '../../model/index.ts';
import { choosePlacings, placingPod } from './placing-pod.ts';

function pod(name: string, claims: readonly string[], spec: JsonObject = {}): JsonObject {
  return {
    metadata: { name, namespace: 'shop', labels: { app: 'db', 'apps.kubernetes.io/pod-index': '0' } },
    spec: {
      containers: [{ name: 'c', image: 'r.test/db:1', resources: { requests: { cpu: '1' } } }],
      volumes: [
        { name: 'tmp', emptyDir: {} },
        ...claims.map((claimName) => ({ name: claimName, persistentVolumeClaim: { claimName } })),
      ],
      ...spec,
    },
    status: { phase: 'Running' },
  };
}

const mapNamespace = (name: string): string => `${name}-copy`;
const setOf = (...names: string[]): Set<string> => new Set(names.map((name) => `shop-copy/${name}`));
const apart = { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [] } };

describe('whose claims are placed together', () => {
  const choose = (pods: readonly JsonObject[], waiting: Set<string>, there = setOf('a', 'b', 'c')) =>
    choosePlacings({ pods, mapNamespace, there, waiting }).map(({ namespace, claims }) => [namespace, ...claims]);

  it.each([
    ['of a pod with several', [pod('p', ['a', 'b'])], [['shop-copy', 'a', 'b']]],
    ['also those that are there already', [pod('p', ['a', 'c'])], [['shop-copy', 'a', 'c']]],
    ['not those that are not there', [pod('p', ['a', 'b', 'gone'])], [['shop-copy', 'a', 'b']]],
    ['of a pod that keeps away from others', [pod('p', ['a'], { affinity: apart })], [['shop-copy', 'a']]],
    ['not of a pod with one', [pod('p', ['a'])], []],
    ['not of a pod whose claims need no place', [pod('p', ['c'], { affinity: apart })], []],
    ['not of a pod that has ended', [{ ...pod('p', ['a', 'b']), status: { phase: 'Succeeded' } }], []],
    ['once for pods of the same', [pod('p', ['a', 'b']), pod('q', ['b', 'a'])], [['shop-copy', 'a', 'b']]],
  ])('%s', (_what, pods, expected) => {
    expect(choose(pods, setOf('a', 'b'))).toEqual(expected);
  });
});

describe('a stand-in for a pod', () => {
  const term = { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: { app: 'db' } } };
  const spec = {
    nodeSelector: { disk: 'fast' },
    tolerations: [{ key: 'db', operator: 'Exists' }],
    affinity: {
      nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [] },
      podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] },
      podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] },
    },
    topologySpreadConstraints: [
      {
        maxSkew: 1,
        topologyKey: 'zone',
        whenUnsatisfiable: 'DoNotSchedule',
        matchLabelKeys: ['pod-template-hash'],
        labelSelector: { matchExpressions: [{ key: 'app', operator: 'In', values: ['db'] }] },
      },
    ],
  };
  const saved = pod('db-0', ['a', 'b'], spec);
  const made = placingPod({ namespace: 'shop-copy', pod: saved, claims: ['a', 'b'] }, 'n', 'r.test/kopia:1');
  const labels = asObject(asObject(made['metadata'])['labels']);
  const own = Object.keys(labels).filter((key) => key.startsWith('nowwhat.dev/like-'));

  it('may be where the pod may be, with its size and claims, which no container mounts', () => {
    expect(made['spec']).toMatchObject({
      nodeSelector: spec.nodeSelector,
      tolerations: spec.tolerations,
      affinity: { nodeAffinity: spec.affinity.nodeAffinity },
      containers: [{ image: 'r.test/kopia:1', resources: { requests: { cpu: '1' } } }],
      volumes: [{ persistentVolumeClaim: { claimName: 'a' } }, { persistentVolumeClaim: { claimName: 'b' } }],
    });
    expect(JSON.stringify(made)).not.toContain('volumeMounts');
  });

  it('is no pod of the app: it has labels of its own, by which it keeps away from others of its kind', () => {
    expect(labels['app']).toBeUndefined();
    expect(own).toHaveLength(2);
    const [key = ''] = own.filter((each) => labels[each] === 'db');
    const { affinity, topologySpreadConstraints } = asObject(made['spec']);
    const { podAntiAffinity, podAffinity } = asObject(affinity);
    expect(asObject(podAntiAffinity)['requiredDuringSchedulingIgnoredDuringExecution']).toEqual([
      term,
      { ...term, labelSelector: { matchLabels: { [key]: 'db' }, matchExpressions: [] } },
    ]);
    expect(podAffinity).toMatchObject({
      preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100 }, { weight: 100 }],
    });
    expect(asObject(podAffinity)['requiredDuringSchedulingIgnoredDuringExecution']).toBeUndefined();
    const [spread] = asArray(topologySpreadConstraints).map(asObject);
    expect(spread?.['matchLabelKeys']).toBeUndefined();
    expect(asString(asObject(asArray(asObject(spread?.['labelSelector'])['matchExpressions'])[0])['key'])).toBe(key);
  });
});
