// Finds objects that run in the app's namespaces and stand in no file.

import { type Inventory, traceObject } from '../../inventory/index.ts';
import type { KubeObject } from '../../model/index.ts';
import { objectCheck } from '../check.ts';
import { isOnlyInCluster } from './find-drift.ts';

/** What would come back without it: the images of a workload. */
function evidenceOf(object: KubeObject, inventory: Inventory): string {
  const images = (inventory.workloadOf(object)?.containers ?? []).map(({ raw }) => raw['image']);
  const told = images.filter((image) => typeof image === 'string');
  const trace = traceObject(object);
  const maker = trace === undefined ? 'no file that was read declares it' : `it comes from ${trace}`;
  return told.length === 0 ? maker : `${maker}, and runs ${told.join(', ')}`;
}

export const notDeclared = objectCheck(
  {
    id: 'not-declared',
    family: 'delivery',
    title: 'What runs in the cluster stands in the files',
    leg: 'deployment',
    level: 2,
    owner: 'developer',
    severity: 'medium',
    references: [],
    remediation: 'Write the object into the files, or delete it from the cluster.',
    minutes: 15,
  },
  {
    kinds: ['*'],
    applies: ({ source }, { inventory }) =>
      inventory.snapshot.facts.joined === true && source.origin.kind === 'cluster',
    find: (object, { inventory }) => {
      if (!isOnlyInCluster(object, inventory)) return undefined;
      const { kind, name, namespace } = object;
      return {
        severity: inventory.workloadOf(object) === undefined ? 'low' : 'medium',
        message: `${kind} "${name}" is in namespace ${namespace} of the cluster and stands in no file: a new cluster would not have it`,
        path: ['metadata', 'name'],
        evidence: evidenceOf(object, inventory),
      };
    },
  },
);
