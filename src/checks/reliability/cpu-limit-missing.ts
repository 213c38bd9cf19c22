// Finds containers without a cpu limit.

import { resourceCheck } from './resource-check.ts';

export const cpuLimitMissing = resourceCheck({
  id: 'cpu-limit-missing',
  title: 'Containers cannot take all CPU of a node',
  level: 4,
  severity: 'low',
  kind: 'limits',
  resource: 'cpu',
  remediation: 'Set resources.limits.cpu, or accept the finding where bursts are wanted.',
  consequence: 'it may use all idle CPU of the node, and its speed depends on its neighbours',
});
