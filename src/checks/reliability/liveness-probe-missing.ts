// Finds long-running containers without a liveness probe.

import { asObject } from '../../model/index.ts';
import { isLongRunning } from '../long-running.ts';
import { containerCheck } from '../check.ts';
import { aliveWhenReady, askPortBeforeRestart } from './probe-ways.ts';
import { offer } from '../fix.ts';

export const livenessProbeMissing = containerCheck(
  {
    id: 'liveness-probe-missing',
    family: 'reliability',
    title: 'Long-running containers are restarted when they hang',
    leg: 'deployment',
    level: 3,
    owner: 'developer',
    severity: 'low',
    references: [],
    remediation: 'Add a livenessProbe that fails only when a restart would help.',
    minutes: 15,
  },
  {
    applies: isLongRunning,
    find: ({ name, raw, path }) => {
      if (Object.keys(asObject(raw['livenessProbe'])).length > 0) return undefined;
      return {
        message: `container "${name}" has no livenessProbe: when it hangs, nothing restarts it`,
        path: [...path, 'livenessProbe'],
        evidence: 'livenessProbe is not set',
      };
    },
    fix: (container) =>
      offer(
        aliveWhenReady(container),
        askPortBeforeRestart(
          container,
          'a program that still listens but hangs is not found; one that stops listening while it starts or is overloaded is restarted',
        ),
      ),
  },
);
