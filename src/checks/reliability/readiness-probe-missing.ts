// Finds long-running containers without a readiness probe.

import { asObject } from '../../model/index.ts';
import { isLongRunning } from '../long-running.ts';
import { containerCheck } from '../check.ts';
import { askPort, readyWhenAlive } from './probe-ways.ts';
import { offer } from '../fix.ts';

export const readinessProbeMissing = containerCheck(
  {
    id: 'readiness-probe-missing',
    family: 'reliability',
    title: 'Long-running containers say when they can serve',
    leg: 'deployment',
    level: 3,
    owner: 'developer',
    severity: 'medium',
    references: [],
    remediation: 'Add a readinessProbe that answers only when the container can serve.',
    minutes: 15,
  },
  {
    applies: (container, workload, { inventory }) =>
      isLongRunning(container, workload) && inventory.selectorsOf(workload, '/Service').length > 0,
    find: ({ name, raw, path }) => {
      if (Object.keys(asObject(raw['readinessProbe'])).length > 0) return undefined;
      return {
        message: `container "${name}" has no readinessProbe: a Service sends it requests before it can answer, and a bad release counts as good`,
        path: [...path, 'readinessProbe'],
        evidence: 'readinessProbe is not set and a Service selects the pod',
      };
    },
    fix: (container) =>
      offer(
        readyWhenAlive(container),
        askPort(
          container,
          'a pod counts as ready as soon as it listens, even where it cannot answer yet; a path of its own tells more',
        ),
      ),
  },
);
