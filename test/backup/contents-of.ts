// The contents of a backup of some objects, as a restore reads them: through a real archive.

import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { groupResourceOf } from '../../src/backup/archive/entry-names.ts';
import { type ArchivedObject, renderArchive } from '../../src/backup/archive/write-archive.ts';
import { type Contents, indexContents } from '../../src/backup/restore/contents.ts';
import { asObject, asString, type JsonObject } from '../../src/model/index.ts';

const plurals: Readonly<Record<string, string>> = {
  NetworkPolicy: 'networkpolicies',
  StorageClass: 'storageclasses',
  PriorityClass: 'priorityclasses',
  Endpoints: 'endpoints',
  Ingress: 'ingresses',
};

function archived(raw: JsonObject): ArchivedObject {
  const [version = '', group = ''] = (asString(raw['apiVersion']) ?? '').split('/').toReversed();
  const kind = asString(raw['kind']) ?? '';
  const { name, namespace } = asObject(raw['metadata']);
  const resource = plurals[kind] ?? `${kind.toLowerCase()}s`;
  return { group, version, resource, kind, namespace: asString(namespace) ?? '', name: asString(name) ?? '', raw };
}

export async function contentsOf(objects: readonly JsonObject[]): Promise<Contents> {
  const ordered = objects.map(archived).toSorted((a, b) => (groupResourceOf(a) < groupResourceOf(b) ? -1 : 1));
  const pieces: Buffer[] = [];
  const writing = { modified: 0, onObject: () => undefined };
  for await (const { tar } of renderArchive(Readable.from([ordered]), writing)) pieces.push(tar);
  return await indexContents(Readable.from([gzipSync(Buffer.concat(pieces))]), 'the archive');
}
