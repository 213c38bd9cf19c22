// Finds names in capability lists that runtimes pass over.

import { containerCheck } from '../check.ts';
import { capabilityEntries, knownCapabilities } from './capabilities.ts';
import { compromiseMeta } from './compromise-meta.ts';
import { isLinux } from './security-context.ts';

export const capabilitiesUnknown = containerCheck(
  compromiseMeta({
    id: 'capabilities-unknown',
    title: 'Capabilities are written as Kubernetes reads them',
    severity: 'medium',
    references: [{ framework: 'Kubernetes', id: 'Configure a Security Context for a Pod or Container' }],
    remediation: 'Write the name as in capabilities(7), without its prefix CAP_.',
    minutes: 5,
  }),
  {
    applies: (_container, workload) => isLinux(workload),
    find: (container) =>
      (['add', 'drop'] as const).flatMap((list) =>
        capabilityEntries(container, list)
          .filter(({ written }) => !knownCapabilities.has(written.toUpperCase()))
          .map(({ written, path }) => ({
            message: `container "${container.name}" has "${written}" in capabilities.${list}: containerd knows no such name and passes over it`,
            path,
            evidence: written.toUpperCase().startsWith('CAP_')
              ? 'Kubernetes writes capabilities without the prefix CAP_'
              : 'no capability of Linux has this name',
          })),
      ),
    fix: (container, { path = [] }) => {
      const [list, index] = [path.at(-2), path.at(-1)];
      const entry = (['add', 'drop'] as const)
        .filter((name) => name === list)
        .flatMap((name) => capabilityEntries(container, name))
        .find((each) => each.path.at(-1) === index);
      const name = /^CAP_(.+)/i.exec(entry?.written ?? '')?.[1]?.toUpperCase();
      return name === undefined || !knownCapabilities.has(name) ? undefined : [{ op: 'set', path, value: name }];
    },
  },
);
