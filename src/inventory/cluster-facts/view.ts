// One look over a cluster for facts: objects of the lists and those read beside them, and of which kinds all is known.

import { toObject } from '../../kube/manifests/parse-manifests.ts';
import { sourceInCluster } from '../../kube/manifests/source-in-cluster.ts';
import { parseImage } from '../../kube/images.ts';
import { containersOf, podTemplatePath } from '../../kube/pod-template.ts';
import {
  asArray,
  asObject,
  asString,
  type ClusterBeside,
  type JsonObject,
  type KubeObject,
  type KubeletReading,
  pushTo,
  valueAt,
} from '../../model/index.ts';
import type { Inventory } from '../inventory.ts';

/** True, false, or not known: missing knowledge is never taken for either. */
export type Tri = boolean | 'unknown';

/** One container of a program that may belong to the cluster. */
export interface Program {
  readonly object: KubeObject;
  readonly container: string;
  /** Without registry, tag and digest: `calico/node`. */
  readonly repository: string;
  readonly tag: string | undefined;
  /** Command and arguments. */
  readonly words: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

export interface ClusterView {
  /** False where only files were read: they say what they hold, and nothing of what else there is. */
  readonly live: boolean;
  readonly serverVersion: string;
  readonly kubelets: readonly KubeletReading[];
  /** What was asked for beside the lists and not read, with the reason. */
  readonly unread: ClusterBeside['unread'];
  readonly objects: (groupKind: string) => readonly KubeObject[];
  /** True where every object of the kind in the whole cluster is known: only then is absence an answer. */
  readonly saw: (groupKind: string) => boolean;
  readonly programs: readonly Program[];
  /** True where the programs of all namespaces are known. */
  readonly sawPrograms: boolean;
}

const programKinds: readonly string[] = ['apps/DaemonSet', 'apps/Deployment', 'apps/StatefulSet', '/Pod'];

function readEnv(container: JsonObject): Record<string, string> {
  return Object.fromEntries(
    asArray(container['env']).flatMap((item) => {
      const { name, value } = asObject(item);
      return typeof name === 'string' && typeof value === 'string' ? [[name, value]] : [];
    }),
  );
}

function texts(value: unknown): string[] {
  return asArray(value).flatMap((item) => asString(item) ?? []);
}

/** Repository and tag of an image; for one that is no valid name, the text as it is. */
function splitImage(text: string): { readonly repository: string; readonly tag: string | undefined } {
  const image = parseImage(text);
  return image.valid ? { repository: image.repository, tag: image.tag } : { repository: text, tag: undefined };
}

/** Pods of a controller are known by it; static pods have a Node for an owner. */
function isController({ kind, raw }: KubeObject): boolean {
  if (kind !== 'Pod') return true;
  return asArray(asObject(raw['metadata'])['ownerReferences']).every((owner) => asObject(owner)['kind'] === 'Node');
}

function programsOf(object: KubeObject): Program[] {
  const path = podTemplatePath(object.group, object.kind);
  if (path === undefined || !isController(object)) return [];
  const spec = asObject(valueAt(object.raw, [...path, 'spec']));
  return containersOf(spec, []).map(({ name, raw }) => ({
    object,
    container: name,
    ...splitImage(asString(raw['image']) ?? ''),
    words: [...texts(raw['command']), ...texts(raw['args'])],
    env: readEnv(raw),
  }));
}

function besideObjects({ snapshot }: Inventory): Map<string, KubeObject[]> {
  const { cluster } = snapshot.facts;
  const byKind = new Map<string, KubeObject[]>();
  if (cluster === undefined) return byKind;
  const source = sourceInCluster(cluster.context);
  for (const raw of cluster.beside?.objects ?? []) {
    const object = toObject(raw, source, '');
    pushTo(byKind, `${object.group}/${object.kind}`, object);
  }
  return byKind;
}

/** Kinds that this room asks for and that have no namespace: reading some namespaces reads all of these. */
const clusterScoped: ReadonlySet<string> = new Set([
  '/Node',
  '/Namespace',
  'admissionregistration.k8s.io/MutatingWebhookConfiguration',
  'admissionregistration.k8s.io/ValidatingAdmissionPolicy',
  'admissionregistration.k8s.io/ValidatingAdmissionPolicyBinding',
  'admissionregistration.k8s.io/ValidatingWebhookConfiguration',
  'apiextensions.k8s.io/CustomResourceDefinition',
  'apiregistration.k8s.io/APIService',
  'gateway.networking.k8s.io/GatewayClass',
  'networking.k8s.io/IngressClass',
  'rbac.authorization.k8s.io/ClusterRole',
  'snapshot.storage.k8s.io/VolumeSnapshotClass',
  'storage.k8s.io/StorageClass',
]);

/** Answers whether every object of a kind is known. */
function sightOf({ snapshot }: Inventory): ClusterView['saw'] {
  const { cluster } = snapshot.facts;
  if (cluster === undefined) return () => false;
  const hidden = new Set(cluster.notListed.map(({ group, kind }) => `${group}/${kind}`));
  const whole = new Set(cluster.beside?.whole);
  const everywhere = cluster.namespaces.length === 0;
  const isHidden = (kind: string): boolean => hidden.has(kind) || hidden.has(kind.replace(/\/.*/, '/*'));
  return (kind) => whole.has(kind) || (!isHidden(kind) && (everywhere || clusterScoped.has(kind)));
}

function makeView(inventory: Inventory): ClusterView {
  const { cluster } = inventory.snapshot.facts;
  const beside = besideObjects(inventory);
  const saw = sightOf(inventory);
  const objects = (kind: string): readonly KubeObject[] => {
    const more = beside.get(kind);
    return more === undefined ? inventory.glimpse(kind) : [...inventory.glimpse(kind), ...more];
  };
  let programs: readonly Program[] | undefined;
  return {
    live: cluster !== undefined,
    serverVersion: cluster?.serverVersion ?? '',
    kubelets: cluster?.beside?.kubelets ?? [],
    unread: cluster?.beside?.unread ?? [],
    objects,
    saw,
    // Only for who asks: most answers about files need none.
    get programs() {
      programs ??= programKinds.flatMap((kind) => objects(kind).flatMap(programsOf));
      return programs;
    },
    sawPrograms: ['apps/DaemonSet', 'apps/Deployment', 'apps/StatefulSet'].every(saw),
  };
}

/** The view of an inventory, made once. */
export function viewOf(inventory: Inventory): ClusterView {
  return inventory.derive(makeView);
}
