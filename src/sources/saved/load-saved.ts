// Reads a saved snapshot, with its schema loaded only then: most runs read files.

import type { Snapshot } from '../../model/index.ts';

/** Throws `UserError` where the file was cut off or changed. `minor` is the target's version; left out, the server's. */
export async function loadSaved(path: string, minor?: number): Promise<Snapshot> {
  const { readSaved } = await import('./read-saved.ts');
  return await readSaved(path, minor);
}
