import { afterEach, describe, expect, it } from 'vitest';
import { openPlaygroundFolder, type PlaygroundFolder } from '../../../test/kubernetes/playground-folder.ts';
import { createStyle } from '../../cli/style.ts';
import { renderWhy } from '../../cli/reporters/network/why.ts';
import type { JsonObject } from '../../model/index.ts';
import { answerWhy, type WhyAnswer } from './explain-connection.ts';

let cluster: PlaygroundFolder;
afterEach(() => cluster.close());

function deployment(namespace: string, name: string, container: JsonObject): JsonObject {
  const labels = { app: name };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace },
    spec: {
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name, image: 'a', ...container }] } },
    },
  };
}

function controller(namespace: string): JsonObject {
  const args = [`--controller-class=example.com/${namespace}`];
  return deployment(namespace, 'controller', { image: 'registry.k8s.io/ingress-nginx/controller:v1.13.3', args });
}

const ingressClass = (name: string): JsonObject => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'IngressClass',
  metadata: { name },
  spec: { controller: `example.com/${name}` },
});

const namespace = (name: string): JsonObject => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });

const fromPublic: JsonObject = {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name: 'from-public', namespace: 'shop' },
  spec: {
    podSelector: {},
    ingress: [{ from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'public' } } }] }],
  },
};

/** May the ingress controller call a workload whose Ingress is of this class? Only the namespace of the app is read, with what stands beside it. */
async function why(className: string): Promise<WhyAnswer> {
  const web = deployment('shop', 'web', { ports: [{ containerPort: 8080 }] });
  const service = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web', namespace: 'shop' },
    spec: { selector: { app: 'web' }, ports: [{ port: 80, targetPort: 8080 }] },
  };
  const ingress = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name: 'web', namespace: 'shop' },
    spec: { ingressClassName: className, defaultBackend: { service: { name: 'web', port: { number: 80 } } } },
  };
  const all = ['shop', 'public', 'inner'].map(namespace);
  const classes = ['public', 'inner'].map(ingressClass);
  cluster = await openPlaygroundFolder([
    ...all,
    ...classes,
    controller('public'),
    controller('inner'),
    web,
    service,
    ingress,
    fromPublic,
  ]);
  const { kubeconfig } = cluster;
  return await answerWhy(
    {
      reading: {
        inputs: [],
        values: [],
        set: [],
        allowRemote: false,
        maxFileBytes: 1 << 20,
        cluster: { context: '.', kubeconfig, namespaces: ['shop'], allNamespaces: false, concurrency: 4 },
      },
      from: 'ingress-controller',
      to: 'web',
      port: '8080',
    },
    { stdin: () => Promise.resolve(new Uint8Array()), environment: {}, today: '2026-11-29', progress: () => undefined },
  );
}

describe('why the ingress controller reaches a workload of a cluster', () => {
  it('is about the one that serves its class, also where that runs in a namespace that was not asked for', async () => {
    const answer = await why('public');
    expect(answer).toMatchObject({
      verdict: 'allowed',
      served: [{ by: 'Ingress shop/web', bringers: ['public/controller'], isSure: true }],
    });
    expect(renderWhy(answer, { style: createStyle(false), width: 120, showAll: false })).toContain(
      'Ingress shop/web asks for class "public" (example.com/public): served by public/controller',
    );
  });

  it('is no where the policies name another one', async () => {
    expect(await why('inner')).toMatchObject({
      verdict: 'denied',
      served: [{ bringers: ['inner/controller'], isSure: true }],
    });
  });

  it('is not known where nobody tells who serves it', async () => {
    const answer = await why('gone');
    expect(answer).toMatchObject({
      verdict: 'unknown',
      differs: false,
      served: [{ bringers: ['inner/controller', 'public/controller'], isSure: false }],
    });
  });
});
