import { describe, expect, it } from 'vitest';
import { createInventory, isBatch, minimumReplicas, positionOf, prepareInventory } from './index.ts';
import { snapshotOf } from './snapshot-builder.ts';

const shop = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  replicas: 3
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web, tier: front}}
    spec:
      serviceAccountName: web
      containers:
        - name: web
          image: web:1
          envFrom: [{configMapRef: {name: settings}}]
      initContainers:
        - {name: wait, image: wait:1}
        - {name: proxy, image: proxy:1, restartPolicy: Always}
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {selector: {app: web}, ports: [{port: 80}]}
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: other}
spec: {selector: {app: web}, ports: [{port: 80}]}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: settings, namespace: shop}
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: web, namespace: shop}
spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}, minReplicas: 4, maxReplicas: 8}
---
apiVersion: batch/v1
kind: CronJob
metadata: {name: report, namespace: shop}
spec: {schedule: "0 3 * * *", jobTemplate: {spec: {template: {spec: {containers: [{name: report, image: r:1}]}}}}}
`;

describe('the inventory', () => {
  const inventory = createInventory(snapshotOf(shop));
  const [web, report] = inventory.workloads;

  it('sees every pod template, with the roles of its containers', () => {
    expect(inventory.workloads.map(({ object }) => object.name)).toEqual(['web', 'report']);
    expect(web?.containers.map(({ name, role }) => [name, role])).toEqual([
      ['web', 'container'],
      ['wait', 'init'],
      ['proxy', 'sidecar'],
    ]);
    expect([web, report].map((workload) => workload !== undefined && isBatch(workload))).toEqual([false, true]);
  });

  it('selects pods of the same namespace only', () => {
    const services = inventory.ofKind('/Service');
    expect(services.map((service) => inventory.workloadsSelectedBy(service).length)).toEqual([1, 0]);
    expect(web && inventory.selectorsOf(web, '/Service').map(({ namespace }) => namespace)).toEqual(['shop']);
  });

  it('follows references in both directions', () => {
    const [settings] = inventory.ofKind('/ConfigMap');
    expect(settings && inventory.referencesTo(settings, []).map(({ from, use }) => [from.name, use])).toEqual([
      ['web', 'envFrom'],
    ]);
    expect(web && inventory.referencesFrom(web.object).map(({ kind, name }) => `${kind}/${name}`)).toEqual([
      'ConfigMap/settings',
      'ServiceAccount/web',
    ]);
  });

  it('takes the count from the autoscaler where there is one', () => {
    expect(web && minimumReplicas(inventory, web)).toBe(4);
  });

  it('tells the line of a field', () => {
    expect(web && positionOf(inventory, web.object, ['spec', 'template', 'spec', 'containers', 0, 'image'])).toEqual({
      file: 'app.yaml',
      line: 14,
      column: 11,
    });
  });

  it('leaves out pods whose owner is in the input', () => {
    const owned = snapshotOf(`
apiVersion: apps/v1
kind: ReplicaSet
metadata: {name: web}
spec: {template: {spec: {containers: []}}}
---
apiVersion: v1
kind: Pod
metadata: {name: web-1, ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: web, controller: true}]}
spec: {containers: []}
---
apiVersion: v1
kind: Pod
metadata: {name: stray, ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: gone, controller: true}]}
spec: {containers: []}
`);
    expect(createInventory(owned).workloads.map(({ object }) => object.name)).toEqual(['web', 'stray']);
  });

  it('finds the pod templates of custom kinds through their definition', async () => {
    const inventoryOfWidgets = await prepareInventory(
      snapshotOf(`
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: widgets.example.com}
spec:
  group: example.com
  names: {kind: Widget, plural: widgets}
  scope: Namespaced
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          properties:
            spec:
              type: object
              properties:
                groups:
                  type: array
                  items:
                    type: object
                    properties:
                      template:
                        type: object
                        properties:
                          metadata: {type: object}
                          spec:
                            type: object
                            properties:
                              containers:
                                type: array
                                items: {type: object, properties: {image: {type: string}}}
---
apiVersion: example.com/v1
kind: Widget
metadata: {name: w}
spec:
  groups:
    - template: {spec: {containers: [{image: a}]}}
    - template: {spec: {containers: [{image: b}]}}
`),
    );
    expect(inventoryOfWidgets.workloads.map(({ templatePath }) => templatePath.join('.'))).toEqual([
      'spec.groups.0.template',
      'spec.groups.1.template',
    ]);
  });
});
