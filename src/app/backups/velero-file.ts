// One of Velero's own objects, as a file that somebody would otherwise give to Velero.

import { readFile } from 'node:fs/promises';
import { type JsonObject, UserError } from '../../model/index.ts';
import { parseManifests } from '../../kube/manifests/parse-manifests.ts';

export async function readTextFile(file: string, what: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new UserError('path-unreadable', `${file} cannot be read`, `Name a file with ${what}.`, cause);
  }
}

/** The first object of that kind. Throws `UserError`. */
export async function readVeleroFile(file: string, kind: 'Backup' | 'Restore' | 'Schedule'): Promise<JsonObject> {
  const text = await readTextFile(file, `a Velero ${kind}`);
  const source = { file, text, rendered: false };
  const context = { textIndex: 0, origin: { kind: 'manifest', unit: file } as const, namespace: 'velero' };
  const { objects } = parseManifests(source, context);
  const found = objects.find((each) => each.group === 'velero.io' && each.kind === kind);
  if (found !== undefined) return found.raw;
  const example = `Write one as for velero ${kind.toLowerCase()} create.`;
  throw new UserError('nothing-to-read', `${file} holds no ${kind} of velero.io`, example);
}
