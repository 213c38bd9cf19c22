// Reads which directories of nodes a backup of ours holds: Velero's records have no place for them.

import { createHash } from 'node:crypto';
import { Transform } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { UserError } from '../../model/index.ts';
import type { OpenedBackup } from '../inspect/read-backup.ts';
import { type Seal, sealedHash } from '../inspect/read-seal.ts';
import type { Store } from '../store/store.ts';
import { linesOf } from './drill-files.ts';
import { parseFilesLine } from './files-manifest.ts';
import type { VolumeRecord } from './velero-records.ts';

/** Most lines tell of files; they need not be understood. */
function recordOf(line: string): VolumeRecord | undefined {
  const parsed = line.startsWith('{"volume"') ? parseFilesLine(line) : undefined;
  if (parsed === undefined || !('volume' in parsed) || parsed.volume.hostPath === undefined) return undefined;
  const { namespace, pod, name, node, hostPath, snapshot, bytes } = parsed.volume;
  return { namespace, pod, name, node, hostPath, snapshot, bytes, claim: undefined, trouble: undefined };
}

/** Empty for backups that Velero made. Held to the seal: what stands here is written on nodes. Throws `UserError`. */
export async function readHostPaths(
  store: Store,
  opened: OpenedBackup,
  seal: Seal | undefined,
): Promise<readonly VolumeRecord[]> {
  const { files: key } = opened.keys;
  const expected = sealedHash(seal, key);
  if (expected === undefined) return [];
  const hash = createHash('sha256');
  const hashing = new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      hash.update(chunk);
      done(null, chunk);
    },
  });
  const found: VolumeRecord[] = [];
  for await (const line of linesOf((await store.read(key)).pipe(hashing).pipe(createGunzip()))) {
    const record = recordOf(line);
    if (record !== undefined) found.push(record);
  }
  if (hash.digest('hex') === expected) return found;
  const advice = `See what else was changed: nowwhat backup verify ${opened.name}.`;
  throw new UserError('invalid-backup', `${key} is not as it was written`, advice);
}
