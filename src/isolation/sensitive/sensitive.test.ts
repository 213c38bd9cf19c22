// Which workloads are sensitive and why, what holds an intruder there, and the plan that follows.

import { describe, expect, it } from 'vitest';
import { clusterOf } from '../../../test/kubernetes/cluster-snapshot.ts';
import { createInventory } from '../../inventory/index.ts';
import { snapshotOf } from '../../inventory/snapshot-builder.ts';
import { cloudIdentityOf } from '../../inventory/rights/cloud-identity.ts';
import { findPlaces, findSensitive, planIsolation } from '../index.ts';

function deployment(name: string, spec = '', labels = ''): string {
  return `---
apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}, namespace: shop}
spec:
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}${labels}}}
    spec: {${spec === '' ? '' : `${spec}, `}containers: [{name: main, image: "registry.example.com/${name}:1", ports: [{containerPort: 80}]}]}
`;
}

const service = (name: string, type = 'ClusterIP'): string =>
  `---\napiVersion: v1\nkind: Service\nmetadata: {name: ${name}, namespace: shop}\nspec: {type: ${type}, selector: {app: ${name}}, ports: [{port: 80}]}\n`;
const ingress = `---\napiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: door, namespace: shop}\nspec: {rules: [{http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}}]}\n`;
const account = (annotations: string): string =>
  `---\napiVersion: v1\nkind: ServiceAccount\nmetadata: {name: robot, namespace: shop, annotations: {${annotations}}}\n`;
const claim = 'volumes: [{name: data, persistentVolumeClaim: {claimName: files}}]';
const robot = 'serviceAccountName: robot';
const rbac = 'apiVersion: rbac.authorization.k8s.io/v1';
const binding = (role: string): string =>
  `---\n${rbac}\nkind: ClusterRoleBinding\nmetadata: {name: b}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: ${role}}\nsubjects: [{kind: ServiceAccount, name: robot, namespace: shop}]\n`;
const reader = `---\n${rbac}\nkind: ClusterRole\nmetadata: {name: reader}\nrules: [{apiGroups: [""], resources: [secrets], verbs: [get], resourceNames: [x]}]\n`;

const inventoryOf = (text: string) => createInventory(snapshotOf(text));
const sensitive = (text: string) => findSensitive({ inventory: inventoryOf(text), minor: 34 });
const reasonsOf = (text: string) => sensitive(text).map(({ reasons }) => reasons.map(({ text: words }) => words));

describe('a workload is sensitive', () => {
  it.each([
    ['that keeps data', deployment('db', claim), 'keeps data in claim "files"'],
    [
      'that is given Secrets',
      deployment('a', 'volumes: [{name: s, secret: {secretName: key}}]'),
      'is given Secret "key"',
    ],
    ['near its node', deployment('a', 'hostPID: true, hostNetwork: true'), 'is near its node: hostNamespaces'],
    [
      'with a load balancer',
      deployment('web') + service('web', 'LoadBalancer'),
      'is reached from outside by LoadBalancer "web"',
    ],
    ['behind an Ingress', deployment('web') + service('web') + ingress, 'is reached from outside by Ingress "door"'],
    [
      'that is cluster administrator',
      deployment('a', robot) + account('') + binding('cluster-admin'),
      'can have the whole cluster: its ServiceAccount "shop/robot" is cluster administrator',
    ],
    [
      'that reads Secrets',
      deployment('a', robot) + account('') + reader + binding('reader'),
      'can read Secrets of the cluster as ServiceAccount "shop/robot"',
    ],
    [
      'with a role in AWS',
      deployment('a', robot) + account('eks.amazonaws.com/role-arn: "arn:aws:iam::1:role/s3"'),
      'is role arn:aws:iam::1:role/s3 in AWS',
    ],
    [
      'with an account in Google Cloud',
      deployment('a', robot) + account('iam.gke.io/gcp-service-account: a@b.iam.gserviceaccount.com'),
      'is service account a@b.iam.gserviceaccount.com in Google Cloud',
    ],
  ])('%s', (_, text, reason) => {
    expect(reasonsOf(text)).toEqual([[reason]]);
  });

  it.each([
    ['that has none of it', deployment('a')],
    ['whose Service is for the cluster alone', deployment('web') + service('web')],
    ['whose image alone needs a Secret', deployment('a', 'imagePullSecrets: [{name: pull}]')],
    [
      'whose token is not there',
      deployment('a', `${robot}, automountServiceAccountToken: false`) + account('') + binding('cluster-admin'),
    ],
  ])('but not one %s', (_, text) => {
    expect(reasonsOf(text)).toEqual([]);
  });

  it('and first the one that is reached from outside', () => {
    const text = deployment('db', claim) + deployment('web') + service('web', 'NodePort');
    expect(sensitive(text).map(({ workload }) => workload.object.name)).toEqual(['web', 'db']);
  });
});

describe('an identity in Azure', () => {
  const annotation = 'azure.workload.identity/client-id: "1-2"';
  it('tells where the label is missing without which it does not work', () => {
    const missing = (labels: string) => {
      const inventory = inventoryOf(deployment('a', robot, labels) + account(annotation));
      return inventory.workloads.map((workload) => cloudIdentityOf(inventory, workload)?.missing);
    };
    expect(missing('')).toEqual([expect.stringContaining('azure.workload.identity/use')]);
    expect(missing(', azure.workload.identity/use: "true"')).toEqual([undefined]);
  });
});

const pool = (name: string, taint = ''): string =>
  `---\napiVersion: v1\nkind: Node\nmetadata: {name: ${name}, labels: {eks.amazonaws.com/nodegroup: ${name}}}\nspec: {${taint}}\n`;
const gvisor = '---\napiVersion: node.k8s.io/v1\nkind: RuntimeClass\nmetadata: {name: sandbox}\nhandler: runsc\n';

describe('the plan', () => {
  const app = deployment('db', claim) + deployment('web') + service('web', 'NodePort');

  function plan(text: string, live = true) {
    const inventory = createInventory(live ? clusterOf(text) : snapshotOf(text));
    const list = findSensitive({ inventory, minor: 34 });
    return planIsolation(list, { inventory, places: findPlaces(inventory), input: './k8s' });
  }
  const topics = (text: string) => plan(text).map(({ topic, owner }) => `${topic} ${owner}`);

  it('has a step with an owner for all that is open', () => {
    expect(topics(app + pool('a') + pool('b') + gvisor)).toEqual([
      'network developer',
      'pod-security cluster-administrator',
      'namespace developer',
      'sandbox developer',
      'nodes cluster-administrator',
      'nodes developer',
      'quota cluster-administrator',
    ]);
  });

  it('uses a pool that is kept apart already', () => {
    const nodes = plan(app + pool('a') + pool('b', 'taints: [{key: for, value: data, effect: NoSchedule}]')).filter(
      ({ topic }) => topic === 'nodes',
    );
    expect(nodes).toMatchObject([
      {
        owner: 'developer',
        subjects: ['Deployment shop/db'],
        manifest: {
          nodeSelector: { 'eks.amazonaws.com/nodegroup': 'b' },
          tolerations: [{ key: 'for', operator: 'Equal', value: 'data', effect: 'NoSchedule' }],
        },
      },
    ]);
  });

  it('asks for nodes where there is one for all, and leaves it open where nodes were not seen', () => {
    expect(plan(app + pool('a')).find(({ topic }) => topic === 'nodes')?.title).toBe('Add a pool of nodes for them');
    expect(plan(app, false).find(({ topic }) => topic === 'nodes')?.open).toContain('--context');
  });

  it('sends to a sandbox only what is reached from outside and stays away from its node', () => {
    expect(topics(app + gvisor)).toContain('sandbox developer');
    expect(topics(app + gvisor.replace('runsc', 'nvidia'))).not.toContain('sandbox developer');
    const near = deployment('db', claim) + deployment('web', 'hostPID: true') + service('web', 'NodePort') + gvisor;
    expect(topics(near)).not.toContain('sandbox developer');
  });

  it('does not ask for what is there', () => {
    const quota = '---\napiVersion: v1\nkind: ResourceQuota\nmetadata: {name: q, namespace: shop}\n';
    const level =
      '---\napiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {pod-security.kubernetes.io/enforce: baseline}}\n';
    const closed =
      '---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: n, namespace: shop}\nspec: {podSelector: {}, policyTypes: [Ingress, Egress]}\n';
    expect(topics(deployment('db', claim) + quota + level + closed)).toEqual([]);
  });
});
