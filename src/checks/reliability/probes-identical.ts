// Finds containers whose liveness probe equals their readiness probe.

import { isSameJson } from '../../model/index.ts';
import { isLongRunning } from '../long-running.ts';
import { containerCheck } from '../check.ts';

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
    applies: (container, workload) =>
      isLongRunning(container, workload) &&
      container.raw['livenessProbe'] !== undefined &&
      container.raw['readinessProbe'] !== undefined,
    find: ({ name, raw, path }) => {
      if (!isSameJson(raw['livenessProbe'], raw['readinessProbe'])) return undefined;
      return {
        message: `container "${name}" is restarted by the same answer that only should take it out of service`,
        path: [...path, 'livenessProbe'],
        evidence: 'livenessProbe and readinessProbe are equal',
      };
    },
  },
);
