// Seccomp at the baseline level: a profile may be left out, but not turned off. Annotations until 1.18, fields from 1.19.

import { asObject } from '../../../model/index.ts';
import { annotationBreach, type Breach, type Control, type PodView, textOf } from '../control.ts';
import { findForbiddenProfiles } from '../seccomp.ts';

const podAnnotation = 'seccomp.security.alpha.kubernetes.io/pod';
const containerPrefix = 'container.seccomp.security.alpha.kubernetes.io/';

function isAllowedAnnotation(value: string): boolean {
  return value === 'runtime/default' || value === 'docker/default' || value.startsWith('localhost/');
}

// Unlike AppArmor's, an annotation for a container that the pod does not have is not looked at.
function findAnnotations(pod: PodView): Breach[] {
  const annotations = asObject(pod.metadata['annotations']);
  const names = pod.containers.map(({ root }) => containerPrefix + textOf(root['name']));
  return [...new Set([podAnnotation, ...names])].flatMap((key) => {
    if (!Object.hasOwn(annotations, key)) return [];
    const value = textOf(annotations[key]);
    return isAllowedAnnotation(value) ? [] : [annotationBreach(key, value)];
  });
}

export const seccompProfileBaseline: Control = {
  id: 'seccompProfile_baseline',
  title: 'Containers do not turn seccomp off',
  level: 'baseline',
  revisions: [
    { since: 0, find: findAnnotations },
    { since: 19, find: findForbiddenProfiles },
  ],
};
