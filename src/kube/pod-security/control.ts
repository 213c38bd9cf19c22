// What a control of the Pod Security Standards is, and the few words that all of them are written in.

import { asString, type Json, type JsonObject, type Path, valueAt } from '../../model/index.ts';
import { containersOf } from '../pod-template.ts';

export type PodSecurityLevel = 'baseline' | 'restricted';

/** The part of a pod, or of a workload's pod template, that the standards look at. */
export interface PodSecurityPod {
  readonly metadata: JsonObject;
  readonly spec: JsonObject;
}

/** One value that a control does not accept, or one place that lacks a value it asks for. */
export interface Breach {
  readonly message: string;
  /** From the pod's root; for a missing field the nearest parent that exists. */
  readonly path: Path;
  readonly container?: string;
}

type Find = (pod: PodView) => Breach[];

/** How a control behaves from policy version 1.`since` until its next revision. */
export interface Revision {
  readonly since: number;
  readonly find: Find;
}

export interface Control {
  /** The id that kubernetes/pod-security-admission gives it. */
  readonly id: string;
  /** The good state, as a sentence without a full stop. */
  readonly title: string;
  readonly level: PodSecurityLevel;
  /** Id of the baseline control that this one takes the place of at the restricted level, from its first revision on. */
  readonly replaces?: string;
  /** Oldest first. A control does not exist before its first revision. */
  readonly revisions: readonly Revision[];
}

/** The pod itself or one of its containers: where a field may stand. */
export interface Place {
  /** How messages name it: `the pod`, `init container`. */
  readonly word: string;
  readonly root: JsonObject;
  /** Path of `root` from the pod's root. */
  readonly path: Path;
  readonly container?: string;
}

const roleWords = {
  container: 'container',
  init: 'init container',
  sidecar: 'sidecar container',
  ephemeral: 'ephemeral container',
} as const;

/** A pod with its places found, once for all controls. */
export interface PodView extends PodSecurityPod {
  readonly self: Place;
  /** Regular, init and ephemeral containers: the standards make no difference between them. */
  readonly containers: readonly Place[];
  /** The pod and then its containers: for fields that both have. */
  readonly places: readonly Place[];
}

export function viewOf({ metadata, spec }: PodSecurityPod): PodView {
  const self = { word: 'the pod', root: spec, path: ['spec'] };
  const containers = containersOf(spec, ['spec']).map(({ name, role, raw, path }) => {
    return { word: roleWords[role], root: raw, path, container: name };
  });
  return { metadata, spec, self, containers, places: [self, ...containers] };
}

/** The value of a field; `undefined` for a null too, which the API server reads as left out. */
export function fieldOf(place: Place, fields: Path): Json | undefined {
  return valueAt(place.root, fields) ?? undefined;
}

/** What is wrong at a place; `what` is the message without its subject. */
export function breachAt(place: Place, fields: Path, what: string): Breach {
  const existing = fields.findIndex((_, index) => valueAt(place.root, fields.slice(0, index + 1)) === undefined);
  const path = [...place.path, ...(existing === -1 ? fields : fields.slice(0, existing))];
  const { word, container } = place;
  if (container === undefined) return { message: `${word} ${what}`, path };
  return { message: `${word} ${JSON.stringify(container)} ${what}`, path, container };
}

/** What is wrong with an annotation of the pod. */
export function annotationBreach(key: string, value: string): Breach {
  const message = `the pod's annotation ${JSON.stringify(key)} asks for the profile ${JSON.stringify(value)}`;
  return { message, path: ['metadata', 'annotations', key] };
}

/** A value as text: what the API server has after decoding a string field, where a null is an empty string. */
export function textOf(value: Json | undefined): string {
  return asString(value) ?? (value === null || value === undefined ? '' : JSON.stringify(value));
}

/** The same rule, but for pods to which it does not apply. */
export function except(exempt: (pod: PodView) => boolean, find: Find): Find {
  return (pod) => (exempt(pod) ? [] : find(pod));
}

/** Linux settings mean nothing there, and the API server refuses them on such a pod. */
export function isWindows(pod: PodSecurityPod): boolean {
  return valueAt(pod.spec, ['os', 'name']) === 'windows';
}

/** Root within a user namespace is nobody on the node (KEP-127). */
export function inUserNamespace(pod: PodSecurityPod): boolean {
  return pod.spec['hostUsers'] === false;
}
