// Secrets that only the holder of a key can read: their values and annotations are encrypted before they reach the archive. The object stays a Secret, with
// one key that age opens, so that nothing but age is needed to get at it.

import {
  asObject,
  asString,
  isJsonObject,
  type JsonObject,
  parseJson,
  renderJson,
  UserError,
} from '../../model/index.ts';
import type { ArchivedObject } from '../archive/write-archive.ts';
import { isSecret } from '../browse/mask-secret.ts';

/** Annotation of a sealed Secret, and of a backup that has such, which names the recipients. */
const sealedMark = 'nowwhat.dev/sealed';
export const sealedTo = 'nowwhat.dev/sealed-to';
/** The key of the Secret that holds the encrypted JSON of its `data` and its annotations. */
const sealedKey = 'sealed.age';

export function isSealed(object: JsonObject): boolean {
  return isSecret(object) && asObject(asObject(object['metadata'])['annotations'])[sealedMark] === 'age';
}

type Crypt = (bytes: Uint8Array) => Promise<Uint8Array>;

/** Annotations are sealed, too: tools keep copies of the whole object in them. */
async function sealObject(object: JsonObject, encrypt: Crypt): Promise<JsonObject> {
  const { data, stringData, ...rest } = object;
  const { annotations, ...metadata } = asObject(object['metadata']);
  const kept = { data, stringData, annotations };
  const sealed = await encrypt(Buffer.from(renderJson(kept)));
  return {
    ...rest,
    metadata: { ...metadata, annotations: { [sealedMark]: 'age' } },
    data: { [sealedKey]: Buffer.from(sealed).toString('base64') },
  };
}

export type Seal = (object: ArchivedObject) => Promise<ArchivedObject>;

/** Throws `UserError` for a recipient that is none. Objects that are no Secrets pass as they are. */
export async function openSeal(recipients: readonly string[]): Promise<Seal> {
  const { createEncrypter } = await import('./age.ts');
  const encrypt = createEncrypter(recipients);
  return async (object) => {
    // By its place: to look into every object would parse them all.
    if (object.group !== '' || object.resource !== 'secrets') return object;
    const { content: _, ...rest } = object;
    return { ...rest, raw: await sealObject(object.raw, encrypt) };
  };
}

function broken(object: JsonObject): UserError {
  const name = asString(asObject(object['metadata'])['name']) ?? '';
  return new UserError('invalid-backup', `the Secret "${name}" is not as it was sealed`, 'Use another backup.');
}

async function unsealObject(object: JsonObject, decrypt: Crypt): Promise<JsonObject> {
  const sealed = asString(asObject(object['data'])[sealedKey]);
  if (sealed === undefined) throw broken(object);
  const text = Buffer.from(await decrypt(Buffer.from(sealed, 'base64'))).toString('utf8');
  const kept = parseJson(text);
  if (!isJsonObject(kept)) throw broken(object);
  const { data: _, ...rest } = object;
  const { annotations: _mark, ...metadata } = asObject(object['metadata']);
  const { annotations, ...values } = kept;
  return { ...rest, ...values, metadata: { ...metadata, ...(annotations === undefined ? {} : { annotations }) } };
}

export type Unseal = (object: JsonObject) => Promise<JsonObject>;

/** From the text of an identity file. Objects that are not sealed pass as they are. Throws `UserError`. */
export async function openUnseal(identities: string, file: string): Promise<Unseal> {
  const { createDecrypter } = await import('./age.ts');
  const decrypt = createDecrypter(identities, file);
  return (object) => (isSealed(object) ? unsealObject(object, decrypt) : Promise.resolve(object));
}

/** For those who have no identity: a sealed Secret must not be brought back as if it were one. Throws `UserError`. */
export function requireOpen(object: JsonObject): void {
  if (!isSealed(object)) return;
  const advice = 'Name the identity that opens them with --identity, or leave them out: --exclude-resources secrets.';
  throw new UserError('invalid-option', 'the Secrets of this backup are sealed', advice);
}
