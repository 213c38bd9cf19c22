// Finds objects that are defined twice with different content.

import type { Inventory } from '../../inventory/index.ts';
import type { KubeObject, Position } from '../../model/index.ts';
import { type AppDiagnostic, appCheck } from '../check.ts';

function identityOf({ group, kind, namespace, name }: KubeObject): string {
  return `${group}/${kind}/${namespace}/${name}`;
}

function toDiagnostic(object: KubeObject, { file, line }: Position): AppDiagnostic {
  return {
    object,
    path: ['metadata', 'name'],
    message: `${object.kind} "${object.name}" is defined twice, and not alike: which one stays depends on the order of the files`,
    evidence: `also in ${file}:${line}`,
  };
}

/** Objects that the input still holds twice, as a rendered stream may. */
function findTwins(inventory: Inventory): AppDiagnostic[] {
  const first = new Map<string, KubeObject>();
  return inventory.objects.flatMap((object) => {
    const earlier = first.get(identityOf(object));
    if (earlier === undefined) first.set(identityOf(object), object);
    // A generated name makes a new object each time, and an object without a name is told elsewhere.
    if (earlier === undefined || object.name === '' || object.name.endsWith('*')) return [];
    return [toDiagnostic(object, { ...earlier.source, column: 1 })];
  });
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
    applies: ({ inventory }) => inventory.objects.length > 0,
    find: ({ inventory }) => {
      const redefined = inventory.snapshot.redefinitions.flatMap((redefinition) => {
        const object = inventory.find(redefinition);
        return object === undefined ? [] : [toDiagnostic(object, redefinition.position)];
      });
      return [...findTwins(inventory), ...redefined];
    },
  },
);
