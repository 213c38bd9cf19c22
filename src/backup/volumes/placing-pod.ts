// Stands in for a pod that a restore will bring back, so that the scheduler chooses where its volumes are made: with all of its claims, its size and what
// the pod says of nodes and of its neighbours. Pure.

import { createHash } from 'node:crypto';
import { confinedContainer, passingPod } from '../../kube/passing-pod.ts';
import { asArray, asObject, asString, type Json, type JsonObject } from '../../model/index.ts';
import { helperContainer, helperLabels } from './helper-pod.ts';

export interface Placing {
  /** Where the pod will be. */
  readonly namespace: string;
  /** As it was saved. */
  readonly pod: JsonObject;
  readonly claims: readonly string[];
}

export interface ChoosingPlacings {
  /** Pods as they were saved. */
  readonly pods: Iterable<JsonObject>;
  readonly mapNamespace: (namespace: string) => string;
  /** Claims that are there, by `namespace/name`. */
  readonly there: ReadonlySet<string>;
  /** Of these, those that wait for their first pod, and are about to get one of ours. */
  readonly waiting: ReadonlySet<string>;
}

function claimsOf({ spec }: JsonObject): string[] {
  const volumes = asArray(asObject(spec)['volumes']).map(asObject);
  return volumes.flatMap((each) => asString(asObject(each['persistentVolumeClaim'])['claimName']) ?? []);
}

/** A single claim may be made wherever its pod can run, unless the pod keeps away from others of its kind. */
function looksAtOthers({ spec }: JsonObject): boolean {
  const { affinity, topologySpreadConstraints } = asObject(spec);
  const { podAffinity, podAntiAffinity } = asObject(affinity);
  return [podAffinity, podAntiAffinity, topologySpreadConstraints].some((each) => each !== undefined);
}

function hasEnded({ status }: JsonObject): boolean {
  return ['Succeeded', 'Failed'].includes(asString(asObject(status)['phase']) ?? '');
}

/** Pods of the same claims are one: they could not run apart either. */
export function choosePlacings({ pods, mapNamespace, there, waiting }: ChoosingPlacings): readonly Placing[] {
  const found = new Map<string, Placing>();
  for (const pod of pods) {
    const namespace = mapNamespace(asString(asObject(pod['metadata'])['namespace']) ?? '');
    const claims = claimsOf(pod).filter((name) => there.has(`${namespace}/${name}`));
    const key = [namespace, ...claims.toSorted()].join('/');
    const isNeeded = claims.some((name) => waiting.has(`${namespace}/${name}`));
    if (!isNeeded || hasEnded(pod) || found.has(key)) continue;
    if (claims.length > 1 || looksAtOthers(pod)) found.set(key, { namespace, pod, claims });
  }
  return [...found.values()];
}

/** Not the label itself: no Service and no controller may take a stand-in for one of its pods. */
function standInKey(key: string): string {
  return `nowwhat.dev/like-${createHash('sha256').update(key).digest('hex').slice(0, 12)}`;
}

function standInLabels(labels: Json | undefined): JsonObject {
  return Object.fromEntries(Object.entries(asObject(labels)).map(([key, value]) => [standInKey(key), value]));
}

/** Selects the stand-ins of the pods that a selector selects. */
function standInSelector(selector: Json | undefined): JsonObject {
  const { matchLabels, matchExpressions } = asObject(selector);
  const expressions = asArray(matchExpressions).map(asObject);
  return {
    matchLabels: standInLabels(matchLabels),
    matchExpressions: expressions.map((each) => ({ ...each, key: standInKey(asString(each['key']) ?? '') })),
  };
}

/** Pods that are there are meant too. */
function bothTerms(raw: Json): JsonObject[] {
  const { matchLabelKeys: _same, mismatchLabelKeys: _other, ...term } = asObject(raw);
  const isElsewhere = term['namespaces'] !== undefined || term['namespaceSelector'] !== undefined;
  return isElsewhere ? [term] : [term, { ...term, labelSelector: standInSelector(term['labelSelector']) }];
}

function preferredTerms(raw: Json): JsonObject[] {
  const { weight = 1, podAffinityTerm = {} } = asObject(raw);
  return bothTerms(podAffinityTerm).map((term) => ({ weight, podAffinityTerm: term }));
}

const required = 'requiredDuringSchedulingIgnoredDuringExecution';
const preferred = 'preferredDuringSchedulingIgnoredDuringExecution';

/** Whom the pod must be near may have no stand-in, and is not back yet: it is a wish then. */
function affinityOf(raw: Json | undefined): JsonObject {
  const { nodeAffinity, podAffinity, podAntiAffinity } = asObject(raw);
  const [near, apart] = [asObject(podAffinity), asObject(podAntiAffinity)];
  const wished = asArray(near[required]).map((podAffinityTerm): JsonObject => ({ weight: 100, podAffinityTerm }));
  return {
    ...(nodeAffinity === undefined ? {} : { nodeAffinity }),
    podAffinity: { [preferred]: [...wished, ...asArray(near[preferred])].flatMap(preferredTerms) },
    podAntiAffinity: {
      [required]: asArray(apart[required]).flatMap(bothTerms),
      [preferred]: asArray(apart[preferred]).flatMap(preferredTerms),
    },
  };
}

function spreadOf(raw: Json): JsonObject {
  const { matchLabelKeys: _keys, labelSelector, ...constraint } = asObject(raw);
  return { ...constraint, labelSelector: standInSelector(labelSelector) };
}

function containersOf({ containers, initContainers }: JsonObject, image: string): JsonObject[] {
  const sidecars = asArray(initContainers).filter((each) => asObject(each)['restartPolicy'] === 'Always');
  return [...asArray(containers), ...sidecars].map((each, index) => {
    const { claims: _devices, ...resources } = asObject(asObject(each)['resources']);
    return {
      name: `${helperContainer}-${index}`,
      image,
      imagePullPolicy: 'IfNotPresent',
      command: ['sleep', '600'],
      resources,
      securityContext: confinedContainer,
    };
  });
}

/** Its claims are mounted by no container: the scheduler looks at them, and the kubelet leaves them alone. */
export function placingPod({ namespace, pod, claims }: Placing, name: string, image: string): JsonObject {
  const spec = asObject(pod['spec']);
  const { nodeSelector, tolerations, schedulerName, topologySpreadConstraints } = spec;
  const [containers, spread] = [containersOf(spec, image), asArray(topologySpreadConstraints).map(spreadOf)];
  const kept = Object.entries({ nodeSelector, tolerations, schedulerName }).filter(([, value]) => value !== undefined);
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace,
      labels: { ...helperLabels(), ...standInLabels(asObject(pod['metadata'])['labels']) },
      annotations: {
        'nowwhat.dev/purpose': 'shows where the volumes of a pod can be made; may be deleted at any time',
      },
    },
    spec: {
      ...(Object.fromEntries(kept) as JsonObject),
      affinity: affinityOf(spec['affinity']),
      topologySpreadConstraints: spread,
      ...passingPod,
      activeDeadlineSeconds: 600,
      containers,
      volumes: claims.map((claimName, index) => ({ name: `claim-${index}`, persistentVolumeClaim: { claimName } })),
    },
  };
}
