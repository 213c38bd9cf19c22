// Finds storage that is made by the provisioner of a local cluster.

import {
  asArray,
  asObject,
  asString,
  type Diagnostic,
  type KubeObject,
  type Path,
  toText,
  valueAt,
} from '../../model/index.ts';
import { objectCheck } from '../check.ts';
import { minikubeMeta } from './minikube-meta.ts';

/** Minikube's storage-provisioner, its csi-hostpath-driver add-on, and Docker Desktop's. */
export const localProvisioners: ReadonlySet<unknown> = new Set([
  'k8s.io/minikube-hostpath',
  'hostpath.csi.k8s.io',
  'docker.io/hostpath',
]);
export const localClasses: ReadonlySet<unknown> = new Set(['csi-hostpath-sc']);
export const provisionerAnnotations = [
  'volume.kubernetes.io/storage-provisioner',
  'volume.beta.kubernetes.io/storage-provisioner',
  'pv.kubernetes.io/provisioned-by',
];

/** What Kubernetes writes into a claim together with them; `volumeName` is the user's own as well as the cluster's, and stays. */
const provisionerMarks: ReadonlySet<string> = new Set([
  ...provisionerAnnotations,
  'pv.kubernetes.io/bind-completed',
  'pv.kubernetes.io/bound-by-controller',
  'volume.kubernetes.io/selected-node',
]);

function localFields({ kind, raw }: KubeObject): Path[] {
  if (kind === 'StorageClass') return localProvisioners.has(raw['provisioner']) ? [['provisioner']] : [];
  const values = asObject(asObject(raw['metadata'])['annotations']);
  const marked = provisionerAnnotations.filter((key) => localProvisioners.has(values[key]));
  const spec = asObject(raw['spec']);
  const templates = asArray(spec['volumeClaimTemplates']).flatMap((item, index): Path[] =>
    localClasses.has(asObject(asObject(item)['spec'])['storageClassName'])
      ? [['spec', 'volumeClaimTemplates', index, 'spec', 'storageClassName']]
      : [],
  );
  const own: Path[] = localClasses.has(asString(spec['storageClassName'])) ? [['spec', 'storageClassName']] : [];
  return [...marked.map((key): Path => ['metadata', 'annotations', key]), ...own, ...templates];
}

export const minikubeProvisioner = objectCheck(
  minikubeMeta({
    id: 'minikube-provisioner',
    title: 'Storage is made by the target cluster',
    severity: 'high',
    remediation: 'Remove what the local provisioner wrote, and use a storage class of the target cluster.',
    minutes: 20,
  }),
  {
    kinds: ['storage.k8s.io/StorageClass', '/PersistentVolumeClaim', '/PersistentVolume', 'apps/StatefulSet'],
    find: (object): Diagnostic | undefined => {
      const [path] = localFields(object);
      if (path === undefined) return undefined;
      return {
        message: `${object.kind} "${object.name}" belongs to the storage of a local cluster, which no other cluster has`,
        path,
        evidence: `${path.at(-1)} is ${toText(valueAt(object.raw, path))}`,
      };
    },
    fix: ({ raw }, { path = [] }) => {
      // The annotation was written by the provisioner; a class is for the administrator of the target cluster to choose.
      if (path[1] !== 'annotations') return undefined;
      const annotations = asObject(asObject(raw['metadata'])['annotations']);
      const written = Object.keys(annotations).filter((key) => provisionerMarks.has(key));
      const isAll = written.length === Object.keys(annotations).length;
      if (isAll) return [{ op: 'remove', path: ['metadata', 'annotations'] }];
      return written.map((key) => ({ op: 'remove', path: ['metadata', 'annotations', key] }) as const);
    },
  },
);
