// Finds nodes that run nothing: their kubelet does not answer, or says that it cannot.

import { findCondition, liveCheck, specOf, tellCondition } from './live-check.ts';

export const nodeNotReady = liveCheck(
  {
    id: 'node-not-ready',
    family: 'running',
    title: 'All nodes are ready',
    leg: 'deployment',
    level: 3,
    owner: 'cluster-administrator',
    severity: 'high',
    references: [],
    remediation: 'Repair the kubelet of the node, or drain and replace the node.',
    minutes: 60,
  },
  {
    kinds: ['/Node'],
    find: (object) => {
      const ready = findCondition(object, 'Ready');
      if (ready === undefined || ready.status === 'True') return undefined;
      const lost = ready.status === 'Unknown';
      const network = findCondition(object, 'NetworkUnavailable');
      const cause = network?.status === 'True' ? `; ${tellCondition(network)}` : '';
      const cordoned = specOf(object)['unschedulable'] === true ? '; it is cordoned too' : '';
      return {
        message: `node "${object.name}" ${lost ? 'does not answer: its pods may run or not, and are moved away' : 'cannot run pods'}`,
        path: ['status', 'conditions'],
        evidence: `${tellCondition(ready)}${cause}${cordoned}`,
      };
    },
  },
);
