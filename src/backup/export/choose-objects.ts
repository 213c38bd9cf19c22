// Which objects of a backup or a cluster somebody would keep in git, and why others are left out. Pure.

import { asArray, asObject, asString, type JsonObject } from '../../model/index.ts';
import { isNoise } from '../diff/normalize.ts';

/** Made by a cluster for itself, or by others for their own use. */
const neverWritten: ReadonlySet<string> = new Set([
  'nodes',
  'componentstatuses',
  'apiservices.apiregistration.k8s.io',
  'csinodes.storage.k8s.io',
  'csistoragecapacities.storage.k8s.io',
  'volumeattachments.storage.k8s.io',
  'controllerrevisions.apps',
  'certificatesigningrequests.certificates.k8s.io',
  'flowschemas.flowcontrol.apiserver.k8s.io',
  'prioritylevelconfigurations.flowcontrol.apiserver.k8s.io',
]);

const everywhere: ReadonlySet<string> = new Set(['configmaps kube-root-ca.crt', 'serviceaccounts default']);

export type LeftOut = 'kept by a controller' | 'made by the cluster' | 'Secret' | 'made for a StatefulSet';

function labelsOf(object: JsonObject): JsonObject {
  return asObject(asObject(object['metadata'])['labels']);
}

function annotationsOf(object: JsonObject): JsonObject {
  return asObject(asObject(object['metadata'])['annotations']);
}

function isOfTheCluster(groupResource: string, name: string, object: JsonObject): boolean {
  if (neverWritten.has(groupResource) || everywhere.has(`${groupResource} ${name}`)) return true;
  if (labelsOf(object)['kubernetes.io/bootstrapping'] !== undefined || name.startsWith('system:')) return true;
  if (groupResource === 'priorityclasses.scheduling.k8s.io') return name.startsWith('system-');
  return (
    groupResource === 'persistentvolumes' && annotationsOf(object)['pv.kubernetes.io/provisioned-by'] !== undefined
  );
}

/** Why an object is left out; nothing for one that is exported. */
export function leftOutFor(groupResource: string, object: JsonObject): LeftOut | undefined {
  const name = asString(asObject(object['metadata'])['name']) ?? '';
  if (groupResource === 'secrets') return 'Secret';
  if (isNoise(groupResource, object)) return 'kept by a controller';
  return isOfTheCluster(groupResource, name, object) ? 'made by the cluster' : undefined;
}

/** Beginnings of the names of claims that a StatefulSet makes: `shop/data-db-`. */
export function claimsOfSet(object: JsonObject): readonly string[] {
  const { name, namespace } = asObject(object['metadata']);
  return asArray(asObject(object['spec'])['volumeClaimTemplates']).map((template) => {
    const claim = asString(asObject(asObject(template)['metadata'])['name']) ?? '';
    return `${asString(namespace) ?? ''}/${claim}-${asString(name) ?? ''}-`;
  });
}

export function isMadeClaim(beginnings: readonly string[], namespace: string, name: string): boolean {
  const full = `${namespace}/${name}`;
  return beginnings.some((each) => full.startsWith(each) && /^\d+$/.test(full.slice(each.length)));
}
