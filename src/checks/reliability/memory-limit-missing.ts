// Finds containers without a memory limit.

import { resourceCheck } from './resource-check.ts';

export const memoryLimitMissing = resourceCheck({
  id: 'memory-limit-missing',
  title: 'Containers have a memory limit',
  level: 3,
  severity: 'medium',
  kind: 'limits',
  resource: 'memory',
  remediation: 'Set resources.limits.memory above the highest usage that is normal.',
  consequence: 'a leak takes the memory of its neighbours and then of the node',
});
