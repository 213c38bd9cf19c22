// Finds containers without a ephemeral-storage limit.

import { resourceCheck } from './resource-check.ts';

export const ephemeralStorageLimitMissing = resourceCheck({
  id: 'ephemeral-storage-limit-missing',
  title: 'Containers cannot fill the disk of a node',
  level: 4,
  severity: 'low',
  kind: 'limits',
  resource: 'ephemeral-storage',
  remediation: 'Set resources.limits.ephemeral-storage for logs, emptyDir volumes and the writable layer.',
  consequence: 'its logs and temporary files can fill the disk of the node',
});
