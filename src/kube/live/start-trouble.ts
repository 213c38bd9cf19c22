// Why a pod does not start, in the words of the kubelet and the scheduler.

import { asArray, asObject, asString, type JsonObject } from '../../model/index.ts';

export interface StartTrouble {
  readonly words: string;
  /** Waiting longer is of no use. */
  readonly isFinal: boolean;
  /** Its image cannot be had: another may be. */
  readonly isOfImage: boolean;
}

/** A Secret may still come, a registry may answer the next time: only what the kubelet itself gives up, or would try for ever. Source: Kubernetes 1.34, pkg/kubelet. */
const final: ReadonlySet<string> = new Set([
  'ErrImageNeverPull',
  'InvalidImageName',
  'ImagePullBackOff',
  'CreateContainerError',
  'RunContainerError',
  'SysctlForbidden',
]);

const ofImage: ReadonlySet<string> = new Set([
  'ErrImagePull',
  'ErrImageNeverPull',
  'ImageInspectError',
  'ImagePullBackOff',
  'InvalidImageName',
  'RegistryUnavailable',
]);

const underWay: ReadonlySet<string> = new Set(['ContainerCreating', 'PodInitializing']);

function wordsOf(reason: string, message: unknown): string {
  return typeof message === 'string' && message !== '' ? `${reason} ${message}` : reason;
}

/** Of a pod that does not run yet; nothing where nothing is said against it. */
export function findStartTrouble(pod: JsonObject): StartTrouble | undefined {
  const status = asObject(pod['status']);
  const containers = [...asArray(status['initContainerStatuses']), ...asArray(status['containerStatuses'])];
  const waiting = containers.map((each) => asObject(asObject(asObject(each)['state'])['waiting']));
  for (const { reason, message } of [...waiting, status]) {
    const said = asString(reason) ?? '';
    if (said !== '' && !underWay.has(said))
      return { words: wordsOf(said, message), isFinal: final.has(said), isOfImage: ofImage.has(said) };
  }
  const scheduled = asArray(status['conditions'])
    .map(asObject)
    .find(({ type }) => type === 'PodScheduled');
  const words = scheduled?.['status'] === 'False' ? (asString(scheduled['message']) ?? '') : '';
  return words === '' ? undefined : { words, isFinal: false, isOfImage: false };
}
