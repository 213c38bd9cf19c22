// What runs in a cluster for everybody: each family on small clusters of its own.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clusterOf, document, node, program } from '../../../test/kubernetes/cluster-snapshot.ts';
import type { ClusterFacts, JsonObject } from '../../model/index.ts';
import { createInventory } from '../inventory.ts';
import { containerRuntimeEnd, findSystemSupport, kindOfSystem, systemSupport } from './operating-systems.ts';
import { pictureCluster } from './index.ts';
import { selects } from './monitoring.ts';
import { reaches } from './webhooks.ts';

const picture = (text: string, facts: Partial<ClusterFacts> = {}) =>
  pictureCluster(createInventory(clusterOf(text, facts)), '2026-01-15');
const object = (apiVersion: string, kind: string, metadata: object, rest: object = {}): string =>
  document({ apiVersion, kind, metadata, ...rest });
const deployment = (image: string, namespace: string): string => program(image, { kind: 'Deployment', namespace });

describe('programs are found by their images', () => {
  it.each([
    ['entrances.controllers', 'Traefik', 'docker.io/library/traefik:v3.6.2'],
    ['entrances.controllers', 'Envoy Gateway', 'docker.io/envoyproxy/gateway:v1.5.0'],
    ['entrances.controllers', 'HAProxy Ingress', 'docker.io/haproxytech/kubernetes-ingress:3.1'],
    ['backups.tools', 'Kasten K10', 'gcr.io/kasten-images/catalog:8.0.5'],
    ['admission.engines', 'OPA Gatekeeper', 'mcr.microsoft.com/oss/v2/open-policy-agent/gatekeeper:v3.20'],
    ['mesh', 'Istio', 'docker.io/istio/pilot:1.28.0'],
    ['mesh', 'Linkerd', 'cr.l5d.io/linkerd/controller:edge-25.10.1'],
    ['certificates', 'cert-manager', 'quay.io/jetstack/cert-manager-controller:v1.19.1'],
    ['dns', 'CoreDNS', 'registry.k8s.io/coredns/coredns:v1.12.1'],
    ['monitoring.collectors', 'Prometheus operator', 'quay.io/prometheus-operator/prometheus-operator:v0.86.1'],
    ['backups.tools', 'Velero', 'velero/velero:v1.17.0'],
    ['backups.tools', 'Longhorn', 'longhornio/longhorn-manager:v1.10.0'],
    ['admission.engines', 'Kyverno', 'ghcr.io/kyverno/kyverno:v1.15.2'],
    ['admission.engines', 'OPA Gatekeeper', 'openpolicyagent/gatekeeper:v3.20.1'],
  ])('%s: %s', (family, name, image) => {
    const found = family
      .split('.')
      .reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], picture(deployment(image, 'x')));
    expect(found).toMatchObject({ complete: true, found: [{ name, namespace: 'x' }] });
  });

  it('and an app with a like name is none of them', () => {
    const text = [
      'velero-ui',
      'my-traefik-logs',
      'kyverno-report',
      'gatekeeper',
      'catalog',
      'gateway',
      'pilot',
      'policy-server',
    ]
      .map((name) => `shop/${name}:1`)
      .map((image, index) => program(image, { kind: 'Deployment', name: `p${index}`, namespace: 'shop' }))
      .join('');
    const { backups, entrances, admission, dns, mesh } = picture(text);
    const families = [backups.tools, entrances.controllers, admission.engines, dns, mesh];
    expect(families.flatMap(({ found }) => found)).toEqual([]);
  });
});

describe('the mesh', () => {
  const istio = deployment('istio/pilot:1.28.0', 'istio-system');
  const policy = (namespace: string, spec: object): string =>
    object('security.istio.io/v1', 'PeerAuthentication', { name: 'default', namespace }, { spec });

  it.each([
    ['strict', policy('istio-system', { mtls: { mode: 'STRICT' } })],
    ['permissive', policy('istio-system', { mtls: { mode: 'PERMISSIVE' } })],
    ['disabled', policy('istio-system', { mtls: { mode: 'DISABLE' } })],
    ['permissive', ''],
    ['permissive', policy('shop', { mtls: { mode: 'STRICT' } })],
    ['permissive', policy('istio-system', { selector: { matchLabels: { a: 'b' } }, mtls: { mode: 'STRICT' } })],
  ])('is %s as its own namespace says for all of it', (mode, text) => {
    expect(picture(istio + text).mesh.mutualTls).toBe(mode);
  });

  it('of which the policies may not be listed is not known; where there is none nothing is said', () => {
    const notListed = [
      { group: 'security.istio.io', kind: 'PeerAuthentication', resource: 'peerauthentications', namespace: '' },
    ];
    expect(picture(istio, { notListed }).mesh.mutualTls).toBe('unknown');
    expect(picture('').mesh).toEqual({ found: [], complete: true });
  });
});

describe('the metrics API', () => {
  const service = (status: string): string =>
    object(
      'apiregistration.k8s.io/v1',
      'APIService',
      { name: 'v1beta1.metrics.k8s.io' },
      { status: { conditions: [{ type: 'Available', status }] } },
    );

  it.each([
    ['served', true, true, service('True')],
    ['served and down', true, false, service('False')],
    ['not there', false, false, ''],
  ])('is %s', (_, served, available, text) => {
    expect(picture(text).monitoring.metricsApi).toMatchObject({ served, available });
  });

  it('is not known where API services may not be listed', () => {
    const notListed = [{ group: 'apiregistration.k8s.io', kind: 'APIService', resource: 'apiservices', namespace: '' }];
    expect(picture('', { notListed }).monitoring.metricsApi.served).toBe('unknown');
  });
});

describe('what a Prometheus loads', () => {
  const home = { namespace: 'monitoring' };
  const rule = { namespace: 'shop', labels: { release: 'main', app: 'web' } };
  const labelsOf = (): undefined => undefined;

  it.each([
    ['nothing without a selector', undefined, {}, false],
    ['everything with an empty one', {}, {}, true],
    ['its own namespace only, without one for namespaces', {}, undefined, false],
    ['what has its labels', { matchLabels: { release: 'main' } }, {}, true],
    ['not what has others', { matchLabels: { release: 'other' } }, {}, false],
    ['nobody knows, without the labels of the namespace', {}, { matchLabels: { team: 'a' } }, 'unknown'],
  ])('is %s', (_, labels, namespaces, expected) => {
    const selection = { labels: labels as JsonObject | undefined, namespaces: namespaces as JsonObject | undefined };
    expect(selects(home, selection, rule, labelsOf)).toBe(expected);
  });

  it('asks for the labels of the namespace', () => {
    const selection = { labels: {}, namespaces: { matchLabels: { team: 'a' } } };
    expect(selects(home, selection, rule, () => ({ team: 'a' }))).toBe(true);
    expect(selects(home, selection, rule, () => ({ team: 'b' }))).toBe(false);
  });
});

describe('Velero', () => {
  it('tells its schedules and stores', () => {
    const text =
      object(
        'velero.io/v1',
        'Schedule',
        { name: 'nightly', namespace: 'velero' },
        { spec: { schedule: '0 3 * * *', paused: true, template: { includedNamespaces: ['shop'] } } },
      ) +
      object(
        'velero.io/v1',
        'BackupStorageLocation',
        { name: 'default', namespace: 'velero' },
        { spec: { provider: 'aws', objectStorage: { bucket: 'b' } }, status: { phase: 'Available' } },
      );
    expect(picture(text).backups).toMatchObject({
      schedules: [{ schedule: '0 3 * * *', paused: true, includedNamespaces: ['shop'], excludedNamespaces: [] }],
      stores: [{ provider: 'aws', bucket: 'b', phase: 'Available' }],
      sawSchedules: true,
    });
  });
});

describe('storage', () => {
  it('tells of a class what an app must know', () => {
    const fast = object(
      'storage.k8s.io/v1',
      'StorageClass',
      { name: 'fast', annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
      { provisioner: 'ebs.csi.aws.com', allowVolumeExpansion: true, parameters: { encrypted: 'true' } },
    );
    const plain = object('storage.k8s.io/v1', 'StorageClass', { name: 'plain' }, { provisioner: 'x' });
    const open = object(
      'storage.k8s.io/v1',
      'StorageClass',
      { name: 'open' },
      { provisioner: 'ebs.csi.aws.com', parameters: { encrypted: 'false' }, volumeBindingMode: 'WaitForFirstConsumer' },
    );
    const { classes } = picture(fast + plain + open).storage;
    expect(classes).toMatchObject([
      {
        name: 'fast',
        isDefault: true,
        expandable: true,
        encrypted: true,
        reclaimPolicy: 'Delete',
        bindingMode: 'Immediate',
      },
      { name: 'plain', isDefault: false, expandable: false, encrypted: 'unknown' },
      { name: 'open', encrypted: false, bindingMode: 'WaitForFirstConsumer' },
    ]);
  });
});

describe('the audit log', () => {
  const server = (...flags: readonly string[]): string =>
    object(
      'v1',
      'Pod',
      { name: 'kube-apiserver-n1', namespace: 'kube-system' },
      { spec: { containers: [{ name: 'a', image: 'kube-apiserver:v1.34.0', command: ['kube-apiserver', ...flags] }] } },
    );

  it.each([
    ['on', true, ['--audit-log-path=/log', '--audit-policy-file=/policy.yaml']],
    ['on where it is sent away', true, ['--audit-webhook-config-file=/w', '--audit-policy-file=/policy.yaml']],
    ['off without a policy', false, ['--audit-log-path=/log']],
    ['off without a path', false, ['--audit-policy-file=/policy.yaml']],
  ])('is %s', (_, enabled, flags) => {
    expect(picture(server(...flags)).controlPlane.audit.enabled).toBe(enabled);
  });

  it('is not known where the API server is not seen', () => {
    expect(picture(node()).controlPlane).toEqual({ components: [], audit: { enabled: 'unknown' } });
  });
});

describe('whether a webhook decides on pods of a namespace', () => {
  const rules = [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] }];
  const named = (operator: string) => ({
    matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator, values: ['kube-system'] }],
  });

  it.each([
    ['without a selector', { rules }, true],
    ['on everything', { rules: [{ apiGroups: ['*'], operations: ['*'], resources: ['*/*'] }] }, true],
    ['on other resources', { rules: [{ apiGroups: ['apps'], operations: ['*'], resources: ['*'] }] }, false],
    ['on what is below pods', { rules: [{ apiGroups: [''], operations: ['*'], resources: ['pods/*'] }] }, false],
    ['on updates', { rules: [{ apiGroups: [''], operations: ['UPDATE'], resources: ['pods'] }] }, false],
    ['on objects without a namespace', { rules: [{ ...rules[0], scope: 'Cluster' }] }, false],
    ['left out by name', { rules, namespaceSelector: named('NotIn') }, false],
    ['taken in by name', { rules, namespaceSelector: named('In') }, true],
    ['by a label nobody saw', { rules, namespaceSelector: { matchLabels: { a: 'b' } } }, 'unknown'],
    ['by a condition', { rules, matchConditions: [{ name: 'x', expression: 'true' }] }, 'unknown'],
    ['by labels of the pods', { rules, objectSelector: { matchLabels: { a: 'b' } } }, 'unknown'],
  ])('%s: %s', (_, webhook, expected) => {
    expect(reaches(webhook as JsonObject, 'kube-system', undefined)).toBe(expected);
  });

  it('is known by the labels of the namespace', () => {
    const webhook = { rules, namespaceSelector: { matchLabels: { a: 'b' } } };
    expect(reaches(webhook, 'kube-system', { a: 'b' })).toBe(true);
    expect(reaches(webhook, 'kube-system', { a: 'c' })).toBe(false);
  });
});

describe('systems of nodes', () => {
  it.each([
    ['Ubuntu 24.04.1 LTS', 'general', '2029-05-31'],
    ['Amazon Linux 2', 'general', '2026-06-30'],
    ['Amazon Linux 2023.9.20251014', 'general', '2029-06-30'],
    ['Red Hat Enterprise Linux CoreOS 9.6', 'minimal', undefined],
    ['Bottlerocket OS 1.44.0 (aws-k8s-1.34)', 'minimal', undefined],
    ['Talos (v1.11.3)', 'minimal', undefined],
    ['Container-Optimized OS from Google', 'minimal', undefined],
    ['Our Own Linux', 'unknown', undefined],
    ['', 'unknown', undefined],
  ])('%s: %s', (osImage, kind, until) => {
    expect([kindOfSystem(osImage), findSystemSupport(osImage)?.until]).toEqual([kind, until]);
  });

  it('have one row each, with a date', () => {
    for (const { until, name } of systemSupport) expect(until, name).toMatch(/^20\d\d-\d\d-\d\d$/);
    fc.assert(fc.property(fc.string(), (text) => ['minimal', 'general', 'unknown'].includes(kindOfSystem(text))));
  });

  it('run a containerd whose project stops one day', () => {
    expect(containerRuntimeEnd('containerd://1.6.20')).toBe('2025-08-23');
    expect(containerRuntimeEnd('containerd://9.9.0')).toBeUndefined();
    expect(containerRuntimeEnd('cri-o://1.34.1')).toBeUndefined();
  });
});
