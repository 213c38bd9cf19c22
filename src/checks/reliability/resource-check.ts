// The shape of the checks that a container has a request or a limit.

import type { CheckMeta, Level, Severity } from '../../model/index.ts';
import { containerCheck, type ContainerCheck } from '../check.ts';
import { askAmount } from './ask-amount.ts';
import { effectiveResource } from './resource-fields.ts';

interface ResourceFacts {
  readonly id: string;
  readonly title: string;
  readonly level: Level;
  readonly severity: Severity;
  readonly kind: 'requests' | 'limits';
  readonly resource: string;
  readonly remediation: string;
  /** Ends the sentence `container "x" has no cpu request: …`. */
  readonly consequence: string;
  readonly references?: CheckMeta['references'];
}

/** A check that a container has a request or limit of one resource after defaulting. */
export function resourceCheck({ kind, resource, consequence, ...facts }: ResourceFacts): ContainerCheck {
  const word = kind === 'requests' ? 'request' : 'limit';
  const meta = {
    references: [],
    ...facts,
    family: 'reliability',
    leg: 'deployment',
    owner: 'developer',
    minutes: 15,
  } as const;
  return containerCheck(meta, {
    applies: ({ role }) => role === 'container' || role === 'sidecar',
    find: (container, workload, { inventory }) => {
      if (effectiveResource(inventory, { workload, container, kind, resource }) !== undefined) return undefined;
      return {
        message: `container "${container.name}" has no ${resource} ${word}: ${consequence}`,
        path: [...container.path, 'resources', kind, resource],
        evidence: `resources.${kind}.${resource} is not set and no LimitRange in the input supplies it`,
      };
    },
    fix: (container, { path = [] }, workload, { inventory }) =>
      askAmount({ workload, container, kind, resource }, path, inventory),
  });
}
