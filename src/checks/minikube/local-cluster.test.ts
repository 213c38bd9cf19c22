import { describe, expect, it } from 'vitest';
import type { Check } from '../check.ts';
import { runOnText } from '../run-on-text.ts';
import { defaultNamespace } from './default-namespace.ts';
import { developmentServer } from './development-server.ts';
import { hostPathStorage } from './host-path-storage.ts';
import { minikubeNode } from './minikube-node.ts';
import { minikubeProvisioner } from './minikube-provisioner.ts';
import { nodePortFixed } from './node-port-fixed.ts';

const pod = (spec: string, metadata = 'name: web', container = 'tty: true') => `---
apiVersion: v1
kind: Pod
metadata: {${metadata}}
spec: {${spec}containers: [{name: web, image: web, ${container}}]}
`;
const paths = (check: Check, text: string) => runOnText(check, text).findings.map(({ path }) => path);

describe('a node of Minikube', () => {
  const affinity = (...expressions: string[]) =>
    `affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchExpressions: [${expressions.join(', ')}]}]}}}, `;
  const place =
    '/spec/affinity/nodeAffinity/requiredDuringSchedulingIgnoredDuringExecution/nodeSelectorTerms/0/matchExpressions';

  it.each([
    ['{key: minikube.k8s.io/primary, operator: Exists}'],
    ['{key: kubernetes.io/hostname, operator: In, values: [minikube]}'],
    ['{key: kubernetes.io/hostname, operator: In, values: [minikube, minikube-m02]}'],
  ])('is asked for by %s', (expression) => {
    expect(paths(minikubeNode, pod(affinity('{key: a, operator: Exists}', expression)))).toEqual([`${place}/1`]);
  });

  it.each([
    ['{key: kubernetes.io/hostname, operator: NotIn, values: [minikube]}'],
    ['{key: kubernetes.io/hostname, operator: In, values: [minikube, worker-1]}'],
    ['{key: kubernetes.io/hostname, operator: In, values: []}'],
    ['{key: example.com/host, operator: In, values: [minikube]}'],
    ['{key: example.com/minikube.k8s.io/, operator: Exists}'],
  ])('is not asked for by %s', (expression) => {
    expect(paths(minikubeNode, pod(affinity(expression)))).toEqual([]);
  });
});

describe('storage of a local cluster', () => {
  const claim = (kind: string, spec: string, metadata = 'name: data') =>
    `---\napiVersion: v1\nkind: ${kind}\nmetadata: {${metadata}}\nspec: {${spec}}\n`;
  const marked =
    'name: data, annotations: {example.com/a: b, volume.beta.kubernetes.io/storage-provisioner: k8s.io/minikube-hostpath}';

  it('is told at its field', () => {
    expect(runOnText(minikubeProvisioner, claim('PersistentVolumeClaim', '', marked)).findings).toEqual([
      expect.objectContaining({
        path: '/metadata/annotations/volume.beta.kubernetes.io~1storage-provisioner',
        evidence: 'volume.beta.kubernetes.io/storage-provisioner is k8s.io/minikube-hostpath',
      }),
    ]);
    expect(
      paths(minikubeProvisioner, claim('PersistentVolumeClaim', '', 'name: data, annotations: {example.com/a: b}')),
    ).toEqual([]);
  });

  it('of the node itself is no matter of a laptop', () => {
    const mount = 'volumeMounts: [{name: v, mountPath: /v}]';
    const volume = (path: string) => pod(`volumes: [{name: v, hostPath: {path: ${path}}}], `, 'name: web', mount);
    expect(paths(hostPathStorage, volume('/srv/data'))).toHaveLength(1);
    expect(paths(hostPathStorage, volume('/var/run/docker.sock'))).toEqual([]);
    expect(paths(hostPathStorage, volume('/etc/kubernetes'))).toEqual([]);
  });
});

describe('a server for development', () => {
  it.each([
    ['command: [npm, run, dev]', '/spec/containers/0/command'],
    ['args: [npm, run, dev]', '/spec/containers/0/args'],
    ['command: [sh, -c], args: ["npm   run  dev"]', '/spec/containers/0/command'],
  ])('is started by %s', (container, path) => {
    expect(paths(developmentServer, pod('', 'name: web', container))).toEqual([path]);
  });

  it('is no matter of init containers', () => {
    const init = (more: string) => pod(`initContainers: [{name: a, image: a, command: [npm, run, dev]${more}}], `);
    expect(paths(developmentServer, init(''))).toEqual([]);
    expect(paths(developmentServer, init(', restartPolicy: Always'))).toEqual(['/spec/initContainers/0/command']);
  });
});

describe('the namespace of an app', () => {
  const messages = (text: string) => runOnText(defaultNamespace, text).findings.map(({ message }) => message);

  it('is counted where nobody names it', () => {
    expect(messages(pod(''))).toEqual([expect.stringMatching(/^1 workload names no namespace: it goes to default/)]);
    expect(messages(pod('', 'name: a') + pod('', 'name: b'))).toEqual([
      expect.stringMatching(/^2 workloads name no namespace: they go to default/),
    ]);
    expect(messages(pod('', 'name: a, namespace: shop'))).toEqual([]);
    expect(messages(pod('', 'name: a, namespace: default'))).toEqual([
      expect.stringContaining('is put into the namespace default'),
    ]);
    expect(runOnText(defaultNamespace, '').outcome).toBe('not-applicable');
  });

  it('of a chart is chosen when it is installed', () => {
    const chart = runOnText(defaultNamespace, pod(''), {
      snapshot: (snapshot) => ({
        ...snapshot,
        objects: snapshot.objects.map((object) => ({
          ...object,
          source: { ...object.source, origin: { ...object.source.origin, kind: 'helm' as const } },
        })),
      }),
    });
    expect(chart.outcome).toBe('pass');
  });
});

describe('a port of the node', () => {
  const service = (port: string, type = 'NodePort') =>
    `apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {type: ${type}, ports: [{port: 80${port}}]}\n`;

  it('is told where it is fixed', () => {
    expect(paths(nodePortFixed, service(', nodePort: 30080'))).toEqual(['/spec/ports/0/nodePort']);
    expect(paths(nodePortFixed, service(', nodePort: 0'))).toEqual([]);
    expect(paths(nodePortFixed, service(''))).toEqual([]);
    expect(runOnText(nodePortFixed, service(', nodePort: 30080', 'ClusterIP')).outcome).toBe('not-applicable');
  });
});
