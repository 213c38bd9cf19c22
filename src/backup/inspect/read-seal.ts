// The seal of a backup: length and hash of each of its keys, as its writer noted them.

import type { KeyObject } from 'node:crypto';
import { sha256Of } from '../layout/sha256.ts';
import { type Json, UserError } from '../../model/index.ts';
import { parseSeal, type SealedFile } from '../layout/manifest.ts';
import { findSignatureFlaw } from '../seal/sign-seal.ts';
import type { Store } from '../store/store.ts';
import { type OpenedBackup, readSide } from './read-backup.ts';

export interface Seal {
  readonly files: readonly SealedFile[];
  /** Its own bytes as they were read. */
  readonly content: Buffer;
  readonly sha256: string;
}

/** `undefined` for a backup of Velero. Throws `UserError` where it is missing or is not as it was written. */
export async function readSeal(store: Store, opened: OpenedBackup): Promise<Seal | undefined> {
  const { keys, name, summary } = opened;
  const content = await store.get(keys.seal);
  if (content === undefined && summary.madeBy === 'velero') return undefined;
  const seal = content === undefined ? undefined : parseSeal(content.toString('utf8'));
  if (content !== undefined && seal?.backup === name) return { files: seal.files, content, sha256: sha256Of(content) };
  const why = content === undefined ? 'is missing' : 'is not as it was written';
  const advice = `See what else was changed: nowwhat backup verify ${name}.`;
  throw new UserError('invalid-backup', `${keys.seal} ${why}`, advice);
}

/** Throws `UserError` where who holds the private half of this key did not make the backup; also for one of Velero, which nobody signs. */
export async function readSignedSeal(
  store: Store,
  opened: OpenedBackup,
  publicKey: KeyObject,
): Promise<Seal | undefined> {
  const { keys, name } = opened;
  const seal = await readSeal(store, opened);
  const flaw = findSignatureFlaw(seal?.content ?? Buffer.alloc(0), await store.get(keys.signature), publicKey);
  if (flaw === undefined) return seal;
  const advice = `Use another backup, or find out who wrote this one: nowwhat backup verify ${name} --key FILE.`;
  throw new UserError('invalid-backup', `${keys.signature} ${flaw}`, advice);
}

/** What the seal says of a key; `undefined` for a backup that has none. */
export function sealedHash(seal: Seal | undefined, key: string): string | undefined {
  return seal?.files.find(({ name }) => key.endsWith(`/${name}`))?.sha256;
}

/** A gzipped side file as `readSide` reads it, held to this seal. Throws `UserError`. */
export function readSealedSide(store: Store, key: string, seal: Seal | undefined): Promise<Json | undefined> {
  return readSide(store, key, sealedHash(seal, key));
}
