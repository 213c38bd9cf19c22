// Controllers that serve Ingresses and Gateways: how they are recognised, how each is told its classes, and whose pods carry the requests.

import type { Labels } from '../workload.ts';

/** How a program is told what to serve. Flags without their dashes, in lower case. */
export interface ClassSettings {
  /** What decides for an Ingress that names an IngressClass: its `spec.controller`, its name, or both of them. */
  readonly decidedBy: 'controller' | 'name' | 'both';
  /** Flags with the class's name. */
  readonly nameFlags: readonly string[];
  readonly nameVariable?: string;
  /** Class that is served where the flags name none. */
  readonly name: string;
  /** Flag with `spec.controller`, or with what comes behind it and a slash. */
  readonly controllerFlag?: { readonly name: string; readonly holds: 'all' | 'end' };
  /** `spec.controller` that is served where the flags say nothing. */
  readonly controller: string;
  /** Ingresses without any class: served where a flag says so, or where no flag names a class. */
  readonly classless?: { readonly flag: string } | 'without-name';
  /** Flags with the only namespaces that are watched, by commas. */
  readonly namespaceFlags?: readonly string[];
  /** Start of the flags that turn its sources on: without any of them it is told in a file, which nobody sees here. */
  readonly sources?: { readonly any: string; readonly ingress: string };
}

/** Whose connections arrive at the pods. */
export type CarriedBy =
  /** The controller's own pods. */
  | 'program'
  /** Pods beside it: by image, in the same namespace; or by labels, anywhere. */
  | { readonly image: RegExp }
  | { readonly labels: Labels }
  /** A proxy of each node. */
  | 'nodes'
  /** A load balancer outside of the cluster. */
  | 'outside';

export interface KnownController {
  readonly name: string;
  /** Tested against the repository without its registry; absent where no program of the cluster is asked. */
  readonly image?: RegExp;
  /** Matches `spec.controller` of its IngressClasses. */
  readonly ingress?: RegExp;
  /** Matches `spec.controllerName` of its GatewayClasses. */
  readonly gateway?: RegExp;
  readonly settings?: ClassSettings;
  readonly carriedBy: CarriedBy;
  /** Labels of the carrying pods as the usual chart gives them, for where none is seen. */
  readonly usual?: Labels;
  /** Values of the former annotation, where no setting says them. */
  readonly annotations?: readonly string[];
}

const named = (name: string): Labels => ({ 'app.kubernetes.io/name': name });

/** Sources: the manuals and flags of each project, as of 2025. */
export const knownControllers: readonly KnownController[] = [
  {
    name: 'ingress-nginx',
    image: /(?:^|\/)(?:ingress-nginx|nginx-ingress)-controller$|ingress-nginx\/controller(?:-chroot)?$/,
    ingress: /^k8s\.io\/ingress-nginx|^webapprouting\.kubernetes\.azure\.com\/nginx/,
    settings: {
      decidedBy: 'controller',
      nameFlags: ['ingress-class'],
      name: 'nginx',
      controllerFlag: { name: 'controller-class', holds: 'all' },
      controller: 'k8s.io/ingress-nginx',
      classless: { flag: 'watch-ingress-without-class' },
      namespaceFlags: ['watch-namespace'],
    },
    carriedBy: 'program',
    usual: named('ingress-nginx'),
  },
  {
    name: 'NGINX Ingress Controller (F5)',
    image: /(?:^|\/)nginx\/nginx-ingress$|^nginx-ic\//,
    ingress: /^nginx\.org\/ingress-controller/,
    settings: {
      decidedBy: 'both',
      nameFlags: ['ingress-class'],
      name: 'nginx',
      controller: 'nginx.org/ingress-controller',
      namespaceFlags: ['watch-namespace'],
    },
    carriedBy: 'program',
    usual: named('nginx-ingress'),
  },
  {
    name: 'Traefik',
    image: /(?:^|\/)(?:mirrored-library-)?traefik$/,
    ingress: /^traefik\.io\/ingress-controller/,
    gateway: /^traefik\.io\/gateway-controller/,
    settings: {
      decidedBy: 'both',
      nameFlags: ['providers.kubernetesingress.ingressclass'],
      nameVariable: 'TRAEFIK_PROVIDERS_KUBERNETESINGRESS_INGRESSCLASS',
      name: 'traefik',
      controller: 'traefik.io/ingress-controller',
      classless: 'without-name',
      namespaceFlags: ['providers.kubernetesingress.namespaces'],
      sources: { any: 'providers.', ingress: 'providers.kubernetesingress' },
    },
    carriedBy: 'program',
    usual: named('traefik'),
  },
  {
    name: 'HAProxy Ingress (community)',
    image: /(?:^|\/)haproxy-ingress$/,
    ingress: /^haproxy-ingress\.github\.io\/controller/,
    gateway: /^haproxy-ingress\.github\.io\/controller/,
    settings: {
      decidedBy: 'controller',
      nameFlags: ['ingress-class'],
      name: 'haproxy',
      controllerFlag: { name: 'controller-class', holds: 'end' },
      controller: 'haproxy-ingress.github.io/controller',
      classless: { flag: 'watch-ingress-without-class' },
      namespaceFlags: ['watch-namespace'],
    },
    carriedBy: 'program',
    usual: named('haproxy-ingress'),
  },
  {
    name: 'HAProxy Ingress',
    image: /(?:^|\/)haproxytech\/kubernetes-ingress$/,
    ingress: /^haproxy\.org\/ingress-controller/,
    gateway: /^haproxy\.org\/gateway-controller/,
    settings: {
      decidedBy: 'controller',
      nameFlags: ['ingress.class'],
      name: 'haproxy',
      controllerFlag: { name: 'ingress.class', holds: 'end' },
      controller: 'haproxy.org/ingress-controller',
      classless: { flag: 'empty-ingress-class' },
      namespaceFlags: ['namespace-whitelist'],
    },
    carriedBy: 'program',
    usual: named('kubernetes-ingress'),
  },
  {
    name: 'Contour',
    image: /(?:^|\/)contour$/,
    ingress: /^projectcontour\.io\//,
    gateway: /^projectcontour\.io\//,
    settings: {
      decidedBy: 'name',
      nameFlags: ['ingress-class-name'],
      name: 'contour',
      controller: 'projectcontour.io/ingress-controller',
      classless: 'without-name',
      namespaceFlags: ['watch-namespaces'],
    },
    carriedBy: { image: /(?:^|\/)envoy$/ },
    usual: named('contour'),
  },
  {
    name: 'Envoy Gateway',
    image: /(?:^|\/)envoyproxy\/gateway$/,
    gateway: /^gateway\.envoyproxy\.io\//,
    carriedBy: { labels: { 'app.kubernetes.io/managed-by': 'envoy-gateway' } },
  },
  {
    name: 'NGINX Gateway Fabric',
    image: /(?:^|\/)nginx-gateway-fabric$/,
    gateway: /^gateway\.nginx\.org\//,
    carriedBy: 'program',
  },
  {
    name: 'Kong',
    image: /(?:^|\/)kong\/kubernetes-ingress-controller$/,
    ingress: /^ingress-controllers\.konghq\.com\//,
    gateway: /^konghq\.com\//,
    settings: {
      decidedBy: 'both',
      nameFlags: ['ingress-class'],
      nameVariable: 'CONTROLLER_INGRESS_CLASS',
      name: 'kong',
      controller: 'ingress-controllers.konghq.com/kong',
      classless: { flag: 'process-classless-ingress-v1' },
      namespaceFlags: ['watch-namespace'],
    },
    carriedBy: { image: /(?:^|\/)(?:kong|kong-gateway)$/ },
    usual: named('ingress'),
  },
  {
    name: 'Emissary',
    image: /(?:^|\/)emissary(?:-ingress)?$/,
    ingress: /^getambassador\.io\/ingress-controller/,
    carriedBy: 'program',
    usual: named('emissary-ingress'),
    annotations: ['ambassador'],
  },
  {
    name: 'Istio gateway',
    image: /(?:^|\/)istio\/proxyv2$/,
    ingress: /^istio\.io\/ingress-controller/,
    gateway: /^istio\.io\//,
    carriedBy: { labels: { istio: 'ingressgateway' } },
    usual: { istio: 'ingressgateway' },
    annotations: ['istio'],
  },
  {
    name: 'Cilium',
    ingress: /^cilium\.io\/ingress-controller/,
    gateway: /^io\.cilium\/gateway-controller/,
    carriedBy: 'nodes',
    annotations: ['cilium'],
  },
  {
    name: 'AWS Load Balancer Controller',
    image: /(?:^|\/)aws-load-balancer-controller$/,
    ingress: /^ingress\.k8s\.aws\/|^eks\.amazonaws\.com\/alb/,
    gateway: /^gateway\.k8s\.aws\/|^application-networking\.k8s\.aws\//,
    carriedBy: 'outside',
    annotations: ['alb'],
  },
  {
    name: 'Google Cloud load balancer',
    ingress: /^(?:k8s\.io|ingress\.gke\.io|networking\.gke\.io)\/(?:ingress-gce|gce)/,
    gateway: /^networking\.gke\.io\//,
    carriedBy: 'outside',
    annotations: ['gce', 'gce-internal'],
  },
  {
    name: 'Application Gateway Ingress Controller',
    image: /(?:^|\/)azure-application-gateway\/kubernetes-ingress$/,
    ingress: /^azure\/application-gateway/,
    gateway: /^alb\.networking\.azure\.io\//,
    carriedBy: 'outside',
    annotations: ['azure/application-gateway', 'azure-application-gateway'],
  },
];

/** Programs that nobody here knows, forks of known ones among them: believed where a flag of theirs names the class. */
export const unknownProgram: ClassSettings = {
  decidedBy: 'controller',
  nameFlags: ['ingress-class'],
  name: '',
  controllerFlag: { name: 'controller-class', holds: 'all' },
  controller: '',
};

const flagsOfClasses: ReadonlySet<string> = new Set(
  [unknownProgram, ...knownControllers.flatMap(({ settings }) => settings ?? [])].flatMap(
    ({ nameFlags, controllerFlag, classless, namespaceFlags = [] }) => [
      ...nameFlags,
      ...(controllerFlag === undefined ? [] : [controllerFlag.name]),
      ...(typeof classless === 'object' ? [classless.flag] : []),
      ...namespaceFlags,
    ],
  ),
);
const sources: readonly string[] = knownControllers.flatMap(({ settings }) => settings?.sources?.any ?? []);

/** True for a flag, without dashes, that says which classes a program serves: nothing secret. */
export function isClassFlag(name: string): boolean {
  return flagsOfClasses.has(name.toLowerCase());
}

/** True for a flag that turns a source on, or says something of one. */
export function isSourceFlag(name: string): boolean {
  return sources.some((start) => name.toLowerCase().startsWith(start));
}

/** Environment variables that name a class. */
export const classVariables: readonly string[] = knownControllers.flatMap(
  ({ settings }) => settings?.nameVariable ?? [],
);
