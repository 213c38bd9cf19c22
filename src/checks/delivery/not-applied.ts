// Finds objects of the files that are not in the cluster.

import { objectCheck } from '../check.ts';
import { isOnlyInFiles, mayBeHidden } from './find-drift.ts';

export const notApplied = objectCheck(
  {
    id: 'not-applied',
    family: 'delivery',
    title: 'Every object of the files is in the cluster',
    leg: 'deployment',
    level: 2,
    owner: 'developer',
    severity: 'medium',
    references: [],
    remediation: 'Apply the file, or delete the object from it.',
    minutes: 10,
  },
  {
    kinds: ['*'],
    applies: ({ declared, source }, { inventory }) =>
      inventory.snapshot.facts.joined === true && (declared !== undefined || source.origin.kind !== 'cluster'),
    find: (object, { inventory }) => {
      if (!isOnlyInFiles(object)) return undefined;
      const { kind, name, namespace } = object;
      const where = namespace === '' ? 'the cluster' : `namespace ${namespace} of the cluster`;
      const path = ['metadata', 'name'];
      if (mayBeHidden(object, inventory))
        return {
          verdict: 'unknown',
          message: `whether ${kind} "${name}" is in ${where} is not known: its kind may not be listed`,
          path,
          evidence: `would be settled by permission to list ${kind}`,
        };
      return {
        message: `${kind} "${name}" stands in the files and is not in ${where}`,
        path,
        evidence: 'it is not among the objects that were listed',
      };
    },
  },
);
