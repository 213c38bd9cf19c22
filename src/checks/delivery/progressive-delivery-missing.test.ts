import { describe, expect, it } from 'vitest';
import { runOnText } from '../run-on-text.ts';
import { progressiveDeliveryMissing } from './progressive-delivery-missing.ts';

function web(kind = 'Deployment', image = 'registry.example.com/web:1.2.3'): string {
  return `apiVersion: apps/v1
kind: ${kind}
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: "${image}"}]}
`;
}

const service = `---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{port: 80}]}
`;

function httpRoute(...backends: string[]): string {
  return `---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: web}
spec: {rules: [{matches: []}, {backendRefs: [${backends.join(', ')}]}]}
`;
}

const virtualService = (route: string) => `---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: web}
spec: {http: [{route: ${route}}]}
`;

const release = (kind: string, field: string, name: string, namespace = 'default') => `---
apiVersion: ${kind === 'Canary' ? 'flagger.app/v1beta1' : 'argoproj.io/v1alpha1'}
kind: ${kind}
metadata: {name: web, namespace: ${namespace}}
spec: {${field}: {apiVersion: apps/v1, kind: Deployment, name: ${name}}}
`;

describe('a new version meets all users at once', () => {
  it.each([
    ['behind a Service', ''],
    ['behind a route with one backend, whatever its weight', httpRoute('{name: web, weight: 1}')],
    ['behind a virtual service with one destination', virtualService('[{destination: {host: web}, weight: 100}]')],
    ['beside a route that shares the traffic of another Service', httpRoute('{name: api}', '{name: api-next}')],
    ['beside a subset of another Service', virtualService('[{destination: {host: api, subset: v1}}]')],
    ['beside the canary of another', release('Canary', 'targetRef', 'api')],
    ['beside a canary in another namespace', release('Canary', 'targetRef', 'web', 'shop')],
    ['beside the rollout of another', release('Rollout', 'workloadRef', 'api')],
  ])('%s', (_, more) => {
    const { findings } = runOnText(progressiveDeliveryMissing, web() + service + more);
    expect(findings).toEqual([expect.objectContaining({ verdict: 'fail', path: '/spec/strategy' })]);
  });
});

describe('a new version meets a few users first', () => {
  it.each([
    ['with a Flagger Canary', release('Canary', 'targetRef', 'web')],
    ['with an Argo Rollout that refers to it', release('Rollout', 'workloadRef', 'web')],
    ['with a route that shares', httpRoute('{name: web, weight: 90}', '{name: web-next, weight: 10}')],
    ['with a share of 0 to begin with', httpRoute('{name: web, weight: 1}', '{name: web-next, weight: 0}')],
    [
      'with a virtual service that shares',
      virtualService('[{destination: {host: web}}, {destination: {host: web-next}}]'),
    ],
    ['with a virtual service that leads to one version', virtualService('[{destination: {host: web, subset: v1}}]')],
    [
      'with a virtual service that names the host in full',
      virtualService('[{destination: {host: web.default.svc.cluster.local, subset: v1}}]'),
    ],
  ])('%s', (_, more) => {
    expect(runOnText(progressiveDeliveryMissing, web() + service + more).outcome).toBe('pass');
  });
});

describe('the question is not asked', () => {
  it.each([
    ['of what no Service calls', web()],
    ['of a DaemonSet', web('DaemonSet') + service],
    ['of a database', web('Deployment', 'postgres:17') + service],
  ])('%s', (_, text) => {
    expect(runOnText(progressiveDeliveryMissing, text).outcome).toBe('not-applicable');
  });
});
