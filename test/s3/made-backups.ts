// Backups for tests, made of objects at hand: as nowwhat writes them, and as Velero does.

import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { type ArchiveMember, packMembers } from '../../src/backup/archive/pack-members.ts';
import { renderGoJson } from '../../src/backup/archive/go-json.ts';
import { type Archived, type ArchivedObject, renderArchive } from '../../src/backup/archive/write-archive.ts';
import { backupKeys } from '../../src/backup/layout/keys.ts';
import { manifestEnd, manifestHeader, objectLine, renderSeal } from '../../src/backup/layout/manifest.ts';
import type { Store } from '../../src/backup/store/store.ts';
import { asObject, asString, type Json, type JsonObject } from '../../src/model/index.ts';

function plural(kind: string): string {
  const name = kind.toLowerCase();
  if (name.endsWith('s')) return `${name}es`;
  return name.endsWith('y') ? `${name.slice(0, -1)}ies` : `${name}s`;
}

function toArchived(raw: JsonObject): ArchivedObject {
  const { name, namespace } = asObject(raw['metadata']);
  const apiVersion = asString(raw['apiVersion']) ?? '';
  const [version = '', group = ''] = apiVersion.split('/').toReversed();
  const kind = asString(raw['kind']) ?? '';
  return {
    group,
    version,
    resource: plural(kind),
    kind,
    namespace: asString(namespace) ?? '',
    name: asString(name) ?? '',
    raw,
  };
}

export interface MadeBackup {
  readonly by: 'nowwhat' | 'velero';
  /** ISO time. */
  readonly started?: string;
}

/** All of a backup that reading it needs. */
export async function saveObjects(
  store: Store,
  name: string,
  objects: readonly JsonObject[],
  { by, started = '2026-11-01T00:00:00Z' }: MadeBackup,
): Promise<void> {
  const keys = backupKeys(store.prefix, name);
  const told: Archived[] = [];
  const members: ArchiveMember[] = [];
  const chunks: Buffer[] = [];
  const files: { name: string; bytes: number; sha256: string }[] = [];
  const note = (key: string, body: Buffer): Buffer => {
    const sha256 = createHash('sha256').update(body).digest('hex');
    files.push({ name: key.slice(key.lastIndexOf('/') + 1), bytes: body.length, sha256 });
    return body;
  };
  const put = (key: string, body: Buffer): Promise<void> => store.put(key, note(key, body));
  const pieces = renderArchive(Readable.from([objects.map(toArchived)]), {
    modified: 0,
    onObject: (each) => told.push(each),
  });
  if (by === 'nowwhat') for await (const chunk of packMembers(pieces, (each) => members.push(each))) chunks.push(chunk);
  else {
    const tars: Buffer[] = [];
    for await (const { tar } of pieces) tars.push(tar);
    chunks.push(gzipSync(Buffer.concat(tars)));
  }
  await put(keys.contents, Buffer.concat(chunks));
  await put(keys.results, gzipSync('{}'));
  const status = { phase: 'Completed', formatVersion: '1.1.0', version: 1, startTimestamp: started };
  const object: Json = { kind: 'Backup', apiVersion: 'velero.io/v1', metadata: { name }, spec: {}, status };
  const last = Buffer.from(renderGoJson(object));
  if (by === 'nowwhat') {
    const manifest = [
      manifestHeader(name, 'a test', started),
      ...told.map(objectLine),
      manifestEnd(told.length, [], members),
    ];
    await put(keys.manifest, gzipSync(manifest.join('')));
    await put(keys.claim, Buffer.from('{}'));
    note(keys.backup, last);
    await store.put(keys.seal, Buffer.from(renderSeal(name, files)));
  }
  await store.put(keys.backup, last);
}
