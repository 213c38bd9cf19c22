// Files and a cluster as one snapshot: what runs, each object with what the files declare of it.

import type { KubeObject, Snapshot } from '../model/index.ts';

function keyOf({ group, kind, namespace, name }: KubeObject): string {
  return `${group}/${kind}/${namespace}/${name}`;
}

/**
 * Of an object that both have the live one counts, and knows the declared one. What only the files have stays as it is written: it has not been
 * applied, or may not be listed. Objects of the files come first, so that their indexes stay.
 */
export function joinSides(files: Snapshot, live: Snapshot): Snapshot {
  const running = new Map(live.objects.map((object) => [keyOf(object), object]));
  const joined = files.objects.map((declared) => {
    const key = keyOf(declared);
    const object = running.get(key);
    running.delete(key);
    return object === undefined ? declared : { ...object, declared };
  });
  const { inputs, files: count, units } = files.facts;
  return {
    ...files,
    objects: [...joined, ...running.values()],
    unreadable: [...files.unreadable, ...live.unreadable],
    evidence: [...(files.evidence ?? []), ...(live.evidence ?? [])],
    facts: { ...live.facts, inputs, files: count, joined: true, ...(units === undefined ? {} : { units }) },
  };
}
