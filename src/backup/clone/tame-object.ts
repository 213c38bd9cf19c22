// What a copy must not do as the original does it: take its ports and addresses, run at its size, act by the clock. Pure.

import { asArray, asNumber, asObject, asString, type Json, type JsonObject } from '../../model/index.ts';
import { closeService } from '../drill/fence.ts';
import { changeAt, changeEach, removeAt, withoutKeys } from '../restore/edit-object.ts';
import type { ClonedObject } from './clone-plan.ts';

export interface Taming {
  readonly replicas?: number | undefined;
  readonly suspend: boolean;
  readonly fence: boolean;
}

/** The changed object, and in words what was changed. */
interface Tamed {
  readonly object: JsonObject;
  readonly told: readonly string[];
}

type Tame = (object: JsonObject, taming: Taming) => Tamed;

const unchanged = (object: JsonObject): Tamed => ({ object, told: [] });

/**
 * Notes of other programs about the original. kubectl's holds the object as it was written, with the old references; Argo CD would take the copy for a part of
 * its app. Sources: kubectl docs, declarative management; Argo CD docs, resource tracking.
 */
const foreignAnnotations: ReadonlySet<string> = new Set([
  'kubectl.kubernetes.io/last-applied-configuration',
  'argocd.argoproj.io/tracking-id',
  'deployment.kubernetes.io/revision',
  'deprecated.daemonset.template.generation',
  'autoscaling.alpha.kubernetes.io/conditions',
  'autoscaling.alpha.kubernetes.io/current-metrics',
]);

function withoutForeign(object: JsonObject): JsonObject {
  const bare = changeAt(object, ['metadata', 'annotations'], (all) =>
    withoutKeys(all, (key) => foreignAnnotations.has(key)),
  );
  const labelled = changeAt(bare, ['metadata', 'labels'], (all) =>
    withoutKeys(all, (key) => key === 'argocd.argoproj.io/instance' || key.startsWith('velero.io/')),
  );
  return removeAt(labelled, ['metadata', 'managedFields']);
}

const ownAddresses = ['loadBalancerIP', 'externalIPs', 'healthCheckNodePort'];

function tameService(object: JsonObject, { fence }: Taming): Tamed {
  const spec = asObject(object['spec']);
  const given = spec['clusterIP'] === 'None' ? [] : ['clusterIP', 'clusterIPs'];
  if (fence) {
    const closed = closeService(object);
    const told = closed === object ? [] : ['leads in from nowhere'];
    return { object: removeAt(closed, ...given.map((key) => ['spec', key])), told };
  }
  const ports = asArray(spec['ports']).map(asObject);
  const numbers = ports.flatMap(({ nodePort }) => ((asNumber(nodePort) ?? 0) > 0 ? [String(asNumber(nodePort))] : []));
  const addresses = ownAddresses.filter((key) => spec[key] !== undefined);
  const bare = removeAt(object, ...[...ownAddresses, ...given].map((key) => ['spec', key]));
  const made = changeAt(bare, ['spec', 'ports'], (all) => changeEach(all, (port) => removeAt(port, ['nodePort'])));
  const told = [
    ...(numbers.length === 0 ? [] : [`gets other node ports than ${numbers.join(', ')}`]),
    ...(addresses.length === 0 ? [] : [`is without ${addresses.join(', ')}, which the original has`]),
  ];
  return { object: made, told };
}

function scaleTo(object: JsonObject, { replicas }: Taming): Tamed {
  const now = asNumber(asObject(object['spec'])['replicas']) ?? 1;
  if (replicas === undefined || now <= replicas) return unchanged(object);
  return { object: changeAt(object, ['spec', 'replicas'], () => replicas), told: [`runs ${replicas} of ${now} pods`] };
}

/** A disabled policy in both directions is how an autoscaler is turned off. Source: Kubernetes docs, HorizontalPodAutoscaler, `selectPolicy`. */
function stopped(spec: JsonObject): JsonObject {
  const behavior = asObject(spec['behavior']);
  const off = (rules: Json | undefined): JsonObject => ({ ...asObject(rules), selectPolicy: 'Disabled' });
  return {
    ...spec,
    behavior: { ...behavior, scaleUp: off(behavior['scaleUp']), scaleDown: off(behavior['scaleDown']) },
  };
}

function tameAutoscaler(object: JsonObject, { replicas, suspend }: Taming): Tamed {
  const spec = asObject(object['spec']);
  const most = Math.max(1, replicas ?? Number.POSITIVE_INFINITY);
  const [min, max] = [asNumber(spec['minReplicas']) ?? 1, asNumber(spec['maxReplicas']) ?? 1];
  const isSmaller = max > most;
  const sized = isSmaller ? { ...spec, minReplicas: Math.min(min, most), maxReplicas: most } : spec;
  const made = suspend && asString(object['apiVersion']) === 'autoscaling/v2' ? stopped(sized) : sized;
  const told = [
    ...(isSmaller ? [`scales to ${most} at most, not ${max}`] : []),
    ...(made === sized ? [] : ['does not scale']),
  ];
  return { object: { ...object, spec: made }, told };
}

const suspendSpec: Tame = (object, { suspend }) =>
  suspend && asObject(object['spec'])['suspend'] !== true
    ? { object: { ...object, spec: { ...asObject(object['spec']), suspend: true } }, told: ['is suspended'] }
    : unchanged(object);

function annotate(object: JsonObject, key: string, value: string): JsonObject {
  const metadata = asObject(object['metadata']);
  return { ...object, metadata: { ...metadata, annotations: { ...asObject(metadata['annotations']), [key]: value } } };
}

/** Source: KEDA docs, pausing of autoscaling. */
const tameKeda: Tame = (object, { replicas, suspend }) => {
  if (replicas !== undefined)
    return {
      object: annotate(object, 'autoscaling.keda.sh/paused-replicas', String(replicas)),
      told: [`is paused at ${replicas} pods`],
    };
  return suspend
    ? { object: annotate(object, 'autoscaling.keda.sh/paused', 'true'), told: ['is paused'] }
    : unchanged(object);
};

const tamings: Readonly<Record<string, Tame>> = {
  services: tameService,
  'deployments.apps': scaleTo,
  'statefulsets.apps': scaleTo,
  'replicasets.apps': scaleTo,
  replicationcontrollers: scaleTo,
  'rollouts.argoproj.io': scaleTo,
  'horizontalpodautoscalers.autoscaling': tameAutoscaler,
  'cronjobs.batch': suspendSpec,
  'jobs.batch': suspendSpec,
  'cronworkflows.argoproj.io': suspendSpec,
  'kustomizations.kustomize.toolkit.fluxcd.io': suspendSpec,
  'helmreleases.helm.toolkit.fluxcd.io': suspendSpec,
  'scaledobjects.keda.sh': tameKeda,
  'scaledjobs.keda.sh': tameKeda,
};

export function tameObject({ place, object }: ClonedObject, taming: Taming): Tamed {
  const bare = withoutForeign(object);
  return tamings[place.groupResource]?.(bare, taming) ?? unchanged(bare);
}
