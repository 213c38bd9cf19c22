// Finds liveness probes that wait a long fixed time instead of using a startup probe.

import { asNumber, asObject } from '../../model/index.ts';
import { isLongRunning } from '../long-running.ts';
import { containerCheck } from '../check.ts';

/** From this delay on, a fixed wait costs more than it saves. Seconds. */
const longDelay = 60;

export const startupProbeMissing = containerCheck(
  {
    id: 'startup-probe-missing',
    family: 'reliability',
    title: 'Slow starters have a startup probe',
    leg: 'deployment',
    level: 3,
    owner: 'developer',
    severity: 'low',
    references: [],
    remediation: 'Replace the long initialDelaySeconds of the livenessProbe by a startupProbe.',
    minutes: 10,
  },
  {
    applies: (container, workload) =>
      isLongRunning(container, workload) && Object.keys(asObject(container.raw['livenessProbe'])).length > 0,
    find: ({ name, raw, path }) => {
      const delay = asNumber(asObject(raw['livenessProbe'])['initialDelaySeconds']) ?? 0;
      if (delay < longDelay || raw['startupProbe'] !== undefined) return undefined;
      return {
        message: `container "${name}" is not watched for its first ${delay} seconds, and a start that takes longer is killed`,
        path: [...path, 'livenessProbe', 'initialDelaySeconds'],
        evidence: `livenessProbe.initialDelaySeconds is ${delay} and startupProbe is not set`,
      };
    },
    fix: ({ raw, path }) => {
      const { initialDelaySeconds, ...probe } = asObject(raw['livenessProbe']);
      const period = asNumber(probe['periodSeconds']) ?? 10;
      const failures = asNumber(probe['failureThreshold']) ?? 3;
      // The program gets no less time to start than it has now.
      const failureThreshold = Math.ceil((asNumber(initialDelaySeconds) ?? 0) / period) + failures;
      return [
        { op: 'set', path: [...path, 'startupProbe'], value: { ...probe, failureThreshold } },
        { op: 'remove', path: [...path, 'livenessProbe', 'initialDelaySeconds'] },
      ];
    },
  },
);
