import { describe, expect, it } from 'vitest';
import { runOnText } from '../run-on-text.ts';
import { routeBackendMissing } from './route-backend-missing.ts';
import { serviceTargetPortMissing } from './service-target-port-missing.ts';

const service = (ports: string, more = 'selector: {app: web}') => `apiVersion: v1
kind: Service
metadata: {name: web}
spec: {${more}, ports: ${ports}}
`;

function pod(ports: string, init = '[]'): string {
  return `---
apiVersion: v1
kind: Pod
metadata: {name: web, labels: {app: web}}
spec:
  initContainers: ${init}
  containers: [{name: web, image: web, ports: ${ports}}, {name: log, image: log}]
`;
}

const ingress = (port: string) => `---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web}
spec: {defaultBackend: {service: {name: web, port: ${port}}}}
`;

const oldIngress = (port: string) => `---
apiVersion: networking.k8s.io/v1beta1
kind: Ingress
metadata: {name: web}
spec: {backend: {serviceName: web, servicePort: ${port}}}
`;

const httpRoute = (port: string) => `---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: web}
spec: {rules: [{backendRefs: [{name: web${port}}]}, {backendRefs: [{group: example.com, kind: Lambda, name: gone}]}]}
`;

describe('a port of a Service', () => {
  const declared = '[{name: http, containerPort: 8080}, {name: dns, containerPort: 53, protocol: UDP}]';

  it.each([
    ['{port: 80, targetPort: http}', declared],
    ['{port: 80, targetPort: 8080}', declared],
    ['{port: 8080}', declared],
    ['{port: 80, targetPort: "8080"}', declared],
    ['{port: 53, targetPort: dns, protocol: UDP}', declared],
    ['{port: 80, targetPort: 9090}', '[]'],
  ])('%s leads to %s', (port, ports) => {
    expect(runOnText(serviceTargetPortMissing, service(`[${port}]`) + pod(ports)).findings).toEqual([]);
  });

  it.each([
    ['{port: 80, targetPort: web}', declared, 'TCP port named "web"'],
    ['{port: 80, targetPort: web}', '[]', 'TCP port named "web"'],
    ['{port: 53, targetPort: dns}', declared, 'TCP port named "dns"'],
    ['{port: 80, targetPort: h2}', declared, 'TCP port named "h2"'],
    ['{port: 80, targetPort: 2h}', declared, 'TCP port named "2h"'],
    ['{port: 80, targetPort: 9090}', declared, 'port 9090'],
    ['{port: 80}', declared, 'port 80'],
  ])('%s does not lead to %s', (port, ports, words) => {
    expect(runOnText(serviceTargetPortMissing, service(`[${port}]`) + pod(ports)).findings).toEqual([
      expect.objectContaining({
        path: port.includes('targetPort') ? '/spec/ports/0/targetPort' : '/spec/ports/0/port',
        severity: words.includes('named') ? 'high' : 'medium',
        message: expect.stringContaining(words),
        evidence: ports === '[]' ? 'declared: none' : 'declared: http 8080/TCP, dns 53/UDP',
      }),
    ]);
  });

  it('by number means nothing where the name of the Service leads to the pods themselves', () => {
    const headless = (port: string) => service(`[${port}]`, 'clusterIP: None, selector: {app: web}') + pod(declared);
    expect(runOnText(serviceTargetPortMissing, headless('{name: peers, port: 7000}')).outcome).toBe('pass');
    expect(runOnText(serviceTargetPortMissing, headless('{port: 80, targetPort: web}')).outcome).toBe('fail');
  });

  it('is found on a sidecar, not on an init container, which has ended', () => {
    const init = (policy: string) => `[{name: proxy, image: proxy, ports: [{name: proxy, containerPort: 1}]${policy}}]`;
    const outcome = (policy: string) =>
      runOnText(serviceTargetPortMissing, service('[{port: 80, targetPort: proxy}]') + pod('[]', init(policy))).outcome;
    expect(outcome(', restartPolicy: Always')).toBe('pass');
    expect(outcome('')).toBe('fail');
  });

  it('is not judged where the pods are not in the input', () => {
    expect(runOnText(serviceTargetPortMissing, service('[{port: 80}]')).outcome).toBe('not-applicable');
  });
});

describe('a backend', () => {
  const ports = '[{name: http, port: 80}, {name: admin, port: 8081}]';

  it.each([
    ['an Ingress by number', ingress('{number: 8081}')],
    ['an Ingress by name', ingress('{name: admin}')],
    ['an old Ingress by a number as text', oldIngress('"8081"')],
    ['a route by number', httpRoute(', port: 80')],
    ['a route without a port', httpRoute('')],
  ])('of %s is served', (_, route) => {
    expect(runOnText(routeBackendMissing, service(ports) + route).outcome).toBe('pass');
  });

  it.each([
    ['an Ingress by number', ingress('{number: 81}'), 'port 81 of Service "web"'],
    ['an Ingress by name', ingress('{name: web}'), 'port web of Service "web"'],
    ['a route by number', httpRoute(', port: 81'), 'port 81 of Service "web"'],
  ])('of %s is not served', (_, route, words) => {
    expect(runOnText(routeBackendMissing, service(ports) + route).findings).toEqual([
      expect.objectContaining({ message: expect.stringContaining(words) }),
    ]);
  });

  it('is missing with its Service', () => {
    expect(runOnText(routeBackendMissing, ingress('{number: 80}')).findings).toEqual([
      expect.objectContaining({ message: expect.stringContaining('Service "web", which is not in the input') }),
    ]);
  });

  it('may be any port of an ExternalName', () => {
    const external = service('[]', 'type: ExternalName, externalName: shop.example.com');
    expect(runOnText(routeBackendMissing, external + ingress('{number: 443}')).outcome).toBe('pass');
  });

  it('is not what other references name', () => {
    const statefulSet = `---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db}
spec:
  serviceName: gone
  selector: {matchLabels: {app: db}}
  template: {metadata: {labels: {app: db}}, spec: {containers: [{name: db, image: db}]}}
`;
    expect(runOnText(routeBackendMissing, service(ports) + statefulSet).outcome).toBe('not-applicable');
  });
});
