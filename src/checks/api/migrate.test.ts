// Objects that moved to another version are what that version's schema takes, and mean what they meant.

import { describe, expect, it } from 'vitest';
import { editValue } from '../../fixes/text/edit-value.ts';
import { snapshotOf } from '../../inventory/snapshot-builder.ts';
import { loadSchemas, validateObject } from '../../kube/schema/index.ts';
import type { Json, JsonObject } from '../../model/index.ts';
import { fixLifecycle } from './lifecycle-diagnostic.ts';

const schemas = await loadSchemas();

function move(text: string): JsonObject | undefined {
  const [object] = snapshotOf(text).objects;
  const edits = object === undefined ? undefined : fixLifecycle(object, 34);
  if (object === undefined || edits === undefined) return undefined;
  const moved = edits.reduce<Json>((raw, edit) => editValue(raw, edit), object.raw) as JsonObject;
  expect(validateObject(schemas, moved, { minor: 34 })).toEqual([]);
  return moved;
}

describe('an Ingress of v1beta1', () => {
  it('gets a default backend, services with ports by name or number, and the path type it had by default', () => {
    const moved = move(`apiVersion: extensions/v1beta1
kind: Ingress
metadata: {name: web}
spec:
  backend: {serviceName: web, servicePort: http}
  rules:
  - http:
      paths:
      - {path: /api, backend: {serviceName: api, servicePort: 8080}}
      - {path: /exact, pathType: Exact, backend: {serviceName: api, servicePort: "80"}}
`);
    expect(moved).toMatchObject({
      apiVersion: 'networking.k8s.io/v1',
      spec: {
        defaultBackend: { service: { name: 'web', port: { name: 'http' } } },
        rules: [
          {
            http: {
              paths: [
                { pathType: 'ImplementationSpecific', backend: { service: { name: 'api', port: { number: 8080 } } } },
                { pathType: 'Exact', backend: { service: { name: 'api', port: { number: 80 } } } },
              ],
            },
          },
        ],
      },
    });
    expect(JSON.stringify(moved)).not.toMatch(/serviceName|servicePort|"backend":\{"service[NP]/);
  });

  it('keeps a backend that is a resource', () => {
    const resource = { apiGroup: 'example.com', kind: 'Bucket', name: 'assets' };
    const moved = move(`apiVersion: networking.k8s.io/v1beta1
kind: Ingress
metadata: {name: web}
spec: {backend: {resource: ${JSON.stringify(resource)}}}
`);
    expect(moved).toMatchObject({ spec: { defaultBackend: { resource } } });
  });
});

describe('an autoscaler of v2beta1', () => {
  const head = 'apiVersion: autoscaling/v2beta1\nkind: HorizontalPodAutoscaler\nmetadata: {name: web}\n';
  const spec =
    'spec:\n  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}\n  maxReplicas: 5\n  metrics:\n';

  it.each([
    [
      '{type: Resource, resource: {name: cpu, targetAverageUtilization: 70}}',
      { resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 70 } } },
    ],
    [
      '{type: Resource, resource: {name: memory, targetAverageValue: 200Mi}}',
      { resource: { name: 'memory', target: { type: 'AverageValue', averageValue: '200Mi' } } },
    ],
    [
      '{type: Pods, pods: {metricName: rps, targetAverageValue: 10, selector: {matchLabels: {a: b}}}}',
      {
        pods: {
          metric: { name: 'rps', selector: { matchLabels: { a: 'b' } } },
          target: { type: 'AverageValue', averageValue: 10 },
        },
      },
    ],
    [
      '{type: Object, object: {metricName: rps, target: {apiVersion: v1, kind: Service, name: web}, targetValue: 100}}',
      {
        object: {
          describedObject: { apiVersion: 'v1', kind: 'Service', name: 'web' },
          metric: { name: 'rps' },
          target: { type: 'Value', value: 100 },
        },
      },
    ],
    [
      '{type: External, external: {metricName: queue, metricSelector: {matchLabels: {q: a}}, targetAverageValue: 30}}',
      { external: { metric: { name: 'queue', selector: { matchLabels: { q: 'a' } } }, target: { averageValue: 30 } } },
    ],
  ])('%s has measure and target apart', (metric, wished) => {
    expect(move(`${head}${spec}  - ${metric}\n`)).toMatchObject({
      apiVersion: 'autoscaling/v2',
      spec: { metrics: [wished] },
    });
  });

  it('is left alone where one of its metrics is not understood', () => {
    expect(move(`${head}${spec}  - {type: Resource, resource: {name: cpu}}\n`)).toBeUndefined();
  });
});

it('a workload from before apps/v1 gets the selector that the API server filled in', () => {
  const text = (selector: string) => `apiVersion: extensions/v1beta1
kind: Deployment
metadata: {name: web}
spec:
${selector}  template:
    metadata: {labels: {app: web, tier: front}}
    spec: {containers: [{name: web, image: web}]}
`;
  expect(move(text(''))).toMatchObject({
    apiVersion: 'apps/v1',
    spec: { selector: { matchLabels: { app: 'web', tier: 'front' } } },
  });
  expect(move(text('  selector: {matchLabels: {app: web}}\n'))).toMatchObject({
    spec: { selector: { matchLabels: { app: 'web' } } },
  });
});
