// Finds names in capability lists that runtimes pass over.

import { containerCheck } from '../check.ts';
import { capabilityEntries, knownCapabilities } from './capabilities.ts';
import { compromiseMeta } from './compromise-meta.ts';
import { isLinux } from './security-context.ts';
import { nearName } from '../near-name.ts';
import { removeWhole } from '../fix.ts';
import { toText, valueAt } from '../../model/index.ts';

/** The capability that was meant: without the prefix, or a slip away. */
function nameMeant(written: string): string | undefined {
  const name = written.toUpperCase().replace(/^CAP_/, '');
  return knownCapabilities.has(name) ? name : nearName(name, knownCapabilities);
}

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
    fix: (container, { path = [] }, { object }) => {
      const name = nameMeant(toText(valueAt(object.raw, path)));
      // What nobody knows has no effect: it may go.
      return [name === undefined ? removeWhole(object.raw, path, container.path) : { op: 'set', path, value: name }];
    },
  },
);
