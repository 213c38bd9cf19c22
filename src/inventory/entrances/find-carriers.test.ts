import { describe, expect, it } from 'vitest';
import { clusterOf, document, program, type ProgramWords } from '../../../test/kubernetes/cluster-snapshot.ts';
import type { KubeObject } from '../../model/index.ts';
import { createInventory } from '../inventory.ts';
import { type Carrier, carriageOf } from './find-carriers.ts';

const nginxImage = 'registry.k8s.io/ingress-nginx/controller:v1.13.3';

function nginx(namespace: string, args: readonly string[] = []): string {
  return program(nginxImage, { kind: 'Deployment', name: 'controller', namespace, args });
}

function runs(image: string | readonly string[], words: ProgramWords): string {
  return program(image, { kind: 'Deployment', ...words });
}

function ingressClass(name: string, controller: string, isDefault = false): string {
  const annotations = { 'ingressclass.kubernetes.io/is-default-class': String(isDefault) };
  return document({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'IngressClass',
    metadata: { name, annotations },
    spec: { controller },
  });
}

interface Asks {
  readonly className?: string;
  readonly annotation?: string;
  readonly namespace?: string;
}

function ingress({ className, annotation, namespace = 'shop' }: Asks): string {
  const annotations = annotation === undefined ? {} : { 'kubernetes.io/ingress.class': annotation };
  return document({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name: 'web', namespace, annotations },
    spec: { ...(className === undefined ? {} : { ingressClassName: className }), defaultBackend: {} },
  });
}

function words(carrier: Carrier): string {
  if (carrier.kind === 'workload') return `${carrier.object.namespace}/${carrier.object.name}`;
  return carrier.kind === 'pods' ? `pods ${JSON.stringify(carrier.labels)}` : `${carrier.kind} (${carrier.name})`;
}

/** Who brings the requests, in order, with a question mark where that is not sure. */
function bringers(text: string, kind = 'Ingress'): string[] {
  const inventory = createInventory(clusterOf(text));
  const object = inventory.objects.find((each: KubeObject) => each.kind === kind);
  if (object === undefined) throw new Error(`no ${kind}`);
  const { carriers, isSure } = carriageOf(inventory, object);
  return carriers.map((carrier) => words(carrier) + (isSure ? '' : '?')).toSorted();
}

describe('two controllers of one program', () => {
  const two =
    nginx('internal', ['--controller-class=example.com/internal', '--ingress-class=internal']) +
    nginx('external', ['--controller-class=k8s.io/ingress-nginx']) +
    ingressClass('internal', 'example.com/internal') +
    ingressClass('nginx', 'k8s.io/ingress-nginx');

  it('each serve the class that names their controller, whatever the class is called', () => {
    expect(bringers(two + ingress({ className: 'internal' }))).toEqual(['internal/controller']);
    expect(bringers(two + ingress({ className: 'nginx' }))).toEqual(['external/controller']);
    const swapped =
      ingressClass('nginx', 'example.com/internal') + nginx('internal', ['--controller-class', 'example.com/internal']);
    expect(bringers(swapped + nginx('external') + ingress({ className: 'nginx' }))).toEqual(['internal/controller']);
  });

  it('go by the name of the class where the former annotation asks', () => {
    expect(bringers(two + ingress({ annotation: 'internal' }))).toEqual(['internal/controller']);
    expect(bringers(two + ingress({ annotation: 'nginx' }))).toEqual(['external/controller']);
    expect(bringers(two + ingress({ annotation: 'another' }))).toEqual([]);
  });

  it('share a class where both are left as they come', () => {
    const same = nginx('a') + nginx('b') + ingressClass('nginx', 'k8s.io/ingress-nginx');
    expect(bringers(same + ingress({ className: 'nginx' }))).toEqual(['a/controller', 'b/controller']);
  });

  it('are asked for by the default class where an Ingress names none', () => {
    const standard = two + ingressClass('other', 'example.com/internal', true);
    expect(bringers(standard + ingress({}))).toEqual(['internal/controller']);
    expect(bringers(two + ingress({}))).toEqual(['external/controller?', 'internal/controller?']);
    const classless = nginx('any', ['--watch-ingress-without-class']);
    expect(bringers(two + classless + ingress({}))).toEqual(['any/controller']);
  });

  it('serve the namespaces that they watch', () => {
    const narrow = nginx('a', ['--watch-namespace=team']) + nginx('b') + ingressClass('nginx', 'k8s.io/ingress-nginx');
    expect(bringers(narrow + ingress({ className: 'nginx' }))).toEqual(['b/controller']);
    expect(bringers(narrow + ingress({ className: 'nginx', namespace: 'team' }))).toEqual([
      'a/controller',
      'b/controller',
    ]);
  });

  it('are both kept, and called unsure, where the class or a flag is not seen', () => {
    expect(bringers(nginx('a') + nginx('b', ['--ingress-class=b']) + ingress({ className: 'x' }))).toEqual([
      'a/controller?',
      'b/controller?',
    ]);
    const hidden =
      nginx('a', ['--controller-class=$(CLASS)']) + nginx('b') + ingressClass('nginx', 'k8s.io/ingress-nginx');
    expect(bringers(hidden + ingress({ className: 'nginx' }))).toEqual(['a/controller?', 'b/controller?']);
  });
});

describe('controllers of several kinds', () => {
  const all =
    nginx('nginx') +
    runs('docker.io/traefik:v3.6', {
      namespace: 'traefik',
      args: ['--providers.kubernetesIngress.ingressClass=edge'],
    }) +
    runs('haproxytech/kubernetes-ingress:3.1', { namespace: 'haproxy', args: ['--ingress.class=prod'] }) +
    runs('ghcr.io/projectcontour/contour:v1.33', { namespace: 'contour', name: 'contour' }) +
    runs('envoyproxy/envoy:v1.35', { namespace: 'contour', name: 'envoy' }) +
    runs(['kong/kubernetes-ingress-controller:3.5', 'kong:3.9'], { namespace: 'kong', name: 'kong' }) +
    runs('amazon/aws-load-balancer-controller:v2.13', { namespace: 'kube-system', name: 'aws' }) +
    runs('team/own-nginx:1', { namespace: 'own', args: ['--ingress-class=own'] });

  it.each([
    ['nginx', 'k8s.io/ingress-nginx', ['nginx/controller']],
    ['edge', 'traefik.io/ingress-controller', ['traefik/program']],
    ['h', 'haproxy.org/ingress-controller/prod', ['haproxy/program']],
    ['contour', 'projectcontour.io/ingress-controller', ['contour/envoy']],
    ['kong', 'ingress-controllers.konghq.com/kong', ['kong/kong']],
    ['alb', 'ingress.k8s.aws/alb', ['outside (AWS Load Balancer Controller)']],
    ['gce', 'networking.gke.io/gce', ['outside (Google Cloud load balancer)']],
    ['c', 'cilium.io/ingress-controller', ['nodes (Cilium)']],
    ['own', 'example.com/own', ['own/program']],
    ['i', 'istio.io/ingress-controller', ['pods {"istio":"ingressgateway"}?']],
    // Somebody else's class of a known kind, and a kind that nobody knows.
    ['h', 'haproxy.org/ingress-controller/other', ['pods {"app.kubernetes.io/name":"kubernetes-ingress"}?']],
    ['x', 'example.com/x', []],
  ])('class %s of %s', (name, controller, expected) => {
    expect(bringers(all + ingressClass(name, controller) + ingress({ className: name }))).toEqual(expected);
  });

  it("are told by Traefik's own switches, which may lie in a file", () => {
    const traefik = (args: readonly string[]): string => runs('traefik:v3', { namespace: 't', args });
    const asked = ingressClass('traefik', 'traefik.io/ingress-controller') + ingress({ className: 'traefik' });
    expect(bringers(traefik(['--providers.kubernetesingress']) + asked)).toEqual(['t/program']);
    expect(bringers(traefik(['--configFile=/etc/traefik.yaml']) + asked)).toEqual(['t/program?']);
    const off = traefik(['--providers.kubernetescrd']);
    expect(bringers(off + nginx('n') + asked)).toEqual(['pods {"app.kubernetes.io/name":"traefik"}?']);
    expect(bringers(traefik(['--providers.kubernetesingress']) + ingress({}))).toEqual(['t/program']);
  });
});

describe('gateways', () => {
  const route = (parent: object, status: object = {}): string =>
    document({
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'HTTPRoute',
      metadata: { name: 'web', namespace: 'shop' },
      spec: { parentRefs: [parent] },
      status,
    });
  const gateway = (name: string, namespace: string, className: string): string =>
    document({
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'Gateway',
      metadata: { name, namespace },
      spec: { gatewayClassName: className },
    });
  const gatewayClass = (name: string, controllerName: string): string =>
    document({
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'GatewayClass',
      metadata: { name },
      spec: { controllerName },
    });
  const proxy = (name: string, namespace: string, labels: object): string =>
    document({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name, namespace },
      spec: { template: { metadata: { labels }, spec: { containers: [{ name: 'p', image: 'auto' }] } } },
    });
  const made = (name: string): object => ({ 'gateway.networking.k8s.io/gateway-name': name });
  const led = (text: string): string[] => bringers(text, 'HTTPRoute');

  it('have pods of their own, in their own namespace', () => {
    const pods =
      proxy('a', 'edge', made('public')) + proxy('b', 'other', made('public')) + proxy('c', 'edge', made('private'));
    const text = pods + gateway('public', 'edge', 'istio') + gatewayClass('istio', 'istio.io/gateway-controller');
    expect(led(text + route({ name: 'public', namespace: 'edge' }))).toEqual(['edge/a']);
    expect(led(text + route({ name: 'private', namespace: 'edge' }))).toEqual(['edge/c']);
  });

  it('have pods elsewhere with Envoy Gateway, one set for each or one for the class', () => {
    const owning = (name: string): object => ({
      'gateway.envoyproxy.io/owning-gateway-name': name,
      'gateway.envoyproxy.io/owning-gateway-namespace': 'edge',
    });
    const text =
      proxy('envoy-a', 'envoy-gateway-system', owning('a')) +
      proxy('envoy-b', 'envoy-gateway-system', owning('b')) +
      proxy('merged', 'envoy-gateway-system', { 'gateway.envoyproxy.io/owning-gatewayclass': 'one' }) +
      gateway('m', 'edge', 'one');
    expect(led(text + route({ name: 'b', namespace: 'edge' }))).toEqual(['envoy-gateway-system/envoy-b']);
    expect(led(text + route({ name: 'm', namespace: 'edge' }))).toEqual(['envoy-gateway-system/merged']);
  });

  it('are their controller with Traefik, a load balancer with GKE, a proxy of the nodes with Cilium', () => {
    const text = gateway('g', 'shop', 'c') + route({ name: 'g' });
    const traefik = runs('traefik:v3', { namespace: 'traefik', args: ['--providers.kubernetesgateway'] });
    expect(led(text + traefik + gatewayClass('c', 'traefik.io/gateway-controller'))).toEqual(['traefik/program']);
    expect(led(text + traefik + gatewayClass('c', 'networking.gke.io/gateway'))).toEqual([
      'outside (Google Cloud load balancer)',
    ]);
    expect(led(text + traefik + gatewayClass('c', 'io.cilium/gateway-controller'))).toEqual(['nodes (Cilium)']);
  });

  it('are told by the status of the route where they may not be read, and guessed where nothing tells', () => {
    const status = {
      parents: [{ parentRef: { name: 'g', namespace: 'infra' }, controllerName: 'traefik.io/gateway-controller' }],
    };
    const traefik = runs('traefik:v3', { namespace: 'traefik' });
    expect(led(traefik + route({ name: 'g', namespace: 'infra' }, status))).toEqual(['traefik/program']);
    expect(led(traefik + route({ name: 'g', namespace: 'infra' }))).toEqual([
      'pods {"gateway.networking.k8s.io/gateway-name":"g"}?',
    ]);
  });

  it('are found behind a set of listeners', () => {
    const set = document({
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'ListenerSet',
      metadata: { name: 'l', namespace: 'shop' },
      spec: { parentRef: { name: 'public', namespace: 'edge' } },
    });
    expect(led(set + proxy('a', 'edge', made('public')) + route({ kind: 'ListenerSet', name: 'l' }))).toEqual([
      'edge/a',
    ]);
  });

  it('are none for a route between Services', () => {
    expect(led(proxy('a', 'shop', made('web')) + route({ kind: 'Service', group: '', name: 'web' }))).toEqual([]);
  });
});
