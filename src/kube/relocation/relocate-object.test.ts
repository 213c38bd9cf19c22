import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../model/index.ts';
import { parseHostRules } from './host-rules.ts';
import { relocateObject } from './relocate-object.ts';
import type { Relocation } from './relocation.ts';
import { decodeUtf8, encodeUtf8 } from './utf8.ts';

const moving: Relocation = {
  namespaces: new Map([['shop', 'copy']]),
  services: new Set(['shop/db', 'shop/web']),
  addresses: new Map(),
  objects: new Set(['Secret shop/ca', 'Widget shop/round']),
  labels: new Map([['shop', { name: 'shop', team: 'a' }]]),
  domains: ['cluster.local'],
  hosts: parseHostRules(['shop.example.com=copy.example.com']),
};

function object(type: string, rest: JsonObject): JsonObject {
  const at = type.lastIndexOf('/');
  const metadata = { name: 'it', namespace: 'shop', ...(rest['metadata'] as JsonObject | undefined) };
  return { apiVersion: type.slice(0, at), kind: type.slice(at + 1), ...rest, metadata };
}

function spec(type: string, value: JsonObject, rules?: readonly string[]): JsonObject {
  const { hosts, ...others } = moving;
  const relocated = relocateObject(object(type, { spec: value }), {
    ...others,
    hosts: rules === undefined ? hosts : parseHostRules(rules),
  });
  return relocated.object['spec'] as JsonObject;
}

const undecided = (type: string, value: JsonObject): string[] =>
  relocateObject(object(type, { spec: value }), moving).undecided.map(({ host }) => host);

describe('fields that name a namespace', () => {
  it.each<[string, JsonObject, JsonObject]>([
    [
      'networking.k8s.io/v1/NetworkPolicy',
      { ingress: [{ from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'shop' } } }] }] },
      { ingress: [{ from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'copy' } } }] }] },
    ],
    [
      'networking.k8s.io/v1/NetworkPolicy',
      {
        egress: [
          {
            to: [
              { namespaceSelector: { matchExpressions: [{ key: 'name', operator: 'In', values: ['other', 'shop'] }] } },
            ],
          },
        ],
      },
      {
        egress: [
          {
            to: [
              { namespaceSelector: { matchExpressions: [{ key: 'name', operator: 'In', values: ['other', 'copy'] }] } },
            ],
          },
        ],
      },
    ],
    [
      'cilium.io/v2/CiliumNetworkPolicy',
      { ingress: [{ fromEndpoints: [{ matchLabels: { 'k8s:io.kubernetes.pod.namespace': 'shop', app: 'shop' } }] }] },
      { ingress: [{ fromEndpoints: [{ matchLabels: { 'k8s:io.kubernetes.pod.namespace': 'copy', app: 'shop' } }] }] },
    ],
    [
      'monitoring.coreos.com/v1/ServiceMonitor',
      { namespaceSelector: { matchNames: ['shop', 'other'] }, selector: { matchLabels: { app: 'shop' } } },
      { namespaceSelector: { matchNames: ['copy', 'other'] }, selector: { matchLabels: { app: 'shop' } } },
    ],
    [
      'networking.istio.io/v1/VirtualService',
      {
        hosts: ['web', 'web.shop.svc.cluster.local'],
        gateways: ['shop/gate', 'mesh'],
        http: [{ route: [{ destination: { host: 'db.shop.svc.cluster.local' } }] }],
      },
      {
        hosts: ['web', 'web.copy.svc.cluster.local'],
        gateways: ['copy/gate', 'mesh'],
        http: [{ route: [{ destination: { host: 'db.copy.svc.cluster.local' } }] }],
      },
    ],
    [
      'networking.istio.io/v1/DestinationRule',
      { host: 'db.shop.svc.cluster.local', exportTo: ['.', 'shop'] },
      { host: 'db.copy.svc.cluster.local', exportTo: ['.', 'copy'] },
    ],
    [
      'security.istio.io/v1/AuthorizationPolicy',
      {
        rules: [
          {
            from: [
              {
                source: {
                  namespaces: ['shop'],
                  principals: ['cluster.local/ns/shop/sa/web', 'cluster.local/ns/shopping/sa/web'],
                },
              },
            ],
          },
        ],
      },
      {
        rules: [
          {
            from: [
              {
                source: {
                  namespaces: ['copy'],
                  principals: ['cluster.local/ns/copy/sa/web', 'cluster.local/ns/shopping/sa/web'],
                },
              },
            ],
          },
        ],
      },
    ],
    [
      'cert-manager.io/v1/Certificate',
      { dnsNames: ['db.shop.svc', 'db.shop.svc.cluster.local'] },
      { dnsNames: ['db.copy.svc', 'db.copy.svc.cluster.local'] },
    ],
    [
      'gateway.networking.k8s.io/v1/HTTPRoute',
      {
        hostnames: ['shop.example.com'],
        parentRefs: [{ name: 'g', namespace: 'infra' }],
        rules: [{ backendRefs: [{ name: 'web', namespace: 'shop' }] }],
      },
      {
        hostnames: ['copy.example.com'],
        parentRefs: [{ name: 'g', namespace: 'infra' }],
        rules: [{ backendRefs: [{ name: 'web', namespace: 'copy' }] }],
      },
    ],
    [
      'keda.sh/v1alpha1/ScaledObject',
      {
        triggers: [
          {
            type: 'prometheus',
            metadata: { serverAddress: 'http://prom.monitoring.svc:9090', query: 'sum(x{namespace="shop"})' },
          },
        ],
      },
      {
        triggers: [
          {
            type: 'prometheus',
            metadata: { serverAddress: 'http://prom.monitoring.svc:9090', query: 'sum(x{namespace="copy"})' },
          },
        ],
      },
    ],
    [
      'argoproj.io/v1alpha1/Application',
      { destination: { namespace: 'shop', server: 'https://kubernetes.default.svc' } },
      { destination: { namespace: 'copy', server: 'https://kubernetes.default.svc' } },
    ],
    [
      'v1/Service',
      { type: 'ExternalName', externalName: 'db.shop.svc.cluster.local' },
      { type: 'ExternalName', externalName: 'db.copy.svc.cluster.local' },
    ],
    [
      'example.com/v1/Thing',
      { secretRef: { name: 'ca', namespace: 'shop' }, other: { kind: 'Widget', name: 'round', namespace: 'shop' } },
      { secretRef: { name: 'ca', namespace: 'copy' }, other: { kind: 'Widget', name: 'round', namespace: 'copy' } },
    ],
    [
      'v1/Pod',
      {
        affinity: {
          podAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: [{ namespaces: ['shop', 'other'], topologyKey: 'x' }],
          },
        },
      },
      {
        affinity: {
          podAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: [{ namespaces: ['copy', 'other'], topologyKey: 'x' }],
          },
        },
      },
    ],
    [
      'v1/Pod',
      {
        containers: [
          {
            name: 'shop',
            image: 'db.shop:5000/shop:1',
            args: ['--namespace', 'shop', '--label', 'shop'],
            env: [
              { name: 'POD_NAMESPACE', value: 'shop' },
              { name: 'APP', value: 'shop' },
            ],
          },
        ],
      },
      {
        containers: [
          {
            name: 'shop',
            image: 'db.shop:5000/shop:1',
            args: ['--namespace', 'copy', '--label', 'shop'],
            env: [
              { name: 'POD_NAMESPACE', value: 'copy' },
              { name: 'APP', value: 'shop' },
            ],
          },
        ],
      },
    ],
  ])('of a %s follow', (type, before, after) => {
    expect(spec(type, before)).toEqual(after);
  });

  it('a field of an unknown kind stays where nothing says what it means, and is told', () => {
    const { object: made, left } = relocateObject(
      object('example.com/v1/Thing', { spec: { from: { namespace: 'shop' } } }),
      moving,
    );
    expect(made['spec']).toEqual({ from: { namespace: 'shop' } });
    expect(left).toMatchObject([{ path: ['spec', 'from', 'namespace'], text: 'shop' }]);
  });

  it('a selector that chooses old and new alike is told', () => {
    const both = { ingress: [{ from: [{ namespaceSelector: { matchLabels: { team: 'a' } } }] }] };
    const { left } = relocateObject(object('networking.k8s.io/v1/NetworkPolicy', { spec: both }), moving);
    expect(left.map(({ reason }) => reason).join()).toMatch(/both have/);
    const all = { ingress: [{ from: [{ namespaceSelector: {} }] }] };
    expect(relocateObject(object('networking.k8s.io/v1/NetworkPolicy', { spec: all }), moving).left).toEqual([]);
  });

  it('accounts in bindings, and annotations that name objects', () => {
    const binding = object('rbac.authorization.k8s.io/v1/RoleBinding', {
      metadata: { annotations: { 'cert-manager.io/inject-ca-from': 'shop/cert', note: 'see shopping' } },
      subjects: [
        { kind: 'ServiceAccount', name: 'web', namespace: 'shop' },
        { kind: 'ServiceAccount', name: 'x', namespace: 'other' },
        { kind: 'Group', name: 'system:serviceaccounts:shop' },
      ],
    });
    const { object: made } = relocateObject(binding, moving);
    expect(made).toMatchObject({
      metadata: {
        namespace: 'copy',
        annotations: { 'cert-manager.io/inject-ca-from': 'copy/cert', note: 'see shopping' },
      },
      subjects: [{ namespace: 'copy' }, { namespace: 'other' }, { name: 'system:serviceaccounts:copy' }],
    });
  });

  it('the namespace itself: its name, and labels that say it', () => {
    const own = {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'shop', labels: { 'kubernetes.io/metadata.name': 'shop', name: 'shop', team: 'a' } },
    };
    expect(relocateObject(own, moving).object['metadata']).toEqual({
      name: 'copy',
      labels: { 'kubernetes.io/metadata.name': 'copy', name: 'copy', team: 'a' },
    });
  });
});

describe('public hosts', () => {
  const rule = (host?: string): JsonObject => ({
    rules: [{ ...(host === undefined ? {} : { host }), http: { paths: [] } }],
    tls: [{ hosts: host === undefined ? [] : [host] }],
  });

  it('follow a rule', () => {
    expect(spec('networking.k8s.io/v1/Ingress', rule('shop.example.com'))).toEqual(rule('copy.example.com'));
    expect(spec('networking.k8s.io/v1/Ingress', rule(), ['*=x.test'])).toMatchObject({ rules: [{ host: 'x.test' }] });
    expect(
      spec('traefik.io/v1alpha1/IngressRoute', { routes: [{ match: 'Host(`shop.example.com`) && PathPrefix(`/x`)' }] }),
    ).toEqual({ routes: [{ match: 'Host(`copy.example.com`) && PathPrefix(`/x`)' }] });
  });

  it.each<[string, JsonObject, string]>([
    ['networking.k8s.io/v1/Ingress', { rules: [{ host: 'a.test' }] }, 'a.test'],
    ['networking.k8s.io/v1/Ingress', { rules: [{ http: {} }] }, '*'],
    ['networking.k8s.io/v1/Ingress', { defaultBackend: { service: { name: 'web' } } }, '*'],
    ['gateway.networking.k8s.io/v1/HTTPRoute', { parentRefs: [{ name: 'g', namespace: 'infra' }] }, '*'],
    ['gateway.networking.k8s.io/v1/Gateway', { listeners: [{ hostname: 'a.test' }] }, 'a.test'],
    ['networking.istio.io/v1/Gateway', { servers: [{ hosts: ['shop/a.test'] }] }, 'a.test'],
    ['cert-manager.io/v1/Certificate', { dnsNames: ['a.test'] }, 'a.test'],
    ['traefik.io/v1alpha1/IngressRoute', { routes: [{ match: 'Host(`a.test`)' }] }, 'a.test'],
    ['route.openshift.io/v1/Route', { host: 'a.test' }, 'a.test'],
    ['projectcontour.io/v1/HTTPProxy', { virtualhost: { fqdn: 'a.test' } }, 'a.test'],
  ])('of a %s without a rule are undecided', (type, value, host) => {
    expect(undecided(type, value)).toContain(host);
  });

  it('are no matter where the object answers to nobody outside', () => {
    expect(undecided('networking.istio.io/v1/VirtualService', { hosts: ['api.stripe.com'], http: [] })).toEqual([]);
    expect(undecided('gateway.networking.k8s.io/v1/HTTPRoute', { parentRefs: [{ name: 'own' }] })).toEqual([]);
  });

  it('that a controller publishes go where no rule names them', () => {
    const service = object('v1/Service', {
      metadata: { annotations: { 'external-dns.alpha.kubernetes.io/hostname': 'a.test' } },
    });
    expect(relocateObject(service, moving).object['metadata']).toEqual({
      name: 'it',
      namespace: 'copy',
      annotations: {},
    });
  });
});

describe('Secrets', () => {
  const base64 = (text: string): string => Buffer.from(text, 'utf8').toString('base64');

  it('follow in their values, of which nothing is told but the key', () => {
    const secret = object('v1/Secret', {
      data: { url: base64('postgres://u:geheim@db.shop.svc/x'), word: base64('shop'), bytes: '/w==' },
    });
    const { object: made, rewrites, left } = relocateObject(secret, moving);
    expect(made['data']).toEqual({
      url: base64('postgres://u:geheim@db.copy.svc/x'),
      word: base64('shop'),
      bytes: '/w==',
    });
    expect(rewrites).toEqual([{ path: ['data', 'url'] }]);
    expect(JSON.stringify([rewrites, left])).not.toMatch(/geheim|db\.|"shop"/);
  });

  it('any text comes through UTF-8 as it was', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(decodeUtf8(encodeUtf8(text))).toBe(text);
        expect([...encodeUtf8(text)]).toEqual([...Buffer.from(text, 'utf8')]);
      }),
    );
  });
});

it('an object without a reference comes back as it was', () => {
  const json = fc.jsonValue({ maxDepth: 3 });
  fc.assert(
    fc.property(json, (value) => {
      fc.pre(!/shop|namespace|match|example/i.test(JSON.stringify(value)));
      const before = {
        apiVersion: 'example.com/v1',
        kind: 'Thing',
        metadata: { name: 'x', namespace: 'other' },
        data: value,
      } as unknown as JsonObject;
      const { object: after, rewrites } = relocateObject(before, moving);
      expect(after).toEqual(before);
      expect(rewrites).toEqual([]);
    }),
  );
});
