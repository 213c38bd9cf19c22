// Finds objects that are defined twice with different content.

import type { KubeObject } from '../../model/index.ts';
import { appCheck } from '../check.ts';

function identityOf({ group, kind, namespace, name }: KubeObject): string {
  return `${group}/${kind}/${namespace}/${name}`;
}

export const duplicateObject = appCheck(
  {
    id: 'duplicate-object',
    family: 'references',
    title: 'Each object is defined once',
    leg: 'deployment',
    level: 1,
    owner: 'developer',
    severity: 'high',
    references: [],
    remediation: 'Remove or rename one of the definitions.',
    minutes: 10,
  },
  {
    applies: ({ inventory }) => inventory.objects.length > 1,
    find: ({ inventory }) => {
      const first = new Map<string, KubeObject>();
      return inventory.objects.flatMap((object) => {
        const earlier = first.get(identityOf(object));
        if (earlier === undefined) first.set(identityOf(object), object);
        // A generated name makes a new object each time, and an object without a name is told elsewhere.
        if (earlier === undefined || object.name === '' || object.name.endsWith('*')) return [];
        return [
          {
            object,
            path: ['metadata', 'name'],
            message: `${object.kind} "${object.name}" is defined twice: which one stays depends on the order of the files`,
            evidence: `also in ${earlier.source.file}:${earlier.source.line}`,
          },
        ];
      });
    },
  },
);
