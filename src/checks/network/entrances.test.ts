import { describe, expect, it } from 'vitest';
import type { Check } from '../check.ts';
import { runOnText } from '../run-on-text.ts';
import { gatewayWithoutTls } from './gateway-without-tls.ts';
import { ingressClassMissing } from './ingress-class-missing.ts';
import { ingressHostMissing } from './ingress-host-missing.ts';
import { ingressNginxRetired } from './ingress-nginx-retired.ts';
import { ingressPathConflict } from './ingress-path-conflict.ts';
import { ingressWithoutTls } from './ingress-without-tls.ts';
import { loadBalancerOpen } from './load-balancer-open.ts';
import { meshGatewayWithoutTls } from './mesh-gateway-without-tls.ts';
import { meshMtlsNotStrict } from './mesh-mtls-not-strict.ts';

const object = (apiVersion: string, kind: string, spec: string, metadata = 'name: web') => `---
apiVersion: ${apiVersion}
kind: ${kind}
metadata: {${metadata}}
spec: {${spec}}
`;
const ingress = (spec: string, metadata?: string) => object('networking.k8s.io/v1', 'Ingress', spec, metadata);
const outcome = (check: Check, text: string) => runOnText(check, text).outcome;
const findings = (check: Check, text: string) => runOnText(check, text).findings;

describe('a load balancer', () => {
  const balancer = (annotations: string, more = '') =>
    object('v1', 'Service', `type: LoadBalancer${more}`, `name: web, annotations: {${annotations}}`);

  it.each([
    ['networking.gke.io/load-balancer-type: Internal'],
    ['service.beta.kubernetes.io/azure-load-balancer-internal: "true"'],
    ['service.beta.kubernetes.io/aws-load-balancer-scheme: internal'],
    ['service.beta.kubernetes.io/load-balancer-source-ranges: "10.0.0.0/8, 192.0.2.0/24"'],
    ['service.beta.kubernetes.io/azure-allowed-ip-ranges: 192.0.2.0/24'],
  ])('with %s is not open', (annotations) => {
    expect(outcome(loadBalancerOpen, balancer(annotations))).toBe('pass');
  });

  it.each([
    ['service.beta.kubernetes.io/azure-load-balancer-internal: "false"'],
    ['service.beta.kubernetes.io/aws-load-balancer-scheme: internet-facing'],
    ['service.beta.kubernetes.io/aws-load-balancer-type: external'],
    ['service.beta.kubernetes.io/load-balancer-source-ranges: "10.0.0.0/8, 0.0.0.0/0"'],
    ['service.beta.kubernetes.io/load-balancer-source-ranges: ""'],
  ])('with %s is open', (annotations) => {
    expect(outcome(loadBalancerOpen, balancer(annotations))).toBe('fail');
  });

  it.each([
    ['[192.0.2.0/24]', 'pass'],
    ['[]', 'fail'],
    ['[192.0.2.0/24, 0.0.0.0/0]', 'fail'],
    ['["::/0"]', 'fail'],
    ['[10.0.0.0/8]', 'pass'],
  ])('that admits %s: %s', (ranges, verdict) => {
    expect(outcome(loadBalancerOpen, balancer('', `, loadBalancerSourceRanges: ${ranges}`))).toBe(verdict);
  });

  it('is no other Service', () => {
    expect(outcome(loadBalancerOpen, object('v1', 'Service', 'type: ClusterIP'))).toBe('not-applicable');
  });
});

describe('TLS of an Ingress', () => {
  const hosts = (...names: string[]) => names.map((host) => `{host: "${host}"}`).join(', ');

  it.each([
    ['{hosts: [shop.example.com]}', hosts('shop.example.com'), 0],
    ['{hosts: [shop.example.com]}', hosts('api.example.com'), 1],
    ['{hosts: ["*.example.com"]}', hosts('shop.example.com', 'api.example.com'), 0],
    ['{hosts: ["*.example.com"]}', hosts('shop.example.org', 'a.b.example.com', 'example.com'), 3],
    ['{hosts: [a.example.com]}', hosts('b.example.com'), 1],
    ['{hosts: [a.example.org, shop.example.com]}', hosts('shop.example.com'), 0],
    ['{secretName: web}', hosts('shop.example.com'), 0],
    ['{hosts: [a.example.com]}, {secretName: web}', hosts('shop.example.com'), 0],
    ['{hosts: [a.example.com]}', '{http: {paths: []}}', 0],
  ])('%s for %s leaves %i hosts open', (tls, rules, count) => {
    expect(findings(ingressWithoutTls, ingress(`tls: [${tls}], rules: [${rules}]`))).toHaveLength(count);
  });

  it('that is not there is one finding, whatever the hosts', () => {
    expect(findings(ingressWithoutTls, ingress(`rules: [${hosts('a.example.com', 'b.example.com')}]`))).toEqual([
      expect.objectContaining({ path: '/spec/tls', evidence: 'tls is not set' }),
    ]);
  });
});

describe('the class of an Ingress', () => {
  const annotated = (annotation: string) => ingress('rules: []', `name: web, annotations: {${annotation}}`);

  it('may stand in the former annotation', () => {
    expect(outcome(ingressClassMissing, ingress('ingressClassName: alb'))).toBe('pass');
    expect(outcome(ingressClassMissing, annotated('kubernetes.io/ingress.class: alb'))).toBe('pass');
    expect(outcome(ingressClassMissing, ingress('rules: []'))).toBe('fail');
  });

  it.each([
    [ingress('ingressClassName: nginx'), '/spec/ingressClassName', 'the class is nginx'],
    [annotated('kubernetes.io/ingress.class: nginx'), '/spec/ingressClassName', 'the class is nginx'],
    [
      annotated('nginx.ingress.kubernetes.io/rewrite-target: /'),
      '/metadata/annotations/nginx.ingress.kubernetes.io~1rewrite-target',
      'annotation nginx.ingress.kubernetes.io/rewrite-target',
    ],
  ])('shows ingress-nginx: %s', (text, path, evidence) => {
    expect(findings(ingressNginxRetired, text)).toEqual([expect.objectContaining({ path, evidence })]);
  });

  it('may be another', () => {
    expect(outcome(ingressNginxRetired, ingress('ingressClassName: traefik'))).toBe('pass');
    expect(outcome(ingressNginxRetired, annotated('example.com/nginx.ingress.kubernetes.io: x'))).toBe('pass');
  });
});

describe('hosts and paths of Ingresses', () => {
  const claims = (name: string, rules: string, ingressClass = 'alb') =>
    ingress(`ingressClassName: ${ingressClass}, rules: [${rules}]`, `name: ${name}`);
  const rule = (host: string, path: string) => `{${host}http: {paths: [{path: ${path}, pathType: Prefix}]}}`;

  it.each([
    ['the same path', rule('', '/'), rule('', '/'), 1],
    ['the same path of a host', rule('host: a, ', '/x'), rule('host: a, ', '/x'), 1],
    ['another path', rule('', '/'), rule('', '/x'), 0],
    ['another host', rule('host: a, ', '/'), rule('host: b, ', '/'), 0],
    ['a host and all others', rule('host: a, ', '/'), rule('', '/'), 0],
    ['another type', rule('', '/'), rule('', '/').replace('Prefix', 'Exact'), 0],
  ])('with %s conflict or not', (_, one, two, count) => {
    expect(findings(ingressPathConflict, claims('a', one) + claims('b', two))).toHaveLength(count);
  });

  it('of another class do not conflict', () => {
    expect(outcome(ingressPathConflict, claims('a', rule('', '/')) + claims('b', rule('', '/'), 'nlb'))).toBe('pass');
    expect(outcome(ingressPathConflict, claims('a', rule('', '/')))).toBe('not-applicable');
  });

  it('conflict with the first that has them', () => {
    const three = ['a', 'b', 'c'].map((name) => claims(name, rule('', '/'))).join('');
    expect(findings(ingressPathConflict, three).map(({ message }) => message)).toEqual([
      expect.stringMatching(/^Ingress "b" .* that "a" already has/),
      expect.stringMatching(/^Ingress "c" .* that "a" already has/),
    ]);
  });

  it('of everybody are no host', () => {
    expect(outcome(ingressHostMissing, ingress('rules: [{host: "*"}]'))).toBe('fail');
    expect(outcome(ingressHostMissing, ingress('rules: [{host: ""}]'))).toBe('fail');
    expect(outcome(ingressHostMissing, ingress('rules: [{host: shop.example.com}]'))).toBe('pass');
  });
});

describe('gateways and meshes', () => {
  const gateway = (...protocols: string[]) =>
    object(
      'gateway.networking.k8s.io/v1',
      'Gateway',
      `gatewayClassName: c, listeners: [${protocols.map((protocol) => `{name: l, port: 1, protocol: ${protocol}}`).join(', ')}]`,
    );

  it.each([
    [['HTTP'], 'fail'],
    [['HTTP', 'TCP'], 'fail'],
    [['HTTP', 'HTTPS'], 'pass'],
    [['TCP'], 'pass'],
    [['HTTPS'], 'pass'],
  ])('a Gateway with %j: %s', (protocols, verdict) => {
    expect(outcome(gatewayWithoutTls, gateway(...protocols))).toBe(verdict);
  });

  it.each([
    ['{port: {protocol: http}}', 'fail'],
    ['{port: {protocol: HTTP}, tls: {httpsRedirect: true}}', 'pass'],
    ['{port: {protocol: HTTPS}}', 'pass'],
    ['{port: {}}', 'pass'],
  ])('a server %s of a mesh gateway: %s', (server, verdict) => {
    const text = object('networking.istio.io/v1', 'Gateway', `servers: [${server}]`);
    expect(outcome(meshGatewayWithoutTls, text)).toBe(verdict);
  });

  it.each([
    ['PERMISSIVE', 'fail'],
    ['DISABLE', 'fail'],
    ['STRICT', 'pass'],
    ['UNSET', 'pass'],
  ])('mutual TLS %s: %s', (mode, verdict) => {
    const text = object('security.istio.io/v1', 'PeerAuthentication', `mtls: {mode: ${mode}}`);
    expect(outcome(meshMtlsNotStrict, text)).toBe(verdict);
  });
});
