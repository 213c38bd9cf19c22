// Objects that a restore takes from memory instead of an archive.

import type { Contents } from '../restore/contents.ts';
import type { ClonedObject } from './clone-plan.ts';

export function contentsOf(objects: readonly ClonedObject[], where: string): Contents {
  const entries = objects.map(({ place }, index) => ({ place, offset: index, length: 1 }));
  return {
    where,
    entries,
    read: ({ offset }) => Promise.resolve(objects[offset]?.object ?? {}),
    close: () => Promise.resolve(),
  };
}
