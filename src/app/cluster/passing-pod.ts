// The spec of a pod of ours that is there for a while: small, without rights, and gone by itself in the end.

import { confinedContainer, passingPod } from '../../kube/passing-pod.ts';
import type { JsonObject } from '../../model/index.ts';

export interface PassingPod {
  /** Name of its only container. */
  readonly container: string;
  readonly image: string;
  readonly command: readonly string[];
  /** After which the kubelet ends it, should nobody be there to delete it. */
  readonly seconds: number;
  readonly resources: JsonObject;
}

/** Admitted by every Pod Security Standard; without a token. */
export function passingPodSpec({ container, image, command, seconds, resources }: PassingPod): JsonObject {
  return {
    ...passingPod,
    activeDeadlineSeconds: seconds,
    containers: [{ name: container, image, command: [...command], resources, securityContext: confinedContainer }],
  };
}
