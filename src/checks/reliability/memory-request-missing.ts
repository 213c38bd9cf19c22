// Finds containers without a memory request.

import { resourceCheck } from './resource-check.ts';

export const memoryRequestMissing = resourceCheck({
  id: 'memory-request-missing',
  title: 'Containers request the memory they need',
  level: 3,
  severity: 'medium',
  kind: 'requests',
  resource: 'memory',
  remediation: 'Set resources.requests.memory to what the container uses under normal load.',
  consequence: 'the node may be filled beyond its memory and this pod is among the first to be evicted',
});
