// Which service account the pods of a workload have, and whether its token is put into them.

import type { Inventory } from '../inventory.ts';
import type { Workload } from '../workload.ts';
import { asArray, asObject, asString, type KubeObject, type Path } from '../../model/index.ts';
import type { Identity } from './bindings.ts';

/** The account of the pods: the old field counts where the new one is empty, as in the API server's conversion. */
export function accountOf({ spec, object }: Workload): Identity {
  const name = asString(spec['serviceAccountName']) || asString(spec['serviceAccount']) || 'default';
  return { kind: 'ServiceAccount', namespace: object.namespace, name };
}

/** The field that names the account, or where it would stand. */
export function accountPath({ spec, specPath }: Workload): Path {
  const isOld = !asString(spec['serviceAccountName']) && Boolean(asString(spec['serviceAccount']));
  return [...specPath, isOld ? 'serviceAccount' : 'serviceAccountName'];
}

export function findAccount(inventory: Inventory, { namespace, name }: Identity): KubeObject | undefined {
  return inventory.find({ group: '', kind: 'ServiceAccount', namespace, name });
}

export interface TokenMount {
  readonly mounted: boolean;
  /** True where pod or account says so in words; false where it is the default. */
  readonly stated: boolean;
}

function readFlag(value: unknown): boolean | undefined {
  return typeof value === 'boolean' ? value : undefined;
}

/** What admission puts into a running pod by itself; a Pod that was read from a cluster has it. */
export const mountedVolume = /^kube-api-access-/;

function hasMountedVolume({ spec }: Workload): boolean {
  return asArray(spec['volumes']).some((volume) => mountedVolume.test(asString(asObject(volume)['name']) ?? ''));
}

/** Whether Kubernetes mounts a token by itself: the pod decides, then the account, then yes. `undefined`: not to be known. */
export function tokenMount(inventory: Inventory, workload: Workload): TokenMount | undefined {
  const account = accountOf(workload);
  const object = findAccount(inventory, account);
  const flag =
    readFlag(workload.spec['automountServiceAccountToken']) ?? readFlag(object?.raw['automountServiceAccountToken']);
  if (flag !== undefined) return { mounted: flag, stated: true };
  if (object === undefined && account.name !== 'default' && !hasMountedVolume(workload)) return undefined;
  return { mounted: true, stated: false };
}

/** A volume that the pod asks for itself, with a token for the API server itself, which is what no `audience` means. */
export function projectsApiToken({ spec }: Workload): boolean {
  return asArray(spec['volumes'])
    .map(asObject)
    .some(({ name, projected }) => {
      if (mountedVolume.test(asString(name) ?? '')) return false;
      return asArray(asObject(projected)['sources']).some((item) => {
        const token = asObject(item)['serviceAccountToken'];
        return token !== undefined && token !== null && !asString(asObject(token)['audience']);
      });
    });
}

/** Pods that the kubelet makes from files of its node: they have no account. */
export function isStaticPod({ object, labels }: Workload): boolean {
  return object.kind === 'Pod' && object.namespace === 'kube-system' && labels['tier'] === 'control-plane';
}
