// Backup tools that run in the cluster, with Velero's schedules and stores.

import { asArray, asObject, asString, type JsonObject, type KubeObject } from '../../model/index.ts';
import { type Family, findPrograms, type Signature } from './signatures.ts';
import type { ClusterView } from './view.ts';

const tools: readonly Signature[] = [
  { name: 'Velero', image: /(?:^|\/)velero$/ },
  { name: 'Kasten K10', image: /(?:^|\/)kasten-images\// },
  { name: 'Stash', image: /(?:^|\/)appscode\/stash(?:-enterprise)?$/ },
  { name: 'KubeStash', image: /(?:^|\/)appscode\/kubestash$|kubestash\/kubestash$/ },
  { name: 'K8up', image: /(?:^|\/)k8up$/ },
  { name: 'Longhorn', image: /(?:^|\/)(?:mirrored-)?longhornio[/-]longhorn-manager$/ },
  { name: 'VolSync', image: /(?:^|\/)volsync$/ },
  { name: 'CloudNativePG', image: /(?:^|\/)cloudnative-pg$/ },
  { name: 'Trilio', image: /(?:^|\/)(?:k8s-)?triliovault/ },
];

export interface ScheduleFacts {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly schedule: string;
  readonly paused: boolean;
  /** Velero's selection; empty includes all. */
  readonly includedNamespaces: readonly string[];
  readonly excludedNamespaces: readonly string[];
}

export interface BackupStoreFacts {
  readonly namespace: string;
  readonly name: string;
  readonly provider: string;
  readonly bucket: string;
  /** `Available`, as Velero last saw it; '' where it has not. */
  readonly phase: string;
}

export interface BackupFacts {
  readonly tools: Family;
  readonly schedules: readonly ScheduleFacts[];
  readonly stores: readonly BackupStoreFacts[];
  readonly sawSchedules: boolean;
}

function names(value: unknown): string[] {
  return asArray(value).flatMap((item) => asString(item) ?? []);
}

function text(object: JsonObject, key: string): string {
  return asString(object[key]) ?? '';
}

function toSchedule({ kind, namespace, name, raw }: KubeObject): ScheduleFacts {
  const spec = asObject(raw['spec']);
  const template = asObject(spec['template']);
  return {
    kind,
    namespace,
    name,
    schedule: text(spec, 'schedule'),
    paused: spec['paused'] === true,
    includedNamespaces: names(template['includedNamespaces']),
    excludedNamespaces: names(template['excludedNamespaces']),
  };
}

function toStore({ namespace, name, raw }: KubeObject): BackupStoreFacts {
  const spec = asObject(raw['spec']);
  return {
    namespace,
    name,
    provider: text(spec, 'provider'),
    bucket: text(asObject(spec['objectStorage']), 'bucket'),
    phase: text(asObject(raw['status']), 'phase'),
  };
}

export function findBackups(view: ClusterView): BackupFacts {
  return {
    tools: findPrograms(view, tools),
    schedules: view.objects('velero.io/Schedule').map(toSchedule),
    stores: view.objects('velero.io/BackupStorageLocation').map(toStore),
    sawSchedules: view.saw('velero.io/Schedule'),
  };
}
