import { expect, it } from 'vitest';
import { joinedOf } from '../../test/kubernetes/cluster-snapshot.ts';
import { createInventory, positionOf } from '../inventory/index.ts';

const both = `apiVersion: v1
kind: Service
metadata: { name: web, namespace: shop }
spec:
  ports:
    - name: http
      port: 80
    - name: metrics
      port: 9090
---
apiVersion: v1
kind: ConfigMap
metadata: { name: only-in-files, namespace: shop }
# In the cluster
apiVersion: v1
kind: ConfigMap
metadata: { name: only-in-cluster, namespace: shop }
---
apiVersion: v1
kind: Service
metadata: { name: web, namespace: shop, uid: u1 }
spec:
  clusterIP: 10.0.0.1
  ports:
    - { name: metrics, port: 9090 }
    - { name: http, port: 80 }
`;

it('of what both have the live object counts and knows the declared one; the rest stays as it is', () => {
  const { objects, facts } = joinedOf(both);
  expect(objects.map(({ name, declared, source }) => [name, declared?.name, source.origin.kind])).toEqual([
    ['web', 'web', 'cluster'],
    ['only-in-files', undefined, 'manifest'],
    ['only-in-cluster', undefined, 'cluster'],
  ]);
  expect(objects[0]?.raw['metadata']).toMatchObject({ uid: 'u1' });
  expect(facts).toMatchObject({ joined: true, inputs: ['app.yaml'], cluster: { context: 'test' } });
});

it('a field of a live object stands where the files declare it, whatever the order of the list', () => {
  const inventory = createInventory(joinedOf(both));
  const [web] = inventory.objects;
  const lineOf = (...path: (string | number)[]): number | undefined => web && positionOf(inventory, web, path).line;
  expect(lineOf('spec', 'ports', 0, 'port')).toBe(9);
  expect(lineOf('spec', 'ports', 1, 'port')).toBe(7);
  // What only the cluster has belongs to the nearest parent that the files have.
  expect(lineOf('spec', 'clusterIP')).toBe(4);
});
