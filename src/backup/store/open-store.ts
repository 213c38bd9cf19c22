// Opens the store that a user names; the AWS SDK is loaded only where it is one of S3.

import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { UserError } from '../../model/index.ts';
import { openFolderStore } from './folder-store.ts';
import { parseStorePlace } from './parse-place.ts';
import type { Store } from './store.ts';

async function readCaCert(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new UserError(
      'credential-unreadable',
      `${file} cannot be read`,
      'Give the PEM file of the authority.',
      cause,
    );
  }
}

/** Throws `UserError`. */
export async function openStore(text: string): Promise<Store> {
  const place = parseStorePlace(text);
  if (place.kind === 'folder') return openFolderStore(resolve(place.path));
  const { caCertFile, ...rest } = place;
  const { openS3Store } = await import('./s3-store.ts');
  return openS3Store(caCertFile === undefined ? rest : { ...rest, caCert: await readCaCert(caCertFile) });
}
