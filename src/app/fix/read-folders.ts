// Which names are taken in the folders that new files may go to.

import { readdir } from 'node:fs/promises';
import { dirname, posix } from 'node:path';
import type { Folders } from '../../fixes/index.ts';
import type { Snapshot } from '../../model/index.ts';

/** Looks into the folders of all texts once. */
export async function readFolders({ texts }: Snapshot): Promise<Folders> {
  const folders = new Set(texts.filter(({ file }) => file !== '-').map(({ file }) => dirname(file)));
  const listed = await Promise.all(
    [...folders].map(async (folder) => {
      const names = await readdir(folder).catch((): string[] => []);
      return names.map((name) => posix.join(folder, name));
    }),
  );
  const taken = new Set(listed.flat());
  return { isTaken: (file) => taken.has(posix.normalize(file)) };
}
