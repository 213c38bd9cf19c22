// Which objects of the original a copy gets, and why it does not get the others. Pure.

import { asArray, asObject, asString, type JsonObject } from '../../model/index.ts';
import { isHelper } from '../volumes/helper-pod.ts';
import { isRestorable } from '../restore/prepare-object.ts';
import { type ClonedObject, type ObjectNote, wordsFor } from './clone-plan.ts';

interface Choosing {
  readonly toOtherCluster: boolean;
  readonly fence: boolean;
}

export interface Chosen {
  readonly objects: readonly ClonedObject[];
  readonly leftOut: readonly ObjectNote[];
}

function metadataOf({ object }: ClonedObject): JsonObject {
  return asObject(object['metadata']);
}

/** Addresses that a controller works out from a Service. */
function isWorkedOut({ place: { groupResource }, object }: ClonedObject): boolean {
  if (groupResource !== 'endpoints' && groupResource !== 'endpointslices.discovery.k8s.io') return false;
  const labels = asObject(asObject(object['metadata'])['labels']);
  const managed = asString(labels['endpointslice.kubernetes.io/managed-by']) ?? '';
  return managed.includes('controller') || labels['endpoints.kubernetes.io/managed-by'] !== undefined;
}

/** A claim of the copy gets a volume of its own; who leads is settled anew. */
const ownToCluster = new Set(['persistentvolumes', 'leases.coordination.k8s.io']);

const inEveryNamespace = new Set(['configmaps kube-root-ca.crt', 'configmaps openshift-service-ca.crt']);

/** What the cluster makes by itself in every namespace, or counts for itself: not worth a word. */
function isTheClusters(item: ClonedObject): boolean {
  const { groupResource, name } = item.place;
  if (isHelper(item.object)) return true;
  if (!isRestorable(groupResource) || ownToCluster.has(groupResource) || isWorkedOut(item)) return true;
  if (groupResource === 'serviceaccounts' && name === 'default')
    return Object.keys(item.object).every((key) => usual.has(key));
  return inEveryNamespace.has(`${groupResource} ${name}`);
}

const usual: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'metadata']);

function isSystemName(name: string): boolean {
  return (
    name.startsWith('system:') ||
    name.startsWith('system-') ||
    ['cluster-admin', 'admin', 'edit', 'view'].includes(name)
  );
}

/** Kinds of the whole cluster that an app shares with others. */
const shared: ReadonlySet<string> = new Set([
  'customresourcedefinitions.apiextensions.k8s.io',
  'priorityclasses.scheduling.k8s.io',
  'clusterroles.rbac.authorization.k8s.io',
]);

/** Quotas are of the place, not of the app, where the copy is closed in; routes and policies would open it. */
const fencedOut: ReadonlySet<string> = new Set([
  'networkpolicies.networking.k8s.io',
  'ingresses.networking.k8s.io',
  'httproutes.gateway.networking.k8s.io',
  'gateways.gateway.networking.k8s.io',
]);

/** A sealed Secret can be opened in its own namespace alone. Source: sealed-secrets docs, scopes. */
function isSealedForPlace({ object }: ClonedObject): boolean {
  if (object['kind'] !== 'SealedSecret') return false;
  const annotations = asObject(asObject(object['metadata'])['annotations']);
  return annotations['sealedsecrets.bitnami.com/cluster-wide'] !== 'true';
}

function whyNot(item: ClonedObject, { fence }: Choosing): string | undefined {
  const { place, object } = item;
  if (place.groupResource === 'apiservices.apiregistration.k8s.io') return 'an API can be served by one Service only';
  if (object['type'] === 'helm.sh/release.v1')
    return 'is the record of a Helm release, which names the original: helm would change that one';
  if (isSealedForPlace(item))
    return 'can be opened in the namespace of the original alone: its Secret is copied as it is';
  return fence && fencedOut.has(place.groupResource) ? 'would open the fence' : undefined;
}

function isShared({ place }: ClonedObject, { toOtherCluster }: Choosing): boolean {
  return shared.has(place.groupResource) && (!toOtherCluster || isSystemName(place.name));
}

/** Children of what is copied are made by its controller. */
function isMade(item: ClonedObject, owners: ReadonlySet<string>): boolean {
  return asArray(metadataOf(item)['ownerReferences'])
    .map(asObject)
    .some(({ controller, uid }) => controller === true && owners.has(asString(uid) ?? ''));
}

export function chooseObjects(all: readonly ClonedObject[], choosing: Choosing): Chosen {
  const leftOut: ObjectNote[] = [];
  const candidates = all.filter((item) => {
    if (isTheClusters(item) || isShared(item, choosing)) return false;
    const why = whyNot(item, choosing);
    if (why !== undefined) leftOut.push({ object: wordsFor(item), text: why });
    return why === undefined;
  });
  const uids = new Set(candidates.map((item) => asString(metadataOf(item)['uid']) ?? '').filter((uid) => uid !== ''));
  return { objects: candidates.filter((item) => !isMade(item, uids)), leftOut };
}
