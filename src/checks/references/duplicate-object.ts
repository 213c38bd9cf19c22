// Finds objects that are defined twice with different content.

import type { Inventory } from '../../inventory/index.ts';
import type { KubeObject, Position } from '../../model/index.ts';
import { type AppDiagnostic, appCheck } from '../check.ts';

function identityOf({ group, kind, namespace, name }: KubeObject): string {
  return `${group}/${kind}/${namespace}/${name}`;
}

type Place = Pick<Position, 'file' | 'line'>;

/** Places of an object beside its own, by the object. */
type Doubles = Map<KubeObject, Place[]>;

function note(doubles: Doubles, object: KubeObject, place: Place): void {
  const places = doubles.get(object);
  if (places === undefined) doubles.set(object, [place]);
  else places.push(place);
}

/** Objects that the input still holds more than once, as a rendered stream may. The last one stays. */
function noteTwins(doubles: Doubles, { objects }: Inventory): void {
  const before = new Map<string, KubeObject[]>();
  for (const object of objects) {
    // A generated name makes a new object each time, and an object without a name is told elsewhere.
    if (object.name === '' || object.name.endsWith('*')) continue;
    const earlier = before.get(identityOf(object));
    if (earlier === undefined) before.set(identityOf(object), [object]);
    else earlier.push(object);
  }
  for (const same of before.values()) {
    const last = same.at(-1);
    if (last !== undefined) for (const object of same.slice(0, -1)) note(doubles, last, object.source);
  }
}

function toDiagnostic(object: KubeObject, places: readonly Place[]): AppDiagnostic {
  const times = places.length === 1 ? 'twice' : `${places.length + 1} times`;
  const [{ file, line } = { file: '', line: 1 }, ...others] = places;
  const more = others.length === 0 ? '' : ` and ${others.length} more`;
  return {
    object,
    path: ['metadata', 'name'],
    message: `${object.kind} "${object.name}" is defined ${times}, not alike, also in ${file}:${line}${more}: which one stays depends on the order of the files`,
    evidence: `also in ${places.map((place) => `${place.file}:${place.line}`).join(', ')}`,
  };
}

function findDoubles(inventory: Inventory): AppDiagnostic[] {
  const doubles: Doubles = new Map();
  noteTwins(doubles, inventory);
  for (const redefinition of inventory.snapshot.redefinitions) {
    const object = inventory.find(redefinition);
    if (object !== undefined) note(doubles, object, redefinition.position);
  }
  return [...doubles].map(([object, places]) => toDiagnostic(object, places));
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
    find: ({ inventory }) => findDoubles(inventory),
  },
);
