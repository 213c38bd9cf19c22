import { spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asObject, asString, type JsonObject } from '../../model/index.ts';
import type { ArchivedObject } from '../archive/write-archive.ts';
import { isSecret } from '../browse/mask-secret.ts';
import { isSealed, openSeal, openUnseal, requireOpen } from './seal-secrets.ts';
import { findSignatureFlaw, parseSigningKey, parseVerifyingKey, signSeal } from './sign-seal.ts';

function archived(raw: JsonObject): ArchivedObject {
  const kind = asString(raw['kind']) ?? '';
  return { group: '', version: 'v1', resource: isSecret(raw) ? 'secrets' : 'x', kind, namespace: 'a', name: 'b', raw };
}

function secret(data: JsonObject, annotations: JsonObject = {}): JsonObject {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'b', namespace: 'a', annotations },
    type: 'Opaque',
    data,
  };
}

const identity = await generateX25519Identity();
const other = await generateX25519Identity();
const recipient = await identityToRecipient(identity);

describe('a sealed Secret', () => {
  it('is opened as it was, whatever was in it, and shows nothing of it', async () => {
    const seal = await openSeal([recipient, await identityToRecipient(other)]);
    const unseal = await openUnseal(`# made by a test\n${identity}\n`, 'key.txt');
    const data = fc.dictionary(fc.stringMatching(/^[a-z.]{1,8}$/), fc.base64String({ minLength: 8 }), { maxKeys: 4 });
    await fc.assert(
      fc.asyncProperty(data, data, async (values, annotations) => {
        const raw = secret(values, annotations);
        const { raw: sealed } = await seal(archived(raw));
        expect(isSealed(sealed)).toBe(true);
        const text = JSON.stringify(sealed);
        for (const each of [...Object.values(values), ...Object.values(annotations)]) expect(text).not.toContain(each);
        expect(await unseal(sealed)).toEqual(raw);
      }),
      { numRuns: 20 },
    );
  });

  it('is not opened by another identity, nor where it was changed, nor without one', async () => {
    const { raw } = await (await openSeal([recipient]))(archived(secret({ p: 'Z2VoZWlt' })));
    const stranger = await openUnseal(other, 'other.txt');
    await expect(stranger(raw)).rejects.toThrow('no identity in other.txt opens');
    expect(() => requireOpen(raw)).toThrow('are sealed');
    const sealed = asString(asObject(raw['data'])['sealed.age']) ?? '';
    const changed = { ...raw, data: { 'sealed.age': `${sealed.slice(0, -8)}AAAAAAA=` } };
    await expect((await openUnseal(identity, 'key.txt'))(changed)).rejects.toMatchObject({
      code: 'credential-unreadable',
    });
  });

  it('is the only kind that is sealed', async () => {
    const map = archived({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'b' }, data: { a: 'b' } });
    expect(await (await openSeal([recipient]))(map)).toBe(map);
    expect(() => requireOpen(map.raw)).not.toThrow();
  });

  it.skipIf(spawnSync('age', ['--version']).status !== 0)('is opened by the age program', async () => {
    const { raw } = await (await openSeal([recipient]))(archived(secret({ p: 'Z2VoZWlt' })));
    const input = Buffer.from(asString(asObject(raw['data'])['sealed.age']) ?? '', 'base64');
    const folder = mkdtempSync(join(tmpdir(), 'nowwhat-age-'));
    writeFileSync(join(folder, 'key.txt'), identity);
    const { stdout } = spawnSync('age', ['--decrypt', '--identity', join(folder, 'key.txt')], { input });
    rmSync(folder, { recursive: true });
    expect(JSON.parse(stdout.toString())).toMatchObject({ data: { p: 'Z2VoZWlt' } });
  });

  it('needs recipients and identities that are such, and repeats none of them whole', async () => {
    await expect(openSeal(['age1nothing'])).rejects.toMatchObject({ code: 'invalid-option' });
    await expect(openUnseal('nothing', 'k')).rejects.toThrow('k has no identity of age');
    const wrong = `${identity.slice(0, -1)}!`;
    const error: unknown = await openUnseal(wrong, 'k').catch((each: unknown) => each);
    expect(error).toMatchObject({ code: 'credential-unreadable' });
    expect(String(error)).not.toContain('AGE-SECRET-KEY');
  });
});

describe('a signature of a seal', () => {
  const pem = { type: 'pkcs8', format: 'pem' } as const;
  const pair = generateKeyPairSync('ed25519');
  const signing = parseSigningKey(pair.privateKey.export(pem).toString(), 'key.pem');
  const spki = pair.publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const verifying = parseVerifyingKey(spki, 'pub.pem');
  const seal = Buffer.from('{"files":[]}');

  it('holds for the seal that was signed, and no other', () => {
    const signed = signSeal(seal, signing);
    expect(findSignatureFlaw(seal, signed, verifying)).toBeUndefined();
    expect(findSignatureFlaw(Buffer.from('{"files":[1]}'), signed, verifying)).toBe('does not fit the seal');
    expect(findSignatureFlaw(seal, undefined, verifying)).toContain('nobody signed');
    const stranger = generateKeyPairSync('ed25519').publicKey;
    expect(findSignatureFlaw(seal, signed, stranger)).toContain('another key');
  });

  it('is found changed at any byte', () => {
    const signed = signSeal(seal, signing);
    for (let at = 0; at < signed.length; at += 1) {
      const changed = Buffer.from(signed);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(findSignatureFlaw(seal, changed, verifying), `byte ${at}`).toBeDefined();
    }
  });

  it('needs keys of ed25519 in PEM', () => {
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
    expect(() => parseSigningKey(rsa.privateKey.export(pem).toString(), 'k')).toThrow('k is a key of the kind rsa');
    expect(() => parseSigningKey(spki, 'k')).toThrow('k is no private key');
    expect(() => parseVerifyingKey(pair.privateKey.export(pem).toString(), 'k')).toThrow('the public one is needed');
    expect(() => parseVerifyingKey('nothing', 'k')).toThrow('k is no public key');
  });
});
