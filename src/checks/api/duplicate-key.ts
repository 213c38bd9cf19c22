// Finds keys that stand twice in one mapping of the user's YAML.

import { appCheck } from '../check.ts';

export const duplicateKey = appCheck(
  {
    id: 'duplicate-key',
    family: 'api',
    title: 'Every key stands once in its mapping',
    leg: 'deployment',
    level: 1,
    owner: 'developer',
    severity: 'medium',
    references: [],
    remediation: 'Remove one of the two entries.',
    minutes: 2,
  },
  {
    applies: ({ inventory }) => inventory.objects.length > 0,
    find: ({ inventory }) =>
      inventory.snapshot.duplicateKeys.flatMap(({ object: index, path }) => {
        const object = inventory.objects[index];
        if (object === undefined) return [];
        return {
          object,
          path,
          message: `the key "${String(path.at(-1))}" stands twice in ${object.kind} "${object.name}": only the last one counts`,
          evidence: 'kubectl keeps the last of equal keys',
        };
      }),
  },
);
