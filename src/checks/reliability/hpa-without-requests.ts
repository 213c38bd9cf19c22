// Finds autoscalers on utilisation whose target has no request for that resource.

import { asArray, asNumber, asObject, asString, type KubeObject } from '../../model/index.ts';
import { effectiveResource } from './resource-fields.ts';
import { objectCheck } from '../check.ts';

/** Resources that an autoscaler wants as a share of the request, in any of its API versions. */
function utilisationResources({ raw }: KubeObject): string[] {
  const spec = asObject(raw['spec']);
  if (asNumber(spec['targetCPUUtilizationPercentage']) !== undefined) return ['cpu'];
  const metrics = asArray(spec['metrics']).map(asObject);
  const resources = metrics.filter(({ type }) => type === 'Resource').map(({ resource }) => asObject(resource));
  const shares = resources.filter(
    ({ target, targetAverageUtilization }) =>
      asObject(target)['type'] === 'Utilization' || targetAverageUtilization !== undefined,
  );
  // Without metrics the API server fills in 80 % of the CPU request.
  if (metrics.length === 0) return ['cpu'];
  return shares.flatMap(({ name }) => asString(name) ?? []);
}

export const hpaWithoutRequests = objectCheck(
  {
    id: 'hpa-without-requests',
    family: 'reliability',
    title: 'Autoscalers on utilisation have requests to measure against',
    leg: 'deployment',
    level: 3,
    owner: 'developer',
    severity: 'high',
    references: [],
    remediation: 'Set requests of the scaled resource on every container of the target.',
    minutes: 15,
  },
  {
    kinds: ['autoscaling/HorizontalPodAutoscaler'],
    find: (object, { inventory }) => {
      const reference = inventory.referencesFrom(object).find(({ use }) => use === 'scaleTarget');
      const target = reference === undefined ? undefined : inventory.find(reference);
      const workload = target === undefined ? undefined : inventory.workloadOf(target);
      if (workload === undefined) return undefined;
      return utilisationResources(object).flatMap((resource) =>
        workload.containers
          .filter(({ role }) => role === 'container' || role === 'sidecar')
          .filter(
            (container) =>
              effectiveResource(inventory, { workload, container, kind: 'requests', resource }) === undefined,
          )
          .slice(0, 1)
          .map(({ name }) => ({
            message: `autoscaler "${object.name}" cannot compute ${resource} utilisation: container "${name}" of "${workload.object.name}" requests none`,
            path: ['spec', 'scaleTargetRef', 'name'],
            evidence: `resources.requests.${resource} is not set`,
          })),
      );
    },
  },
);
