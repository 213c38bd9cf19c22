// A saved snapshot of a cluster as text: a first line that says what it is, then one object a line, so that it is written and read as a stream.

import { open } from 'node:fs/promises';
import { renderJson, type Snapshot } from '../../model/index.ts';

export const snapshotSchema = 'nowwhat.dev/snapshot/v1';

/** The lines of a snapshot. Its objects hold no values of Secrets: reading a cluster drops them. */
export function* snapshotLines({ objects, unreadable, facts }: Snapshot, savedOn: string): Generator<string> {
  const { minor, cluster } = facts;
  yield `${JSON.stringify({ schema: snapshotSchema, savedOn, minor, cluster, unreadable })}\n`;
  for (const { raw } of objects) yield `${renderJson(raw)}\n`;
  // A file that was cut off at the end of a line would look whole.
  yield `${JSON.stringify({ end: snapshotSchema, objects: objects.length })}\n`;
}

const mark = `{"schema":"${snapshotSchema}"`;

/** True for a file that begins as a saved snapshot does; false for what is missing or no file. */
export async function isSavedSnapshot(path: string): Promise<boolean> {
  const handle = await open(path).catch(() => undefined);
  if (handle === undefined) return false;
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(mark.length), 0, mark.length, 0);
    return buffer.subarray(0, bytesRead).toString() === mark;
  } catch {
    return false;
  } finally {
    await handle.close();
  }
}
