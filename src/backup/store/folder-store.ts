// A folder as a store: a key is a file, written aside and moved into place.

import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { link, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';
import { Readable } from 'node:stream';
import { asObject, UserError } from '../../model/index.ts';
import { type ByteRange, type PutOptions, type Store, type StoreEntry, storeError } from './store.ts';

const aside = '.nowwhat-part-';

function codeOf(error: unknown): unknown {
  return asObject(error)['code'];
}

function translate(error: unknown, what: string): unknown {
  if (error instanceof UserError) return error;
  switch (codeOf(error)) {
    case 'EEXIST':
      return storeError('store-key-exists', `${what} is there already`, error);
    case 'ENOENT':
      return storeError('store-key-missing', `${what} is not there`, error);
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return storeError('store-refused', `${what}: permission denied`, error);
    case 'ENOSPC':
    case 'EDQUOT':
      return storeError('store-full', `${what}: no space left`, error);
    default:
      return error;
  }
}

async function attempt<T>(what: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    throw translate(error, what);
  }
}

/** To the disk before it counts: a machine that loses its power loses no backup that was told of. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function writeAside(file: string, body: AsyncIterable<Uint8Array>): Promise<number> {
  const handle = await open(file, 'wx', 0o600);
  let bytes = 0;
  try {
    for await (const piece of body) {
      await handle.writeFile(piece);
      bytes += piece.length;
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
  return bytes;
}

/** `link` fails where the name is taken, and no two can win; `rename` would overwrite. */
async function moveIntoPlace(from: string, to: string, { ifAbsent = false }: PutOptions): Promise<void> {
  if (ifAbsent) {
    await link(from, to);
    await rm(from);
  } else await rename(from, to);
  await syncFolder(dirname(to));
}

/** Parts too: what is written, and not yet in its place. */
async function* allBelow(folder: string): AsyncGenerator<string> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return [];
    throw error;
  });
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* allBelow(path);
    else if (entry.isFile()) yield path;
  }
}

const isPart = (path: string): boolean => basename(path).includes(aside);

async function* filesBelow(folder: string): AsyncGenerator<string> {
  for await (const path of allBelow(folder)) if (!isPart(path)) yield path;
}

class FolderStore implements Store {
  readonly place: string;
  readonly folder: string;
  readonly prefix = '';

  constructor(root: string) {
    this.place = root;
    this.folder = root;
  }

  async put(key: string, body: Uint8Array, options: PutOptions = {}): Promise<void> {
    await this.upload(key, Readable.from([body]), options);
  }

  async upload(key: string, body: Readable, options: PutOptions = {}): Promise<number> {
    const path = this.pathOf(key);
    const part = `${path}${aside}${randomBytes(6).toString('hex')}`;
    return attempt(path, async () => {
      await mkdir(dirname(path), { recursive: true });
      try {
        const bytes = await writeAside(part, body as AsyncIterable<Uint8Array>);
        await moveIntoPlace(part, path, options);
        return bytes;
      } finally {
        await rm(part, { force: true });
      }
    });
  }

  async get(key: string): Promise<Buffer | undefined> {
    const path = this.pathOf(key);
    return attempt(path, async () =>
      readFile(path).catch((error: unknown) => {
        if (codeOf(error) === 'ENOENT') return undefined;
        throw error;
      }),
    );
  }

  async read(key: string, range?: ByteRange): Promise<Readable> {
    const path = this.pathOf(key);
    return attempt(path, async () => {
      await stat(path);
      return createReadStream(path, range);
    });
  }

  async size(key: string): Promise<number | undefined> {
    const path = this.pathOf(key);
    return attempt(path, async () =>
      stat(path).then(
        ({ size }) => size,
        (error: unknown) => {
          if (codeOf(error) === 'ENOENT') return undefined;
          throw error;
        },
      ),
    );
  }

  async *list(prefix: string): AsyncGenerator<StoreEntry> {
    const folder = prefix.slice(0, prefix.lastIndexOf('/') + 1);
    for await (const path of filesBelow(this.pathOf(folder))) {
      const key = relative(this.place, path).split(sep).join('/');
      if (key.startsWith(prefix)) yield { key, bytes: (await stat(path)).size };
    }
  }

  async folders(prefix: string): Promise<readonly string[]> {
    const names = new Set<string>();
    for await (const { key } of this.list(prefix)) {
      const rest = key.slice(prefix.length);
      if (rest.includes('/')) names.add(rest.slice(0, rest.indexOf('/')));
    }
    return [...names];
  }

  async delete(key: string): Promise<void> {
    const path = this.pathOf(key);
    await attempt(path, () => rm(path, { force: true }));
    // An empty folder would be found as a backup by nobody; it is tidied all the same, where it is empty.
    if (dirname(path) !== this.place) await rmEmpty(dirname(path));
  }

  async sweep(prefix: string): Promise<void> {
    const folder = this.pathOf(prefix);
    for await (const path of allBelow(folder)) if (isPart(path)) await attempt(path, () => rm(path, { force: true }));
    if (folder !== this.place) await rmEmpty(folder);
  }

  close(): void {
    // a folder holds nothing open
  }

  private pathOf(key: string): string {
    const path = join(this.place, ...key.split('/'));
    if (path !== this.place && !path.startsWith(join(this.place, sep)))
      throw storeError('store-refused', `the key ${JSON.stringify(key)} leads out of ${this.place}`);
    return path;
  }
}

async function rmEmpty(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => ['?']);
  if (names.length === 0) await rm(folder, { recursive: true, force: true });
}

/** The folder need not be there yet: the first key makes it. */
export function openFolderStore(root: string): Store {
  return new FolderStore(root);
}
