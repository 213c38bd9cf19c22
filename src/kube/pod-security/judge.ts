// Which controls of the Pod Security Standards a pod breaks, at a level and policy version.

import type { Path } from '../../model/index.ts';
import { type Control, type PodSecurityLevel, type PodSecurityPod, type Revision, viewOf } from './control.ts';
import { controls } from './controls.ts';

/** The newest policy version, 1.N as N, whose rules are known here. Later versions are judged as this one. */
export const newestPodSecurityMinor = 37;

/** A control as it stands at one policy version. */
export interface PodSecurityRule {
  readonly control: Control;
  readonly find: Revision['find'];
}

export interface PodSecurityViolation {
  /** Stable id, as in kubernetes/pod-security-admission: `hostNamespaces`, `capabilities_restricted`. */
  readonly control: string;
  /** The good state, as a sentence without a full stop. */
  readonly title: string;
  /** What breaks it, naming the container. */
  readonly message: string;
  /** From the pod's root: `['spec', 'containers', 0, 'securityContext', 'privileged']`. For a missing field the nearest parent that exists. */
  readonly path: Path;
  readonly container?: string;
}

/** The controls that exist at a policy version, each with the revision that applies. */
function rulesAt(minor: number): PodSecurityRule[] {
  return controls.flatMap((control) => {
    const revision = control.revisions.findLast(({ since }) => since <= minor);
    return revision === undefined ? [] : [{ control, find: revision.find }];
  });
}

/** The controls in force. At the restricted level a stricter one stands in for the baseline one on the same matter. */
export function podSecurityRules(level: PodSecurityLevel, minor: number): PodSecurityRule[] {
  const rules = rulesAt(minor);
  if (level === 'baseline') return rules.filter(({ control }) => control.level === 'baseline');
  const replaced = new Set(rules.map(({ control }) => control.replaces));
  return rules.filter(({ control }) => !replaced.has(control.id));
}

/**
 * All violations of a level, one for each value to change or to add; empty for a pod that would be admitted.
 *
 * Follows kubernetes/pod-security-admission v1.0 to v1.37 on pods that the API server accepts. Of the server's defaults
 * one counts: a volume without a source is an emptyDir.
 */
export function judgePodSecurity(pod: PodSecurityPod, level: PodSecurityLevel, minor: number): PodSecurityViolation[] {
  const view = viewOf(pod);
  return podSecurityRules(level, minor).flatMap(({ control: { id, title }, find }) =>
    find(view).map((breach) => ({ control: id, title, ...breach })),
  );
}
