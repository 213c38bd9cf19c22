import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../model/index.ts';
import { inferPolicies } from '../index.ts';
import { documents, evidenceOf, type Given, service, workload } from './evidence-builder.ts';
import { nameOfPeer, portWords } from './need.ts';

function needs(yaml: string, given: Given = {}): string[] {
  return inferPolicies(evidenceOf(yaml, given)).needs.map(
    (need) => `${nameOfPeer(need.from)} → ${nameOfPeer(need.to)} ${portWords(need)}`,
  );
}

const object = (apiVersion: string, kind: string, name: string, rest: JsonObject): string =>
  JSON.stringify({
    apiVersion,
    kind,
    metadata: { name, ...(rest['metadata'] as JsonObject) },
    spec: rest['spec'] ?? {},
  });
const istio = 'networking.istio.io/v1';
const route = (spec: JsonObject) => object(istio, 'VirtualService', 'web', { spec });
const gateway = (selector: JsonObject) => object(istio, 'Gateway', 'public', { spec: { selector } });
const to = (host: string, number?: number) => ({
  route: [{ destination: { host, ...(number === undefined ? {} : { port: { number } }) } }],
});
const plain = object('v1', 'Namespace', 'default', {});
const app = documents(workload({ name: 'web' }), service('web', { ports: [{ port: 80, targetPort: 8080 }] }), plain);

describe('gateways of a mesh', () => {
  it('bring requests to what their routes lead to, at the port of the pods', () => {
    const routes = route({ gateways: ['public', 'mesh'], http: [to('web', 80)] });
    const inferred = inferPolicies(evidenceOf(documents(app, routes, gateway({ istio: 'edge' }))));
    expect(inferred.policies.find(({ name }) => name === 'web')?.ingress[0]?.raw).toEqual({
      from: [{ namespaceSelector: {}, podSelector: { matchLabels: { istio: 'edge' } } }],
      ports: [{ protocol: 'TCP', port: 8080 }],
    });
    expect(inferred.uncalled).toEqual([]);
  });

  it('are those of the installation where they are not in the input, and what the user says where he does', () => {
    const routes = documents(app, route({ gateways: ['edge/other'], tcp: [to('web.default.svc.cluster.local')] }));
    expect(needs(routes)).toEqual(['gateway "other" → default/web TCP 8080']);
    const web = inferPolicies(evidenceOf(routes)).policies.find(({ name }) => name === 'web');
    expect(web?.ingress[0]?.raw['from']).toEqual([
      { namespaceSelector: {}, podSelector: { matchLabels: { istio: 'ingressgateway' } } },
    ]);
    expect(needs(routes, { answers: ['ingress=edge/app=proxy'] })).toEqual(['ingress → default/web TCP 8080']);
  });

  it('bring nothing for routes within the mesh, or to hosts elsewhere', () => {
    expect(needs(documents(app, route({ http: [to('web', 80)] })))).toEqual([]);
    expect(needs(documents(app, route({ gateways: ['mesh'], http: [to('web', 80)] })))).toEqual([]);
    expect(needs(documents(app, route({ gateways: ['public'], tls: [to('example.org')] })))).toEqual([]);
  });
});

describe('sidecars', () => {
  const marked = (labels: JsonObject, namespace: JsonObject = {}) =>
    documents(
      workload({ name: 'web', labels: { app: 'web', ...labels } as Record<string, string> }),
      object('v1', 'Namespace', 'default', { metadata: { labels: namespace } }),
    );
  const istiod = ['default/web → control plane of Istio TCP 15012'];

  it('ask their control plane, where the namespace or the pods have them', () => {
    expect(needs(marked({}, { 'istio-injection': 'enabled' }))).toEqual(istiod);
    expect(needs(marked({}, { 'istio.io/rev': 'stable' }))).toEqual(istiod);
    expect(needs(marked({ 'sidecar.istio.io/inject': 'true' }))).toEqual(istiod);
    expect(needs(marked({}, { 'linkerd.io/inject': 'enabled' }))).toEqual([
      'default/web → destination of Linkerd TCP 8086',
      'default/web → destination of Linkerd TCP 8090',
      'default/web → identity of Linkerd TCP 8080',
    ]);
  });

  it('are not there where it is said so, or where nothing speaks of them', () => {
    expect(needs(marked({ 'sidecar.istio.io/inject': 'false' }, { 'istio-injection': 'enabled' }))).toEqual([]);
    expect(needs(marked({}, { 'istio-injection': 'disabled' }))).toEqual([]);
    expect(needs(marked({}, { 'linkerd.io/inject': 'disabled' }))).toEqual([]);
    expect(needs(marked({}))).toEqual([]);
    expect(needs(workload({ name: 'web' }))).toEqual([]);
  });

  it('may be there where the namespace is not shown, and an object of the mesh stands in it', () => {
    const rule = object(istio, 'DestinationRule', 'web', {});
    expect(needs(documents(workload({ name: 'web' }), rule))).toEqual(istiod);
    expect(needs(documents(marked({}), rule))).toEqual([]);
  });
});
