// What the objects that were taken need from the rest of the cluster: pure, fed with each object as it goes by.

import { asArray, asObject, asString, type JsonObject } from '../../model/index.ts';
import type { ArchivedObject } from '../archive/write-archive.ts';

/** Names of objects that are wanted besides, by their resource. */
export interface Wanted {
  readonly volumes: ReadonlySet<string>;
  readonly priorityClasses: ReadonlySet<string>;
  /** `namespace/name`. */
  readonly serviceAccounts: ReadonlySet<string>;
  readonly definitions: ReadonlySet<string>;
  /** `namespace/name` of those that pods use, and of those that are taken. */
  readonly usedClaims: ReadonlySet<string>;
  readonly claims: ReadonlySet<string>;
}

/** Groups that a custom resource definition can be behind: all but those of Kubernetes itself. */
export function isCustomGroup(group: string): boolean {
  return group.includes('.') && !builtIn.has(group);
}

const builtIn: ReadonlySet<string> = new Set([
  'admissionregistration.k8s.io',
  'apiextensions.k8s.io',
  'apiregistration.k8s.io',
  'authentication.k8s.io',
  'authorization.k8s.io',
  'certificates.k8s.io',
  'coordination.k8s.io',
  'discovery.k8s.io',
  'events.k8s.io',
  'flowcontrol.apiserver.k8s.io',
  'internal.apiserver.k8s.io',
  'networking.k8s.io',
  'node.k8s.io',
  'rbac.authorization.k8s.io',
  'resource.k8s.io',
  'scheduling.k8s.io',
  'storage.k8s.io',
  'storagemigration.k8s.io',
]);

/** Collects wishes; Velero's actions pull in the same objects. */
export class RelatedObjects implements Wanted {
  readonly volumes = new Set<string>();
  readonly priorityClasses = new Set<string>();
  readonly serviceAccounts = new Set<string>();
  readonly definitions = new Set<string>();
  readonly usedClaims = new Set<string>();
  readonly claims = new Set<string>();

  note(object: ArchivedObject): void {
    const { group, resource, namespace, name } = object;
    if (isCustomGroup(group)) this.definitions.add(`${resource}.${group}`);
    if (group !== '') return;
    if (resource === 'serviceaccounts') this.serviceAccounts.add(`${namespace}/${name}`);
    // Only those two are looked into: what nobody looks into is not parsed.
    if (resource === 'pods' && mayNeed(object)) this.notePod(object);
    if (resource !== 'persistentvolumeclaims') return;
    this.claims.add(`${namespace}/${name}`);
    add(this.volumes, asObject(object.raw['spec'])['volumeName']);
  }

  private notePod({ namespace, raw }: ArchivedObject): void {
    const spec = asObject(raw['spec']);
    add(this.priorityClasses, spec['priorityClassName']);
    for (const claim of claimsOfPod(spec)) this.usedClaims.add(`${namespace}/${claim}`);
  }
}

/** Keys without which a pod needs nothing that is noted: most have none of them, and are not parsed. */
const keysOfNeeds = ['"persistentVolumeClaim"', '"priorityClassName"'];

function mayNeed({ content }: ArchivedObject): boolean {
  return content === undefined || keysOfNeeds.some((key) => content.includes(key));
}

/** Names of the claims that a pod's volumes are. */
export function claimsOfPod({ volumes }: JsonObject): string[] {
  const names = asArray(volumes).map((volume) => asObject(asObject(volume)['persistentVolumeClaim'])['claimName']);
  return names.map((name) => asString(name) ?? '').filter((name) => name !== '');
}

function add(names: Set<string>, value: unknown): void {
  const name = asString(value) ?? '';
  if (name !== '') names.add(name);
}

/** Whether a ClusterRoleBinding gives rights to one of the accounts, by name or by the groups that it is in. */
export function bindsAccount(binding: JsonObject, { serviceAccounts }: Wanted): boolean {
  return asArray(binding['subjects']).some((subject) => {
    const { kind, namespace, name } = asObject(subject);
    return kind === 'ServiceAccount' && serviceAccounts.has(`${asString(namespace)}/${asString(name)}`);
  });
}
