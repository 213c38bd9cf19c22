// The spec of a pod of ours that is there for a while: small, without rights, and gone by itself in the end.

import type { JsonObject } from '../model/index.ts';

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
    restartPolicy: 'Never',
    activeDeadlineSeconds: seconds,
    terminationGracePeriodSeconds: 0,
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: 65_534,
      runAsGroup: 65_534,
      seccompProfile: { type: 'RuntimeDefault' },
    },
    containers: [
      {
        name: container,
        image,
        command: [...command],
        resources,
        securityContext: {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        },
      },
    ],
  };
}
