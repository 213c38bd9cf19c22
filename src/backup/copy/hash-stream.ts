// Bytes on their way, counted and hashed, and held against what they should be before their reader has the last of them.

import { createHash } from 'node:crypto';
import type { SealedFile } from '../layout/manifest.ts';
import { UserError } from '../../model/index.ts';

export type ExpectedBytes = Partial<Pick<SealedFile, 'bytes' | 'sha256'>>;

/** What the bytes were like; complete when the stream has ended. */
export interface HashedBytes {
  bytes: number;
  sha256: string;
}

/** Passes the bytes on. Throws `UserError` at their end where they are not the expected ones, so that nobody keeps them. */
export async function* hashing(
  body: AsyncIterable<Uint8Array>,
  where: string,
  expected: ExpectedBytes,
  told: HashedBytes,
): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const piece of body) {
    hash.update(piece);
    bytes += piece.length;
    yield piece;
  }
  told.bytes = bytes;
  told.sha256 = hash.digest('hex');
  const isRight =
    (expected.bytes === undefined || expected.bytes === bytes) &&
    (expected.sha256 === undefined || expected.sha256 === told.sha256);
  if (isRight) return;
  const advice = 'Copy another backup; what is wrong with this one says nowwhat backup verify.';
  throw new UserError('invalid-backup', `${where} has other bytes than were written`, advice);
}

export async function hashOf(body: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of body) hash.update(piece);
  return hash.digest('hex');
}
