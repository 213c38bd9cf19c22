// All controllers of the playground.

import { daemonSets } from './daemon-sets.ts';
import { definitions } from './definitions.ts';
import { deployments } from './deployments.ts';
import { disruptionBudgets } from './disruption-budgets.ts';
import { endpoints } from './endpoints.ts';
import { garbage } from './garbage.ts';
import { jobs } from './jobs.ts';
import { namespaces } from './namespaces.ts';
import { createPodController } from './pods.ts';
import { replicaSets } from './replica-sets.ts';
import { statefulSets } from './stateful-sets.ts';
import { claimsAndVolumes } from './volumes.ts';
import type { Controller } from './work-loop.ts';

export function allControllers(): readonly Controller[] {
  return [
    definitions,
    namespaces,
    garbage,
    deployments,
    replicaSets,
    statefulSets,
    daemonSets,
    jobs,
    claimsAndVolumes,
    createPodController(),
    endpoints,
    disruptionBudgets,
  ];
}
