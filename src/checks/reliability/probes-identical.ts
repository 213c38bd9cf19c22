// Finds containers whose liveness probe equals their readiness probe.

import { asObject } from '../../model/index.ts';
import { isLongRunning } from '../long-running.ts';
import { containerCheck } from '../check.ts';

/** Fields in one order, so that two spellings of a probe compare equal. */
function sorted(probe: unknown): readonly unknown[] {
  return Object.entries(asObject(probe))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => [key, typeof value === 'object' ? sorted(value) : value]);
}

export const probesIdentical = containerCheck(
  {
    id: 'probes-identical',
    family: 'reliability',
    title: 'Liveness and readiness ask different questions',
    leg: 'deployment',
    level: 3,
    owner: 'developer',
    severity: 'low',
    references: [],
    remediation: 'Give the livenessProbe a question of its own, or a clearly higher failureThreshold.',
    minutes: 10,
  },
  {
    applies: ({ raw, ...rest }, workload) =>
      isLongRunning({ raw, ...rest }, workload) &&
      raw['livenessProbe'] !== undefined &&
      raw['readinessProbe'] !== undefined,
    find: ({ name, raw, path }) => {
      if (JSON.stringify(sorted(raw['livenessProbe'])) !== JSON.stringify(sorted(raw['readinessProbe'])))
        return undefined;
      return {
        message: `container "${name}" is restarted by the same answer that only should take it out of service`,
        path: [...path, 'livenessProbe'],
        evidence: 'livenessProbe and readinessProbe are equal',
      };
    },
  },
);
