// Finds autoscalers on utilisation whose target has no request for that resource.

import type { Inventory, Workload } from '../../inventory/index.ts';
import type { PodContainer } from '../../kube/pod-template.ts';
import { asArray, asNumber, asObject, asString, type KubeObject } from '../../model/index.ts';
import { effectiveResource } from './resource-fields.ts';
import { type Choice, objectCheck } from '../check.ts';
import { asking, offer } from '../fix.ts';
import { amountOf } from '../questions.ts';

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

interface Lacking {
  readonly workload: Workload;
  readonly container: PodContainer;
}

/** The first container of the target without a request: one is enough to keep the autoscaler from computing. */
function findLacking(object: KubeObject, resource: string, inventory: Inventory): Lacking[] {
  const reference = inventory.referencesFrom(object).find(({ use }) => use === 'scaleTarget');
  const target = reference === undefined ? undefined : inventory.find(reference);
  const workload = target === undefined ? undefined : inventory.workloadOf(target);
  if (workload === undefined) return [];
  return workload.containers
    .filter(({ role }) => role === 'container' || role === 'sidecar')
    .filter(
      (container) => effectiveResource(inventory, { workload, container, kind: 'requests', resource }) === undefined,
    )
    .slice(0, 1)
    .map((container) => ({ workload, container }));
}

const evidenceOf = (resource: string): string => `resources.requests.${resource} is not set`;

function askRequest({ workload, container }: Lacking, resource: string): Choice {
  return asking(
    {
      id: `name-${resource}-request`,
      title: `Say how much ${resource} container "${container.name}" of "${workload.object.name}" needs under normal load`,
      consequence: 'as much is set aside on the node, and the autoscaler measures by it',
    },
    amountOf(`${resource} under normal load`, resource === 'memory' ? '128Mi' : '100m'),
    (answer) => {
      const path = [...container.path, 'resources', 'requests', resource];
      return { others: [{ object: workload.object, edits: [{ op: 'set', path, value: answer }] }] };
    },
  );
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
    find: (object, { inventory }) =>
      utilisationResources(object).flatMap((resource) =>
        findLacking(object, resource, inventory).map(({ workload, container: { name } }) => ({
          message: `autoscaler "${object.name}" cannot compute ${resource} utilisation: container "${name}" of "${workload.object.name}" requests none`,
          path: ['spec', 'scaleTargetRef', 'name'],
          evidence: evidenceOf(resource),
        })),
      ),
    fix: (object, { evidence }, { inventory }) => {
      const resource = utilisationResources(object).find((each) => evidenceOf(each) === evidence) ?? '';
      return offer(...findLacking(object, resource, inventory).map((lacking) => askRequest(lacking, resource)));
    },
  },
);
