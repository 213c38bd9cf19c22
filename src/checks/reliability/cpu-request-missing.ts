// Finds containers without a cpu request.

import { resourceCheck } from './resource-check.ts';

export const cpuRequestMissing = resourceCheck({
  id: 'cpu-request-missing',
  title: 'Containers request the CPU they need',
  level: 3,
  severity: 'medium',
  kind: 'requests',
  resource: 'cpu',
  remediation: 'Set resources.requests.cpu to what the container uses under normal load.',
  consequence: 'the scheduler packs it anywhere and under pressure it gets the smallest share',
});
