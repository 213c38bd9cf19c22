// What pods of ours that are there for a while have in common: every Pod Security Standard admits them, and they hold no token.

import type { JsonObject } from '../model/index.ts';

/** Of the pod's spec. */
export const passingPod = {
  restartPolicy: 'Never',
  terminationGracePeriodSeconds: 0,
  automountServiceAccountToken: false,
  enableServiceLinks: false,
  securityContext: {
    runAsNonRoot: true,
    runAsUser: 65_534,
    runAsGroup: 65_534,
    seccompProfile: { type: 'RuntimeDefault' },
  },
} as const satisfies JsonObject;

/** The security context of its containers. */
export const confinedContainer = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ['ALL'] },
} as const satisfies JsonObject;
