// Which seccomp profile a container really gets: by field, by the annotations of old versions, or none.

import type { Workload } from '../../inventory/index.ts';
import type { PodContainer } from '../../kube/pod-template.ts';
import { asObject, asString, type Path } from '../../model/index.ts';
import { settingOf } from './security-context.ts';

const podAnnotation = 'seccomp.security.alpha.kubernetes.io/pod';
const containerPrefix = 'container.seccomp.security.alpha.kubernetes.io/';

export interface SeccompProfile {
  /** `undefined` where none is named: unconfined, unless the kubelet has a default. */
  readonly type: string | undefined;
  readonly path: Path;
  /** An annotation that names a profile but no longer counts in the target version. */
  readonly ignored?: string;
}

/** The field counts from Kubernetes 1.19, annotations until 1.26. Source: KEP-135 and the changelog of 1.27. */
export function seccompOf(container: PodContainer, workload: Workload, minor: number): SeccompProfile {
  const { value, path } = settingOf(container, workload, 'seccompProfile');
  const field = asString(asObject(value)['type']);
  const key = [containerPrefix + container.name, podAnnotation].find(
    (name) => workload.annotations[name] !== undefined,
  );
  if (field !== undefined && minor >= 19) return { type: field, path: [...path, 'type'] };
  if (key === undefined) return { type: undefined, path };
  if (minor >= 27) return { type: undefined, path, ignored: key };
  const profile = workload.annotations[key];
  return {
    type: profile === 'unconfined' ? 'Unconfined' : profile,
    path: [...workload.templatePath, 'metadata', 'annotations', key],
  };
}
