// Finds pods that can run on one named node only.

import { asObject, asString } from '../../model/index.ts';
import { workloadCheck } from '../check.ts';
import { offerRemoval } from '../fix.ts';

export const pinnedToNode = workloadCheck(
  {
    id: 'pinned-to-node',
    family: 'reliability',
    title: 'Pods may run on any fitting node',
    leg: 'deployment',
    level: 3,
    owner: 'developer',
    severity: 'medium',
    references: [],
    remediation: 'Select nodes by a label of a group, not by name.',
    minutes: 10,
  },
  {
    find: ({ object, spec, specPath }) => {
      const named = asString(spec['nodeName']) ?? '';
      const host = asString(asObject(spec['nodeSelector'])['kubernetes.io/hostname']) ?? '';
      if (named === '' && host === '') return undefined;
      return {
        message: `pods of "${object.name}" can run on node "${named === '' ? host : named}" only: when it is gone, so are they`,
        path: named === '' ? [...specPath, 'nodeSelector', 'kubernetes.io/hostname'] : [...specPath, 'nodeName'],
        evidence: named === '' ? 'nodeSelector names a host' : 'nodeName is set, which also skips the scheduler',
      };
    },
    fix: offerRemoval({
      id: 'any-node',
      title: 'Let the pods run on any node',
      consequence: 'pods that need something of that node, such as its disk, do not find it elsewhere',
    }),
  },
);
