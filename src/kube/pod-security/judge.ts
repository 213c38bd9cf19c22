// Which controls of the Pod Security Standards a pod breaks, at a level and policy version.

import type { Path } from '../../model/index.ts';
import type { Control, PodSecurityLevel, PodSecurityPod, Revision } from './control.ts';
import { controls } from './controls.ts';

/** The newest policy version, 1.N as N, whose rules are known here. Later versions are judged as this one. */
export const newestPodSecurityMinor = 37;

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

function revisionFor(control: Control, minor: number): Revision | undefined {
  return control.revisions.findLast(({ since }) => since <= minor);
}

/** The controls in force: at the restricted level a stricter control stands in for the baseline one on the same matter. */
function controlsInForce(level: PodSecurityLevel, minor: number): Control[] {
  const known = controls.filter((control) => revisionFor(control, minor) !== undefined);
  if (level === 'baseline') return known.filter((control) => control.level === 'baseline');
  const replaced = new Set(known.map(({ replaces }) => replaces));
  return known.filter(({ id }) => !replaced.has(id));
}

/**
 * All violations of a level, one for each value to change or to add; empty for a pod that would be admitted.
 *
 * Follows kubernetes/pod-security-admission v1.0 to v1.37 on pods that the API server accepts. Of the server's defaults
 * one counts: a volume without a source is an emptyDir.
 */
export function judgePodSecurity(pod: PodSecurityPod, level: PodSecurityLevel, minor: number): PodSecurityViolation[] {
  return controlsInForce(level, minor).flatMap((control) => {
    const breaches = revisionFor(control, minor)?.find(pod) ?? [];
    return breaches.map((breach) => ({ control: control.id, title: control.title, ...breach }));
  });
}
