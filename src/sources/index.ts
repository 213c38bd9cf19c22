// From the user's paths to a snapshot.

import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { parseManifests } from '../kube/manifests/parse-manifests.ts';
import {
  type DuplicateKey,
  type KubeObject,
  type Snapshot,
  type SourceText,
  type Unreadable,
  UserError,
} from '../model/index.ts';

export interface ReadOptions {
  readonly helm: { readonly values: readonly string[]; readonly set: readonly string[] };
  /** Namespace of objects that name none. */
  readonly namespace: string;
  readonly minor: number;
  readonly allowRemote: boolean;
  readonly maxFileBytes: number;
  readonly stdin: () => Promise<Uint8Array>;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

async function findFiles(path: string): Promise<string[]> {
  const info = await stat(path).catch((cause: unknown) => {
    throw new UserError(
      'path-missing',
      `${path} does not exist`,
      'Give the path of a file or folder that exists.',
      cause,
    );
  });
  if (!info.isDirectory()) return [path];
  const entries = await readdir(path, { withFileTypes: true });
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  const files: string[] = [];
  for (const entry of entries) {
    if (entry.isDirectory()) files.push(...(await findFiles(join(path, entry.name))));
    else if (/\.(ya?ml|json)$/.test(entry.name)) files.push(join(path, entry.name));
  }
  return files;
}

/** Reads everything the paths hold. Throws `UserError` only where a path itself cannot be used. */
export async function readSnapshot(inputs: readonly string[], options: ReadOptions): Promise<Snapshot> {
  const objects: KubeObject[] = [];
  const unreadable: Unreadable[] = [];
  const duplicateKeys: DuplicateKey[] = [];
  const texts: SourceText[] = [];
  const files = (await Promise.all(inputs.map(findFiles))).flat();
  for (const file of files) {
    const source = { file, text: await readFile(file, 'utf8'), rendered: false };
    const context = {
      textIndex: texts.length,
      origin: { kind: 'manifest', unit: file } as const,
      namespace: options.namespace,
    };
    const parsed = parseManifests(source, context);
    duplicateKeys.push(...parsed.duplicateKeys.map((key) => ({ ...key, object: key.object + objects.length })));
    objects.push(...parsed.objects);
    unreadable.push(...parsed.unreadable);
    texts.push(source);
  }
  return {
    objects,
    unreadable,
    skipped: [],
    duplicateKeys,
    texts,
    facts: { inputs, files: files.length, minor: options.minor },
  };
}
