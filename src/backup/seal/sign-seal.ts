// A signature of the seal, which has the hash of every key of a backup: who holds the public key knows that nobody else wrote it.

import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import * as z from 'zod';
import { UserError } from '../../model/index.ts';

export const signatureSchema = 'nowwhat.dev/backup-signature/v1';

const signature = z.strictObject({
  schema: z.literal(signatureSchema),
  algorithm: z.literal('ed25519'),
  /** Hexadecimal sha256 of the public key in its DER form (SPKI), so that a reader knows which one is asked for. */
  key: z.string(),
  /** Base64. */
  signature: z.string(),
});

function wrongKey(file: string, what: string, cause?: unknown): UserError {
  const advice = 'Make a pair with openssl genpkey -algorithm ed25519 -out key.pem; openssl pkey -in key.pem -pubout.';
  return new UserError('credential-unreadable', `${file} is ${what}`, advice, cause);
}

function parseKey(file: string, what: string, parse: () => KeyObject): KeyObject {
  let key: KeyObject;
  try {
    key = parse();
  } catch (cause) {
    throw wrongKey(file, `no ${what}`, cause);
  }
  if (key.asymmetricKeyType === 'ed25519') return key;
  throw wrongKey(file, `a key of the kind ${key.asymmetricKeyType ?? 'unknown'}, not ed25519`);
}

/** From PEM (PKCS 8). Throws `UserError`; the key's text stands in no message. */
export function parseSigningKey(pem: string, file: string): KeyObject {
  return parseKey(file, 'private key in PEM (PKCS 8)', () => createPrivateKey(pem));
}

/** From PEM (SPKI). Throws `UserError`. */
export function parseVerifyingKey(pem: string, file: string): KeyObject {
  if (pem.includes('PRIVATE KEY')) throw wrongKey(file, 'a private key; the public one is needed');
  return parseKey(file, 'public key in PEM (SPKI)', () => createPublicKey(pem));
}

function fingerprint(key: KeyObject): string {
  return createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest('hex');
}

/** What the key `signature` of a backup holds. */
export function signSeal(seal: Buffer, key: KeyObject): Buffer {
  const made = sign(null, seal, key);
  const said = { schema: signatureSchema, algorithm: 'ed25519', key: fingerprint(createPublicKey(key)) };
  return Buffer.from(JSON.stringify({ ...said, signature: made.toString('base64') }));
}

/** Why the signature does not hold; nothing where it does. */
export function findSignatureFlaw(seal: Buffer, content: Buffer | undefined, key: KeyObject): string | undefined {
  if (content === undefined) return 'is missing: nobody signed this backup';
  let parsed: unknown;
  try {
    parsed = JSON.parse(content.toString('utf8'));
  } catch {
    return 'is not as it was written';
  }
  const { success, data } = signature.safeParse(parsed);
  // One text for one signature: base64 and JSON could say the same otherwise.
  const isPlain = success && Buffer.from(data.signature, 'base64').toString('base64') === data.signature;
  if (!isPlain || JSON.stringify(data) !== content.toString('utf8')) return 'is not as it was written';
  if (data.key !== fingerprint(key)) return `was made with another key, ${data.key.slice(0, 16)}…`;
  return verify(null, seal, key, Buffer.from(data.signature, 'base64')) ? undefined : 'does not fit the seal';
}
