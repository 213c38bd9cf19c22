// Finds containers that run with all privileges of the node.

import { asObject } from '../../model/index.ts';
import { containerCheck } from '../check.ts';
import { offer, removeWhole, way } from '../fix.ts';

export const privilegedContainer = containerCheck(
  {
    id: 'privileged-container',
    family: 'workload-security',
    title: 'No container runs privileged',
    leg: 'security',
    level: 4,
    owner: 'developer',
    severity: 'critical',
    references: [
      { framework: 'CIS', id: '5.2.2' },
      { framework: 'PSS', id: 'baseline' },
      { framework: 'MITRE', id: 'T1611' },
    ],
    hides: ['privilege-escalation', 'seccomp-unset', 'capabilities-not-dropped', 'capabilities-net-raw'],
    remediation: 'Remove securityContext.privileged, and add only the capabilities the program needs.',
    minutes: 15,
  },
  {
    find: ({ name, raw, path }) => {
      if (asObject(raw['securityContext'])['privileged'] !== true) return undefined;
      return {
        message: `container "${name}" is privileged: whoever breaks into it owns the node`,
        path: [...path, 'securityContext', 'privileged'],
        evidence: 'securityContext.privileged is true',
      };
    },
    fix: (container, { path = [] }, { object }) =>
      offer(
        way(
          {
            id: 'remove-field',
            title: 'Take the privileges of the node away',
            consequence:
              'devices, mounts and kernel settings of the node are out of reach: a program that needs them fails',
          },
          [removeWhole(object.raw, path, container.path)],
        ),
      ),
  },
);
