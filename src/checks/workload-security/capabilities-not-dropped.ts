// Finds containers that keep the capabilities which runtimes give to everybody.

import { containerCheck } from '../check.ts';
import { capabilityEntries, dropsAll } from './capabilities.ts';
import { compromiseMeta } from './compromise-meta.ts';
import { dropAndKeep, hasNoneAnyway } from './capability-needs.ts';
import { isLinux, isPrivileged } from './security-context.ts';
import { offer, way } from '../fix.ts';

export const capabilitiesNotDropped = containerCheck(
  compromiseMeta({
    id: 'capabilities-not-dropped',
    title: 'Containers start without capabilities',
    severity: 'medium',
    references: [
      { framework: 'CIS', id: '5.2.9' },
      { framework: 'PSS', id: 'restricted' },
    ],
    remediation: 'Set capabilities.drop to [ALL], and add back only what the program needs.',
    minutes: 10,
    follows: ['run-as-non-root'],
  }),
  {
    applies: (container, workload) => isLinux(workload) && !isPrivileged(container),
    find: (container) => {
      if (dropsAll(container)) return undefined;
      const dropped = capabilityEntries(container, 'drop').map(({ written }) => written);
      return {
        message: `container "${container.name}" keeps the runtime's default capabilities, which few programs need`,
        path: [...container.path, 'securityContext', 'capabilities', 'drop'],
        evidence: dropped.length === 0 ? 'capabilities.drop is not set' : `capabilities.drop is ${dropped.join(', ')}`,
      };
    },
    fix: (container, { path = [] }, workload) => {
      const drop = { op: 'set', path, value: ['ALL'] } as const;
      if (hasNoneAnyway(container, workload)) return [drop];
      return offer(
        dropAndKeep(container, workload, path),
        way(
          {
            id: 'drop-all',
            title: 'Drop all capabilities',
            consequence:
              'a program that starts as root and becomes another user, gives files away or opens a port below 1024 may fail: databases and web servers often do',
          },
          [drop],
        ),
      );
    },
  },
);
