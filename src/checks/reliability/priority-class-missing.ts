// Finds long-running workloads without a priority class.

import type { Inventory } from '../../inventory/index.ts';
import { asString } from '../../model/index.ts';
import { runsForEver } from '../long-running.ts';
import { workloadCheck } from '../check.ts';
import { asking, offer, way } from '../fix.ts';
import { nameOf } from '../questions.ts';

function hasDefaultClass(inventory: Inventory): boolean {
  return inventory.ofKind('scheduling.k8s.io/PriorityClass').some(({ raw }) => raw['globalDefault'] === true);
}

export const priorityClassMissing = workloadCheck(
  {
    id: 'priority-class-missing',
    family: 'reliability',
    title: 'Workloads say how important they are',
    leg: 'deployment',
    level: 4,
    owner: 'developer',
    severity: 'low',
    references: [],
    remediation: 'Set priorityClassName to a class of the target cluster.',
    minutes: 5,
  },
  {
    applies: runsForEver,
    find: ({ object, spec, specPath }, { inventory }) => {
      if ((asString(spec['priorityClassName']) ?? '') !== '' || inventory.derive(hasDefaultClass)) return undefined;
      return {
        message: `"${object.name}" has no priority: when a node is full, it is as likely to go as a test job`,
        path: [...specPath, 'priorityClassName'],
        evidence: 'priorityClassName is not set',
      };
    },
    fix: (_workload, { path = [] }, { inventory }) => {
      const classes = inventory.ofKind('scheduling.k8s.io/PriorityClass').map(({ name }) => name);
      const words = {
        title: 'Name the priority class',
        consequence: 'a node that is full evicts pods of lower priority first',
      };
      return offer(
        ...classes.map((name) =>
          way({ ...words, id: `class-${name}`, title: `Take the priority class ${name}` }, [
            { op: 'set', path, value: name },
          ]),
        ),
        asking(
          {
            ...words,
            id: 'name-class',
            consequence: `${words.consequence}; the API server refuses pods that name a class it does not have`,
          },
          nameOf('priority class of the target cluster', 'business-critical'),
          (answer) => [{ op: 'set', path, value: answer }],
        ),
      );
    },
  },
);
