// Storage classes and snapshot classes.

import { asObject, asString, type KubeObject } from '../../model/index.ts';
import { readLabels } from '../workload.ts';
import type { ClusterView, Tri } from './view.ts';

export interface StorageClassFacts {
  readonly name: string;
  readonly provisioner: string;
  readonly isDefault: boolean;
  readonly reclaimPolicy: string;
  readonly bindingMode: string;
  readonly expandable: boolean;
  /** Only where the class's parameters say it: many providers encrypt anyway. */
  readonly encrypted: Tri;
}

export interface SnapshotClassFacts {
  readonly name: string;
  readonly driver: string;
  readonly deletionPolicy: string;
  readonly isDefault: boolean;
}

export interface StorageFacts {
  readonly seen: boolean;
  readonly classes: readonly StorageClassFacts[];
  readonly snapshotClasses: readonly SnapshotClassFacts[];
}

const defaultMarks = [
  'storageclass.kubernetes.io/is-default-class',
  'storageclass.beta.kubernetes.io/is-default-class',
  'snapshot.storage.kubernetes.io/is-default-class',
];

function isMarkedDefault({ raw }: KubeObject): boolean {
  const annotations = readLabels(asObject(raw['metadata'])['annotations']);
  return defaultMarks.some((mark) => annotations[mark] === 'true');
}

/** `encrypted: "true"` (EBS, Cinder), or a key that the disk is encrypted with (Azure, Google). */
function isEncrypted(parameters: Readonly<Record<string, string>>): Tri {
  if (parameters['encrypted'] !== undefined) return parameters['encrypted'] === 'true';
  return ['diskEncryptionSetID', 'disk-encryption-kms-key', 'kmsKeyId'].some((key) => parameters[key] !== undefined)
    ? true
    : 'unknown';
}

function toStorageClass(object: KubeObject): StorageClassFacts {
  const { name, raw } = object;
  return {
    name,
    provisioner: asString(raw['provisioner']) ?? '',
    isDefault: isMarkedDefault(object),
    reclaimPolicy: asString(raw['reclaimPolicy']) ?? 'Delete',
    bindingMode: asString(raw['volumeBindingMode']) ?? 'Immediate',
    expandable: raw['allowVolumeExpansion'] === true,
    encrypted: isEncrypted(readLabels(raw['parameters'])),
  };
}

function toSnapshotClass(object: KubeObject): SnapshotClassFacts {
  const { name, raw } = object;
  return {
    name,
    driver: asString(raw['driver']) ?? '',
    deletionPolicy: asString(raw['deletionPolicy']) ?? '',
    isDefault: isMarkedDefault(object),
  };
}

export function findStorage(view: ClusterView): StorageFacts {
  return {
    seen: view.saw('storage.k8s.io/StorageClass'),
    classes: view.objects('storage.k8s.io/StorageClass').map(toStorageClass),
    snapshotClasses: view.objects('snapshot.storage.k8s.io/VolumeSnapshotClass').map(toSnapshotClass),
  };
}
