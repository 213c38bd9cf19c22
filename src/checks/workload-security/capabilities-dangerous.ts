// Finds containers that add a capability which reaches beyond the container.

import { containerCheck } from '../check.ts';
import { capabilityEntries, dangerousCapabilities } from './capabilities.ts';
import { compromiseMeta } from './compromise-meta.ts';
import { isLinux } from './security-context.ts';
import { offer, removeWhole, way } from '../fix.ts';

export const capabilitiesDangerous = containerCheck(
  compromiseMeta({
    id: 'capabilities-dangerous',
    title: 'No container adds a capability that reaches the node',
    severity: 'high',
    references: [
      { framework: 'CIS', id: '5.2.9' },
      { framework: 'PSS', id: 'baseline' },
      { framework: 'MITRE', id: 'T1611' },
    ],
    hides: ['privilege-escalation'],
    remediation: 'Remove the capability, or move the part that needs it into an agent of its own.',
    minutes: 30,
  }),
  {
    applies: (_container, workload) => isLinux(workload),
    find: (container) =>
      capabilityEntries(container, 'add').flatMap(({ name, written, path }) => {
        const consequence = dangerousCapabilities.get(name);
        if (consequence === undefined) return [];
        return {
          message: `container "${container.name}" adds the capability "${name}": ${consequence}`,
          path,
          evidence: `capabilities.add has ${written}`,
          ...(name === 'ALL' || name === 'SYS_ADMIN' || name === 'SYS_MODULE' ? { severity: 'critical' as const } : {}),
        };
      }),
    fix: (container, { path = [] }, { object }) =>
      offer(
        way(
          {
            id: 'remove-capability',
            title: 'Remove the capability',
            consequence: 'the program is refused what it needed the capability for: an agent of the node stops working',
          },
          [removeWhole(object.raw, path, container.path)],
        ),
      ),
  },
);
