// The age format, from its own library; loaded only where Secrets are sealed or opened.

import { Decrypter, Encrypter } from 'age-encryption';
import { UserError } from '../../model/index.ts';

/** Encrypts for all recipients (`age1…`). Throws `UserError` for one that is none. */
export function createEncrypter(recipients: readonly string[]): (plain: Uint8Array) => Promise<Uint8Array> {
  const encrypter = new Encrypter();
  for (const recipient of recipients)
    try {
      encrypter.addRecipient(recipient);
    } catch (cause) {
      const advice = 'Recipients begin with age1; age-keygen makes one with its identity.';
      throw new UserError('invalid-option', `"${recipient.slice(0, 12)}…" is no recipient of age`, advice, cause);
    }
  return (plain) => encrypter.encrypt(plain);
}

/** Decrypts with any of the identities of a file as age-keygen writes it. Throws `UserError`; no identity stands in a message. */
export function createDecrypter(text: string, file: string): (sealed: Uint8Array) => Promise<Uint8Array> {
  const advice = 'Name the file with the identity whose recipient the backup was sealed to, as age-keygen wrote it.';
  const decrypter = new Decrypter();
  const lines = text.split('\n').map((line) => line.trim());
  const identities = lines.filter((line) => line.startsWith('AGE-SECRET-KEY-'));
  try {
    for (const identity of identities) decrypter.addIdentity(identity);
  } catch {
    throw new UserError('credential-unreadable', `${file} has an identity that cannot be read`, advice);
  }
  if (identities.length === 0) throw new UserError('credential-unreadable', `${file} has no identity of age`, advice);
  return async (sealed) => {
    try {
      return await decrypter.decrypt(sealed);
    } catch {
      throw new UserError('credential-unreadable', `no identity in ${file} opens the Secrets of this backup`, advice);
    }
  };
}
