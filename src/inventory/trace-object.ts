// Where an object of a cluster comes from, as far as it says so itself: its chart, its GitOps source, or whoever applied it.

import { asArray, asObject, asString, type JsonObject, type KubeObject } from '../model/index.ts';
import { controllerOf } from './owner.ts';

type Marks = Readonly<Record<string, string>>;

function textsOf(value: unknown): Marks {
  return Object.fromEntries(
    Object.entries(asObject(value)).flatMap(([key, text]): [string, string][] => {
      const string = asString(text);
      return string === undefined ? [] : [[key, string]];
    }),
  );
}

function nameOf(namespace: string | undefined, name: string): string {
  return namespace === undefined || namespace === '' ? name : `${namespace}/${name}`;
}

/** Source: Flux's labels of what its kustomize and helm controllers apply; Argo CD's annotation for tracking (`app:group/kind:namespace/name`). */
function gitOpsSource(labels: Marks, annotations: Marks): string | undefined {
  const kustomization = labels['kustomize.toolkit.fluxcd.io/name'];
  if (kustomization !== undefined)
    return `the Flux Kustomization ${nameOf(labels['kustomize.toolkit.fluxcd.io/namespace'], kustomization)}`;
  const helmRelease = labels['helm.toolkit.fluxcd.io/name'];
  if (helmRelease !== undefined)
    return `the Flux HelmRelease ${nameOf(labels['helm.toolkit.fluxcd.io/namespace'], helmRelease)}`;
  const tracked = annotations['argocd.argoproj.io/tracking-id']?.split(':')[0] ?? labels['argocd.argoproj.io/instance'];
  return tracked === undefined ? undefined : `the Argo CD Application ${tracked}`;
}

/** Source: `meta.helm.sh/…` of Helm 3.2 and later. */
function helmSource(annotations: Marks): string | undefined {
  const release = annotations['meta.helm.sh/release-name'];
  return release && `the Helm release ${nameOf(annotations['meta.helm.sh/release-namespace'], release)}`;
}

/** Source: Kustomize's `config.kubernetes.io/origin`, written where its `buildMetadata` asks for it: YAML with `path`, `repo` and `ref`. */
function kustomizeSource(annotations: Marks): string | undefined {
  const origin = annotations['config.kubernetes.io/origin'];
  if (origin === undefined) return undefined;
  const field = (key: string): string | undefined => new RegExp(`^${key}: (.+)$`, 'm').exec(origin)?.[1];
  const repository = field('repo');
  const path = field('path') ?? field('configuredIn') ?? '';
  return `${path} of a kustomization${repository === undefined ? '' : ` in ${repository}`}`;
}

/** The first who wrote the object's own fields, where its bookkeeping was read. */
function firstWriter(metadata: JsonObject): string | undefined {
  const writers = asArray(metadata['managedFields'])
    .map(asObject)
    .filter(({ subresource }) => (subresource ?? '') === '')
    .map(({ manager, time }) => ({ manager: asString(manager) ?? '', time: asString(time) ?? '' }))
    .toSorted((a, b) => (a.time < b.time ? -1 : 1));
  const [first] = writers;
  if (first === undefined || first.manager === '') return undefined;
  return `${first.manager}${first.time === '' ? '' : ` on ${first.time.slice(0, 10)}`}`;
}

/** `the Helm release shop/web`, `kubectl apply`: where an object of a cluster says that it comes from; `undefined` where it says nothing. */
export function traceObject({ raw }: KubeObject): string | undefined {
  const metadata = asObject(raw['metadata']);
  const controller = controllerOf(metadata);
  if (controller !== undefined) return `${controller.kind} ${controller.name}`;
  const labels = textsOf(metadata['labels']);
  const annotations = textsOf(metadata['annotations']);
  return (
    gitOpsSource(labels, annotations) ??
    helmSource(annotations) ??
    kustomizeSource(annotations) ??
    (annotations['kubectl.kubernetes.io/last-applied-configuration'] === undefined ? undefined : 'kubectl apply') ??
    firstWriter(metadata)
  );
}
