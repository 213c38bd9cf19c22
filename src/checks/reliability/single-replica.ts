// Finds workloads that run as one pod.

import { asNumber, asObject, type Diagnostic, type Edit } from '../../model/index.ts';
import { autoscalersOf, isReplicated, type Workload } from '../../inventory/index.ts';
import { type CheckContext, workloadCheck } from '../check.ts';
import { isDataStore } from '../data-stores.ts';
import { newBudget } from '../new-budget.ts';
import { podLabelsToSelect, spreadOverNodes } from '../pod-selection.ts';
import { offer, way } from '../fix.ts';

type Told = Pick<Diagnostic, 'message' | 'severity'>;

/** A second copy helps where requests can go to either; data needs replication, and a worker is only late. */
function tell(workload: Workload, { inventory }: CheckContext): Told {
  const { name } = workload.object;
  if (isDataStore(workload))
    return {
      severity: 'low',
      message: `"${name}" keeps its data in one pod: each node drain or crash stops it for a while, and more replicas alone do not help`,
    };
  const services = inventory.selectorsOf(workload, '/Service');
  if (services.length === 0)
    return { severity: 'low', message: `"${name}" runs as a single pod: its work waits while the pod is moved` };
  // Several versions behind one name, for a canary or a test.
  if (services.every((service) => inventory.workloadsSelectedBy(service).length > 1))
    return {
      severity: 'low',
      message: `"${name}" runs as a single pod: each node drain, crash or release takes this version away, and the others behind its Service get its share`,
    };
  return { message: `"${name}" runs as a single pod: each node drain, crash or release takes it down` };
}

export const singleReplica = workloadCheck(
  {
    id: 'single-replica',
    family: 'reliability',
    title: 'Workloads survive the loss of one pod',
    leg: 'deployment',
    level: 3,
    owner: 'developer',
    severity: 'medium',
    references: [],
    remediation:
      'Run two or more replicas, or let an autoscaler keep at least two; data needs an operator or a managed service.',
    minutes: 10,
  },
  {
    applies: (workload, { inventory }) => isReplicated(workload) && autoscalersOf(inventory, workload).length === 0,
    find: (workload, context) => {
      const { object } = workload;
      const declared = asObject(object.raw['spec'])['replicas'];
      if ((asNumber(declared) ?? 1) !== 1) return undefined;
      return {
        ...tell(workload, context),
        path: ['spec', 'replicas'],
        evidence: declared === undefined ? 'replicas is not set, which means 1' : 'replicas is 1',
      };
    },
    fix: (workload, { path = [] }, context) => {
      // A second copy of what keeps data is another, empty one; a StatefulSet is made for such programs.
      if (isDataStore(workload) || workload.object.kind !== 'Deployment') return undefined;
      const labels = podLabelsToSelect(workload);
      const isSpread =
        workload.spec['topologySpreadConstraints'] !== undefined || workload.spec['affinity'] !== undefined;
      const spread: Edit[] =
        labels === undefined || isSpread
          ? []
          : [
              {
                op: 'set',
                path: [...workload.specPath, 'topologySpreadConstraints'],
                value: [spreadOverNodes(labels)],
              },
            ];
      const held = context.inventory.selectorsOf(workload, 'policy/PodDisruptionBudget').length > 0;
      const budget = held ? undefined : newBudget(workload, context);
      return offer(
        way(
          {
            id: 'second-copy',
            title: 'Run two pods, on different nodes where there are some, and let drains take one at a time',
            consequence:
              'what the program keeps in memory, such as sessions, is known to one of the two only; work on a timer is done twice',
          },
          { edits: [{ op: 'set', path, value: 2 }, ...spread], create: budget === undefined ? [] : [budget] },
        ),
      );
    },
  },
);
