// Finds containers whose liveness probe equals their readiness probe.

import { isSameJson, asNumber, asObject } from '../../model/index.ts';
import { isLongRunning } from '../long-running.ts';
import { containerCheck } from '../check.ts';
import { asking, offer } from '../fix.ts';
import { numberOf } from '../questions.ts';

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
    fix: ({ raw }, { path = [] }) => {
      const now = asNumber(asObject(raw['readinessProbe'])['failureThreshold']) ?? 3;
      return offer(
        asking(
          {
            id: 'later-restart',
            title: 'Restart only after more failures than take the pod out of service',
            consequence: 'a program that hangs is restarted later; one that is only busy is left alone',
          },
          numberOf('failures in a row that mean a restart', now * 3, now + 1),
          (answer) => [{ op: 'set', path: [...path, 'failureThreshold'], value: Number(answer) }],
        ),
      );
    },
  },
);
