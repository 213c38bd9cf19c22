// Finds nodes that have taken no pods for a day because somebody told them so.

import { asArray, asObject, toText } from '../../model/index.ts';
import { liveCheck, specOf } from './live-check.ts';
import { minutesSince, tellMinutes } from './seen-at.ts';

const patience = 1440;
const taint = 'node.kubernetes.io/unschedulable';

export const nodeCordoned = liveCheck(
  {
    id: 'node-cordoned',
    family: 'running',
    title: 'Nodes are not left cordoned',
    leg: 'deployment',
    level: 3,
    owner: 'cluster-administrator',
    severity: 'low',
    references: [],
    remediation: 'Uncordon the node, or drain and remove it.',
    minutes: 10,
  },
  {
    kinds: ['/Node'],
    applies: (node) => specOf(node)['unschedulable'] === true,
    find: (node, context) => {
      const mark = asArray(specOf(node)['taints'])
        .map(asObject)
        .find(({ key }) => key === taint);
      const since = minutesSince(context, mark?.['timeAdded']);
      if (since < patience) return undefined;
      return {
        message: `node "${node.name}" has taken no pods for ${tellMinutes(since)}: it is cordoned`,
        path: ['spec', 'unschedulable'],
        evidence: `cordoned since ${toText(mark?.['timeAdded'])}`,
      };
    },
  },
);
