import { spawnSync } from 'node:child_process';
import { Readable } from 'node:stream';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type ArchiveMember, packMembers } from './pack-members.ts';
import { readArchive } from './read-archive.ts';
import { type ArchivedObject, type ArchivePiece, renderArchive } from './write-archive.ts';

function configMap(name: string, bytes: number): ArchivedObject {
  const raw = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace: 'a' },
    data: { x: 'y'.repeat(bytes) },
  };
  return { group: '', version: 'v1', resource: 'configmaps', kind: 'ConfigMap', namespace: 'a', name, raw };
}

async function pack(objects: readonly ArchivedObject[]) {
  const tars: Buffer[] = [];
  const members: ArchiveMember[] = [];
  const chunks: Buffer[] = [];
  async function* pieces(): ReturnType<typeof renderArchive> {
    for await (const piece of renderArchive(Readable.from([objects]), { modified: 0, onObject: () => undefined })) {
      // Its memory is used again.
      tars.push(Buffer.from(piece.tar));
      yield piece;
    }
  }
  for await (const chunk of packMembers(pieces(), (member) => members.push(member))) chunks.push(chunk);
  return { tar: Buffer.concat(tars), packed: Buffer.concat(chunks), members };
}

async function namesIn(packed: Buffer): Promise<string[]> {
  const names: string[] = [];
  for await (const { place } of readArchive(Readable.from([packed]), 'a.tar.gz'))
    if (place.version === undefined) names.push(place.name);
  return names;
}

it('members are one gzip file to everybody, and each is an archive by itself', async () => {
  const sizes = fc.array(fc.nat(200_000), { maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(sizes, async (bytes) => {
      const objects = bytes.map((each, index) => configMap(`m${index}`, each));
      const { tar, packed, members } = await pack(objects);
      expect(gunzipSync(packed).equals(tar)).toBe(true);
      const byMember: string[] = [];
      for (const { offset, bytes: length, objects: held } of members) {
        const names = await namesIn(packed.subarray(offset, offset + length));
        expect(names).toHaveLength(held);
        byMember.push(...names);
      }
      expect(byMember).toEqual(objects.map(({ name }) => name));
      expect(members.reduce((sum, each) => sum + each.bytes, 0)).toBe(packed.length);
    }),
    { numRuns: 20 },
  );
});

it('the gzip and tar programs unpack them', async () => {
  const { packed, members } = await pack(Array.from({ length: 5 }, (_, index) => configMap(`m${index}`, 200_000)));
  expect(members.length).toBeGreaterThan(2);
  const listed = spawnSync('tar', ['--list', '--gzip'], { input: packed, encoding: 'utf8' });
  expect(listed.stderr).toBe('');
  expect(listed.stdout.split('\n').filter((line) => line.endsWith('.json'))).toHaveLength(10);
});

it('a source that breaks breaks them', async () => {
  async function* broken(): AsyncGenerator<ArchivePiece> {
    yield { tar: Buffer.from('a'), objects: 0, release: () => undefined };
    await Promise.resolve();
    throw new Error('the cluster went away');
  }
  const drain = async (): Promise<void> => {
    for await (const chunk of packMembers(broken(), () => undefined)) expect(chunk.length).toBeGreaterThan(0);
  };
  await expect(drain()).rejects.toThrow('the cluster went away');
});
