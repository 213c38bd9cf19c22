// AppArmor profiles, by field and by the older annotation: the default or one of the node's own, never none.

import { asObject } from '../../../model/index.ts';
import { annotationBreach, type Breach, breachAt, type Control, fieldOf, type PodView, textOf } from '../control.ts';

const field = ['securityContext', 'appArmorProfile'];
const allowedTypes = new Set(['RuntimeDefault', 'Localhost']);
const annotationPrefix = 'container.apparmor.security.beta.kubernetes.io/';

function isAllowedAnnotation(value: string): boolean {
  return value === '' || value === 'runtime/default' || value.startsWith('localhost/');
}

// Every annotation with the prefix counts, also one for a container that the pod does not have.
function findAnnotations(pod: PodView): Breach[] {
  return Object.entries(asObject(pod.metadata['annotations'])).flatMap(([key, value]) => {
    const isForbidden = key.startsWith(annotationPrefix) && !isAllowedAnnotation(textOf(value));
    return isForbidden ? [annotationBreach(key, textOf(value))] : [];
  });
}

function findProfiles(pod: PodView): Breach[] {
  return pod.places.flatMap((place) => {
    if (fieldOf(place, field) === undefined) return [];
    const type = textOf(fieldOf(place, [...field, 'type']));
    if (allowedTypes.has(type)) return [];
    return [breachAt(place, [...field, 'type'], `sets the AppArmor profile type ${JSON.stringify(type)}`)];
  });
}

// The field came with Kubernetes 1.30 but counts under every policy version: it was added to the first revision.
export const appArmorProfile: Control = {
  id: 'appArmorProfile',
  title: 'Containers keep an AppArmor profile',
  level: 'baseline',
  revisions: [{ since: 0, find: (pod) => [...findProfiles(pod), ...findAnnotations(pod)] }],
};
