// A snapshot with one of its units as it renders now.

import { identityOf } from '../../fixes/index.ts';
import type { KubeObject, Snapshot } from '../../model/index.ts';

function shifted({ source, ...object }: KubeObject, by: number): KubeObject {
  const writtenIn = source.writtenIn?.map((place) => ({ ...place, text: place.text + by }));
  return {
    ...object,
    source: { ...source, text: source.text + by, ...(writtenIn === undefined ? {} : { writtenIn }) },
  };
}

export interface JoinedUnit {
  readonly unit: string;
  /** Identities of its new objects, and of those that are gone. */
  readonly created: ReadonlySet<string>;
  readonly removed: ReadonlySet<string>;
}

/** Objects of the unit in their new form, and its new ones; those of others stay. */
export function joinUnit(snapshot: Snapshot, rendered: Snapshot, { unit, created, removed }: JoinedUnit): Snapshot {
  const offset = snapshot.texts.length;
  const now = new Map(rendered.objects.map((object) => [identityOf(object), shifted(object, offset)]));
  const objects = snapshot.objects.flatMap((object) => {
    if (object.source.origin.unit !== unit) return [object];
    return removed.has(identityOf(object)) ? [] : [now.get(identityOf(object)) ?? object];
  });
  const known = new Set(snapshot.objects.map(identityOf));
  const more = [...now].filter(([id]) => created.has(id) && !known.has(id)).map(([, object]) => object);
  return { ...snapshot, objects: [...objects, ...more], texts: [...snapshot.texts, ...rendered.texts] };
}
