// A kopia repository in a folder, with the names that its blobs have in a bucket: a copy of the folder in a bucket is a repository that Velero reads.

import { createHash } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Attributes } from './packets.ts';

/** By which kopia calls the repository's folder. */
export const repositoryPath = '/repository';

const blobPath = /^\/repository\/([\w.-]+)\.f$/;
/** While kopia writes a blob: its own name with one at random behind it. */
const partPath = /^\/repository\/([\w.-]+)\.f\.tmp\.[0-9a-f]+$/;
/** Where kopia would note how it spreads blobs over folders; here it does not. */
const notePath = /^\/repository\/\.shards(?:\.tmp\.[0-9a-f]+)?$/;

/** As everything that a folder store has not finished. */
const aside = '.nowwhat-part-';

export type BlobPlace =
  | { readonly kind: 'root' }
  | { readonly kind: 'blob' | 'part'; readonly file: string }
  | { readonly kind: 'note' | 'elsewhere' };

function isSafe(name: string): boolean {
  return !name.startsWith('.');
}

/** What kopia means by a path; nothing outside of the folder. */
export function placeOf(folder: string, path: string): BlobPlace {
  if (path === repositoryPath) return { kind: 'root' };
  if (notePath.test(path)) return { kind: 'note' };
  const blob = blobPath.exec(path)?.[1];
  if (blob !== undefined && isSafe(blob)) return { kind: 'blob', file: join(folder, blob) };
  const part = partPath.exec(path)?.[1];
  if (part === undefined || !isSafe(part)) return { kind: 'elsewhere' };
  const mark = createHash('sha256').update(path).digest('hex').slice(0, 12);
  return { kind: 'part', file: join(folder, `${part}${aside}${mark}`) };
}

export async function readAttributes(file: string): Promise<Attributes> {
  const { size, mtimeMs } = await stat(file);
  return { isFolder: false, bytes: size, modified: Math.floor(mtimeMs / 1000) };
}

export async function createPart(folder: string, file: string): Promise<FileHandle> {
  await mkdir(folder, { recursive: true });
  return await open(file, 'wx', 0o600);
}

/** The blob is there whole or not at all. */
export async function movePart(part: string, blob: string): Promise<void> {
  await rename(part, blob);
}

export async function removeBlob(file: string): Promise<void> {
  await rm(file);
}

/** By kopia's names. */
export async function listBlobs(folder: string): Promise<readonly (readonly [name: string, found: Attributes])[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    if ((error as { readonly code?: unknown }).code === 'ENOENT') return [];
    throw error;
  });
  const names = entries.filter((each) => each.isFile() && isSafe(each.name) && !each.name.includes(aside));
  const found: (readonly [string, Attributes])[] = [];
  for (const { name } of names) {
    const attributes = await readAttributes(join(folder, name)).catch(() => undefined);
    // One that another run has just deleted is none.
    if (attributes !== undefined) found.push([`${name}.f`, attributes]);
  }
  return found;
}
