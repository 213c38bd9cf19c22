// Finds containers whose processes may gain more privileges than their parent.

import { asObject } from '../../model/index.ts';
import { containerCheck } from '../check.ts';
import { capabilityEntries } from './capabilities.ts';
import { compromiseMeta } from './compromise-meta.ts';
import { isLinux, isPrivileged } from './security-context.ts';
import { setTo } from '../fix.ts';

export const privilegeEscalation = containerCheck(
  compromiseMeta({
    id: 'privilege-escalation',
    title: 'Processes cannot gain privileges',
    severity: 'high',
    references: [
      { framework: 'CIS', id: '5.2.6' },
      { framework: 'PSS', id: 'restricted' },
      { framework: 'MITRE', id: 'T1548' },
    ],
    remediation: 'Set allowPrivilegeEscalation: false in the securityContext of the container.',
    minutes: 5,
  }),
  {
    // The API server refuses `false` on these two; what they have is told by checks of their own.
    applies: (container, workload) =>
      isLinux(workload) &&
      !isPrivileged(container) &&
      !capabilityEntries(container, 'add').some(({ name }) => name === 'SYS_ADMIN'),
    find: ({ name, raw, path }) => {
      const value = asObject(raw['securityContext'])['allowPrivilegeEscalation'] ?? undefined;
      if (value === false) return undefined;
      return {
        message: `container "${name}" lets its processes gain privileges, through set-user-ID programs for example`,
        path: [...path, 'securityContext', 'allowPrivilegeEscalation'],
        evidence:
          value === undefined ? 'allowPrivilegeEscalation is not set: true' : 'allowPrivilegeEscalation is true',
      };
    },
    fix: setTo(false),
  },
);
