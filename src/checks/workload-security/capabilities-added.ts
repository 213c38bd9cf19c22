// Finds containers that add a capability beyond the default set, of those that stay within the container.

import { containerCheck } from '../check.ts';
import { capabilityEntries, dangerousCapabilities, defaultCapabilities, knownCapabilities } from './capabilities.ts';
import { compromiseMeta } from './compromise-meta.ts';
import { isLinux } from './security-context.ts';
import { offer, removeWhole, way } from '../fix.ts';

export const capabilitiesAdded = containerCheck(
  compromiseMeta({
    id: 'capabilities-added',
    title: 'Containers add no capability beyond the default set',
    severity: 'low',
    references: [
      { framework: 'CIS', id: '5.2.9' },
      { framework: 'PSS', id: 'baseline' },
    ],
    remediation: 'Remove the capability, or accept the finding with the reason why the program needs it.',
    minutes: 15,
  }),
  {
    applies: (_container, workload) => isLinux(workload),
    find: (container) =>
      capabilityEntries(container, 'add')
        .filter(({ name }) => knownCapabilities.has(name))
        .filter(({ name }) => !dangerousCapabilities.has(name) && !defaultCapabilities.has(name))
        .map(({ name, path, written }) => ({
          message: `container "${container.name}" adds the capability "${name}", which the Pod Security Standards do not allow`,
          path,
          evidence: `capabilities.add has ${written}`,
        })),
    fix: (container, { path = [] }, { object }) =>
      offer(
        way(
          {
            id: 'remove-capability',
            title: 'Remove the capability',
            consequence: 'the program is refused what it needed the capability for',
          },
          [removeWhole(object.raw, path, container.path)],
        ),
      ),
  },
);
