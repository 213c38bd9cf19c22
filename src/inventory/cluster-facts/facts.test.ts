import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clusterOf, document, node, program } from '../../../test/kubernetes/cluster-snapshot.ts';
import type { ClusterFacts, JsonObject, KubeObject } from '../../model/index.ts';
import { createInventory } from '../inventory.ts';
import { snapshotOf } from '../snapshot-builder.ts';
import { headlineOf } from './headline.ts';
import { pictureCluster } from './index.ts';
import { judgeSkew } from './nodes.ts';

const today = '2026-01-15';
const picture = (text: string, facts: Partial<ClusterFacts> = {}) =>
  pictureCluster(createInventory(clusterOf(text, facts)), today);

const daemonSetsHidden = {
  notListed: [{ group: 'apps', kind: 'DaemonSet', resource: 'daemonsets', namespace: '' }],
};

describe('the provider', () => {
  it.each([
    ['Minikube', false, node({ labels: { 'minikube.k8s.io/name': 'minikube' } }), ''],
    ['kind', false, node({ providerId: 'kind://docker/kind/kind-control-plane' }), ''],
    ['EKS', true, node({ providerId: 'aws:///eu-west-1a/i-0', kubelet: 'v1.34.1-eks-113cf36' }), ''],
    ['EKS', true, '', 'v1.34.1-eks-113cf36'],
    ['GKE', true, node({ providerId: 'gce://p/z/n', kubelet: 'v1.34.1-gke.1829001' }), ''],
    [
      'AKS',
      true,
      node({ providerId: 'azure:///subscriptions/x', labels: { 'kubernetes.azure.com/cluster': 'mc' } }),
      '',
    ],
    ['DOKS', true, node({ providerId: 'digitalocean://1', labels: { 'doks.digitalocean.com/node-id': 'x' } }), ''],
    ['OKE', true, node({ providerId: 'ocid1.instance.oc1', labels: { 'oke.oraclecloud.com/pool': 'x' } }), ''],
    ['RKE2', false, node({ kubelet: 'v1.34.1+rke2r1', providerId: 'rke2://n1' }), ''],
    ['k3s', false, node({ kubelet: 'v1.34.1+k3s1', providerId: 'k3s://n1' }), ''],
    ['OpenShift', 'unknown', node({ providerId: 'aws:///a/i', labels: { 'node.openshift.io/os_id': 'rhel' } }), ''],
    ['OVHcloud', true, node({ providerId: 'openstack:///1', labels: { 'node.k8s.ovh/type': 'standard' } }), ''],
    ['kubeadm', false, node({ annotations: { 'kubeadm.alpha.kubernetes.io/cri-socket': 'unix:///x' } }), ''],
  ])('%s is told by what its nodes carry (managed: %s)', (name, managed, text, serverVersion) => {
    const { provider } = picture(text, serverVersion === '' ? {} : { serverVersion });
    expect(provider).toMatchObject({ name, managed });
    expect(provider.evidence.join()).not.toBe('');
  });

  it('runs nothing where the API server is seen to run beside the app: EKS Anywhere', () => {
    const server = document({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'kube-apiserver-n1', namespace: 'kube-system' },
      spec: { containers: [{ name: 'a', image: 'kube-apiserver:v1.34.1-eks-d-1', command: ['kube-apiserver'] }] },
    });
    const { provider } = picture(node({ kubelet: 'v1.34.1-eks-113cf36' }) + server);
    expect(provider).toMatchObject({ name: 'EKS', managed: false });
  });

  it('is not known where nothing tells, and the cloud of its machines is not taken for it', () => {
    expect(picture(node({ providerId: 'openstack:///1' })).provider).toEqual({
      managed: 'unknown',
      cloud: 'OpenStack',
      evidence: [],
    });
  });
});

const kindnetRole = (resources: readonly string[]): string =>
  document({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name: 'kindnet' },
    rules: [{ apiGroups: ['', 'networking.k8s.io'], resources, verbs: ['list', 'watch'] }],
  });
const ciliumConfig = (data: JsonObject): string =>
  document({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'cilium-config', namespace: 'kube-system' },
    data,
  });
const kindnet = 'docker.io/kindest/kindnetd:v20250512-df8de77b';
const aws = ['602401143452.dkr.ecr.eu-west-1.amazonaws.com/amazon-k8s-cni:v1.20.1'];
const awsAgent = '602401143452.dkr.ecr.eu-west-1.amazonaws.com/amazon/aws-network-policy-agent:v1.2.2';
const minikube = node({ labels: { 'minikube.k8s.io/name': 'minikube' } });

describe('whether policies are enforced', () => {
  it.each([
    ['Calico', true, program('quay.io/calico/node:v3.30.3')],
    ['Calico beside Flannel', true, program(['docker.io/calico/node:v3.30.3', 'quay.io/coreos/flannel:v0.24'])],
    ['Calico of a mirror', true, program('registry.internal:5000/mirror/calico/node:v3.30.3')],
    ['Canal of RKE2', true, program(['rancher/hardened-calico:v3.30', 'rancher/hardened-flannel:v0.27'])],
    [
      'Cilium',
      true,
      program('quay.io/cilium/cilium:v1.18.2@sha256:' + 'a'.repeat(64)) + ciliumConfig({ 'enable-policy': 'default' }),
    ],
    [
      'Cilium that never enforces',
      false,
      program('quay.io/cilium/cilium:v1.18.2') + ciliumConfig({ 'enable-policy': 'never' }),
    ],
    ['Cilium without its settings', 'unknown', program('quay.io/cilium/cilium:v1.18.2')],
    ['Antrea', true, program('antrea/antrea-agent-ubuntu:v2.4.0')],
    ['Weave Net', true, program(['weaveworks/weave-kube:2.8.1', 'weaveworks/weave-npc:2.8.1'])],
    ['Weave Net without its controller', false, program('weaveworks/weave-kube:2.8.1')],
    ['kube-router', true, program('cloudnativelabs/kube-router:v2.5.0', { args: ['--run-router=true'] })],
    [
      'kube-router for routes only',
      false,
      program('cloudnativelabs/kube-router:v2.5.0', { args: ['--run-firewall=false'] }),
    ],
    ['Flannel', false, program('ghcr.io/flannel-io/flannel:v0.27.4')],
    ['AWS without an agent', false, program(aws)],
    ['AWS with its agent off', false, program([...aws, awsAgent], { args: ['--enable-network-policy=false'] })],
    ['AWS with its agent on', true, program([...aws, awsAgent], { args: ['--enable-network-policy=true'] })],
    ['AWS with an agent that says nothing', 'unknown', program([...aws, awsAgent])],
    ['Azure with its policy manager', true, program('mcr.microsoft.com/containernetworking/azure-npm:v1.6')],
    [
      'OVN-Kubernetes of OpenShift',
      true,
      program('quay.io/openshift-release-dev/ocp-v4.0-art-dev@sha256:' + 'b'.repeat(64), { name: 'ovnkube-node' }),
    ],
    ['kindnet of kind', true, program(kindnet) + kindnetRole(['pods', 'networkpolicies'])],
    ['an old kindnet', false, program('kindest/kindnetd:v20230511-dc714da8') + kindnetRole(['nodes'])],
    ['kindnet without the right to read policies', false, program(kindnet) + kindnetRole(['nodes'])],
    ['a kindnet of another date', 'unknown', program('kindest/kindnetd:latest') + kindnetRole(['networkpolicies'])],
    ['the bridge of Minikube', false, minikube],
    ['a plugin nobody knows', 'unknown', node() + program('example.com/our-own-network:1')],
    ['nothing at all', 'unknown', ''],
  ])('%s: %s', (_, enforced, text) => {
    const { network } = picture(text);
    expect(network.enforcesPolicies, network.why).toBe(enforced);
    expect(network.why).not.toBe('');
  });

  it('is not known by a plugin alone where another one may be hidden', () => {
    const { network } = picture(program('flannel/flannel:v0.27.4'), daemonSetsHidden);
    expect(network.enforcesPolicies).toBe('unknown');
    expect(picture(minikube, daemonSetsHidden).network.enforcesPolicies).toBe('unknown');
  });

  it('is not known of k3s, which enforces inside its own process', () => {
    expect(picture(node(), { serverVersion: 'v1.34.1+k3s1' }).network.enforcesPolicies).toBe('unknown');
  });

  it('is never told by files', () => {
    const files = pictureCluster(createInventory(snapshotOf(minikube)), today);
    expect(files.network.enforcesPolicies).toBe('unknown');
  });
});

describe('versions', () => {
  it.each([
    ['v1.34.2', 'supported', '2026-10-27'],
    ['v1.31.0-eks-1', 'ended', '2025-11-11'],
    ['v1.12.0', 'ended', undefined],
    ['v1.99.0', 'supported', undefined],
    ['what', 'unknown', undefined],
  ])('%s: %s', (serverVersion, support, endOfLife) => {
    const { version } = picture('', { serverVersion });
    expect([version.support, version.endOfLife]).toEqual([support, endOfLife]);
  });

  it.each([
    ['v1.34.2', 'v1.31.0', 'within'],
    ['v1.34.2', 'v1.30.9', 'too-old'],
    ['v1.27.0', 'v1.24.0', 'too-old'],
    ['v1.34.2', 'v1.35.0', 'newer'],
    ['v1.34.2', 'fake', 'unknown'],
  ] as const)('server %s, kubelet %s: %s', (server, kubelet, skew) => {
    expect(judgeSkew(server, kubelet)).toBe(skew);
  });
});

describe('what runs for everybody', () => {
  it('is found by images in all namespaces, and absent only where all was seen', () => {
    const text = program('registry.k8s.io/ingress-nginx/controller:v1.13.3', { kind: 'Deployment', namespace: 'in' });
    expect(picture(text).entrances.controllers).toMatchObject({
      complete: true,
      found: [{ name: 'ingress-nginx', version: 'v1.13.3', namespace: 'in' }],
    });
    expect(picture('', daemonSetsHidden).certificates).toEqual({ found: [], complete: false });
  });

  it('is found beside the namespaces that were asked for', () => {
    const beside = {
      objects: [
        {
          apiVersion: 'apps/v1',
          kind: 'DaemonSet',
          metadata: { name: 'calico-node', namespace: 'calico-system' },
          spec: { template: { spec: { containers: [{ name: 'node', image: 'calico/node:v3.30.3' }] } } },
        },
      ],
      whole: ['apps/DaemonSet', 'apps/Deployment', 'apps/StatefulSet'],
      unread: [],
      kubelets: [],
    };
    expect(picture('', { namespaces: ['shop'], beside }).network.enforcesPolicies).toBe(true);
    expect(picture('', { namespaces: ['shop'] }).network.enforcesPolicies).toBe('unknown');
  });
});

describe('the line at the head', () => {
  it('says it all in a few words', () => {
    const text = minikube + program('kindest/kindnetd:v20230511-dc714da8');
    expect(headlineOf(picture(text))).toBe(
      'Minikube, Kubernetes 1.34.2 (supported until 2026-10-27), 1 node, kindnet: policies not enforced',
    );
  });
});

describe('odd input', () => {
  const kinds = [
    'v1/Node',
    'v1/Pod',
    'v1/ConfigMap',
    'v1/Namespace',
    'apps/v1/DaemonSet',
    'networking.k8s.io/v1/IngressClass',
    'storage.k8s.io/v1/StorageClass',
    'apiregistration.k8s.io/v1/APIService',
    'monitoring.coreos.com/v1/Prometheus',
    'velero.io/v1/Schedule',
    'security.istio.io/v1/PeerAuthentication',
    'admissionregistration.k8s.io/v1/ValidatingWebhookConfiguration',
  ];
  const origin = { kind: 'cluster', unit: 'test' } as const;
  const source = { file: 'test', text: -1, start: 0, end: 0, document: 0, line: 1, within: [], origin };
  const names = [
    'metadata',
    'spec',
    'status',
    'webhooks',
    'nodeInfo',
    'template',
    'containers',
    'image',
    'rules',
    'data',
  ];
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      fc.constantFrom(null, true, 0, '', 'calico/node:v1', 'v1.34.1'),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom(...names), tie('value'), { maxKeys: 4 }),
    ),
  }));
  const object = fc
    .tuple(fc.constantFrom(...kinds), fc.dictionary(fc.constantFrom(...names), value))
    .map(([type, raw]) => {
      const parts = type.split('/');
      const [kind = '', version = '', group = ''] = parts.toReversed();
      return {
        apiVersion: '',
        group,
        version,
        kind,
        namespace: '',
        name: 'x',
        raw: raw as JsonObject,
        source,
      } satisfies KubeObject;
    });

  it('is unknown and never a crash', () => {
    fc.assert(
      fc.property(fc.array(object, { maxLength: 6 }), fc.string(), (objects, serverVersion) => {
        const snapshot = { ...clusterOf('', { serverVersion }), objects };
        const facts = pictureCluster(createInventory(snapshot), today);
        expect([true, false, 'unknown']).toContain(facts.network.enforcesPolicies);
        expect(headlineOf(facts)).not.toBe('');
      }),
    );
  });
});
