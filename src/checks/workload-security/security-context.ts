// Fields of a security context as they count for one container: its own value, or the pod's where it says nothing.

import type { Workload } from '../../inventory/index.ts';
import type { PodContainer } from '../../kube/pod-template.ts';
import { asNumber, asObject, type Json, type Path } from '../../model/index.ts';

export interface Setting {
  /** `undefined` where neither says anything: a null counts as left out. */
  readonly value: Json | undefined;
  /** Where the value stands, or where the container's own would be added. */
  readonly path: Path;
}

export function settingOf({ raw, path }: PodContainer, { spec, specPath }: Workload, field: string): Setting {
  const own = asObject(raw['securityContext'])[field] ?? undefined;
  const shared = asObject(spec['securityContext'])[field] ?? undefined;
  const holder = own === undefined && shared !== undefined ? specPath : path;
  return { value: own ?? shared, path: [...holder, 'securityContext', field] };
}

/** Linux settings mean nothing on Windows; a pod says so in `os`, or by choosing Windows nodes. */
export function isLinux({ spec }: Workload): boolean {
  const system = asObject(spec['os'])['name'] ?? asObject(spec['nodeSelector'])['kubernetes.io/os'];
  return system !== 'windows';
}

export function isPrivileged({ raw }: PodContainer): boolean {
  return asObject(raw['securityContext'])['privileged'] === true;
}

/** Root in a user namespace is nobody on the node: `hostUsers: false`, honoured by default since Kubernetes 1.33 (KEP-127). */
export function hasUserNamespace({ spec }: Workload, minor: number): boolean {
  return minor >= 33 && spec['hostUsers'] === false;
}

/** The user that the manifest names: `undefined` where the image decides. */
export function userOf(container: PodContainer, workload: Workload): number | undefined {
  return asNumber(settingOf(container, workload, 'runAsUser').value);
}

/** True where the kubelet refuses to start the container as root, or the manifest names another user. */
export function isKeptFromRoot(container: PodContainer, workload: Workload): boolean {
  const user = userOf(container, workload);
  return user === undefined ? settingOf(container, workload, 'runAsNonRoot').value === true : user !== 0;
}
