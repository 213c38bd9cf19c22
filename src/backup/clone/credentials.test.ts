import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asObject, asString, type JsonObject } from '../../model/index.ts';
import type { ClonedObject } from './clone-plan.ts';
import { Credentials } from './credentials.ts';
import { compileSecretRules, type SecretTreatment } from './secret-rules.ts';
import { freshValue, kindOfValue, maskedValue } from './secret-values.ts';

const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** As good as random, and the same each time. */
function dice(): (bytes: number) => Uint8Array {
  let count = 0;
  return (bytes) => {
    count += 1;
    return createHash('sha512').update(String(count)).digest().subarray(0, bytes);
  };
}

function secret(name: string, data: Readonly<Record<string, string>>, type = 'Opaque'): ClonedObject {
  const values = Object.fromEntries(Object.entries(data).map(([key, text]) => [key, base64(text)]));
  const object: JsonObject = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace: 'shop' },
    type,
    data: values,
  };
  return { place: { groupResource: 'secrets', namespace: 'shop', name }, object };
}

function treat(
  secrets: readonly ClonedObject[],
  usual: SecretTreatment,
  rules?: JsonObject,
  made = new Map<string, string>(),
) {
  const credentials = new Credentials(secrets, {
    rules: compileSecretRules(usual, rules, 'rules.yaml'),
    made,
    random: dice(),
  });
  const texts = secrets.map((each) =>
    Object.fromEntries(
      Object.entries(asObject(credentials.treat(each)['data'])).map(([key, value]) => [
        key,
        Buffer.from(asString(value) ?? '', 'base64').toString(),
      ]),
    ),
  );
  return { credentials, texts };
}

const app = [
  secret('db', { username: 'app', password: 'Geheim-4711-wort', host: 'db' }),
  secret('web', {
    DATABASE_URL: 'postgres://app:Geheim-4711-wort@db:5432/app',
    config: 'pw = "Geheim-4711-wort"\nnot = xGeheim-4711-wort\n',
  }),
];

describe('fresh credentials', () => {
  it('stand wherever the old one stood, and nowhere inside of another word', () => {
    const { credentials, texts } = treat(app, 'fresh');
    const fresh = texts[0]?.['password'] ?? '';
    expect(fresh).toMatch(/^[A-Z][a-z]{5}-\d{4}-[a-z]{4}$/);
    expect(fresh).not.toBe('Geheim-4711-wort');
    expect(texts).toMatchObject([
      { username: 'app', host: 'db' },
      { DATABASE_URL: `postgres://app:${fresh}@db:5432/app`, config: `pw = "${fresh}"\nnot = xGeheim-4711-wort\n` },
    ]);
    expect(credentials.inText('Geheim-4711-wort')).toBe(fresh);
    expect(JSON.stringify([credentials.notes, credentials.decisions])).not.toContain('4711');
  });

  it('a password that stands in an address only is made anew too, and a short one is not looked for in words', () => {
    const { credentials, texts } = treat([secret('q', { url: 'amqp://u:abc@q/', note: 'abc and abcabc' })], 'fresh');
    expect(texts[0]?.['url']).toMatch(/^amqp:\/\/u:[a-z]{3}@q\/$/);
    expect(texts[0]).toMatchObject({ note: 'abc and abcabc' });
    expect(texts[0]?.['url']).not.toContain(':abc@');
    expect(credentials.inText('abc')).toBe('abc');
  });

  it('are the same in a second run', () => {
    const first = treat(app, 'fresh').credentials;
    const made = new Map(
      app.flatMap((each) =>
        Object.entries(asObject(first.treat(each)['data'])).map(
          ([key, value]) => [`${each.place.name}/${key}`, asString(value) ?? ''] as const,
        ),
      ),
    );
    const second = treat(app, 'fresh', undefined, made).credentials;
    for (const each of app) expect(second.treat(each)).toEqual(first.treat(each));
  });

  it.each([
    [
      'tls',
      { 'tls.crt': '-----BEGIN CERTIFICATE-----\nx\n', 'tls.key': '-----BEGIN PRIVATE KEY-----\nx\n' },
      'kubernetes.io/tls',
      /certificate/,
    ],
    ['pull', { '.dockerconfigjson': '{"auths":{}}' }, 'kubernetes.io/dockerconfigjson', /registry/],
    ['jwt', { value: 'eyJhbGciOi.eyJzdWIi.c2ln' }, 'Opaque', /somebody else/],
    ['pay', { STRIPE_API_KEY: 'whatever' }, 'Opaque', /somebody else/],
  ])('are not made up for %s: a person decides', (name, data, type, why) => {
    const { credentials, texts } = treat([secret(name, data as Record<string, string>, type)], 'fresh');
    expect(texts).toEqual([data]);
    expect(credentials.decisions.map(({ text }) => text).join()).toMatch(why);
  });
});

describe('masked credentials', () => {
  it('hold nothing of the old ones but their form, and say where and who still', () => {
    const { texts } = treat(
      [
        ...app,
        secret('pull', { '.dockerconfigjson': '{"auths":{"r":{"auth":"Z2g="}}}' }, 'kubernetes.io/dockerconfigjson'),
      ],
      'mask',
    );
    expect(texts).toEqual([
      { username: 'app', password: 'Xxxxxx-0000-xxxx'.toLowerCase(), host: 'db' },
      {
        DATABASE_URL: 'postgres://app:xxxxxx-0000-xxxx@db:5432/app',
        config: 'xx = "xxxxxx-0000-xxxx"\nxxx = xxxxxxx-0000-xxxx\n',
      },
      { '.dockerconfigjson': '{"auths":{}}' },
    ]);
  });
});

describe('rules', () => {
  const rules = {
    rules: [
      { secret: 'db', keys: 'pass*', treatment: 'keep' },
      { secret: ['w*', 'x'], treatment: 'mask' },
    ],
  };

  it('the first that fits wins, and what is to be kept is kept', () => {
    const { texts } = treat(app, 'fresh', rules);
    expect(texts[0]).toMatchObject({ password: 'Geheim-4711-wort' });
    expect(texts[1]?.['DATABASE_URL']).toBe('postgres://app:xxxxxx-0000-xxxx@db:5432/app');
  });

  it.each([
    [{}],
    [{ rules: [] }],
    [{ rules: [{ secret: 'a', treatment: 'burn' }] }],
    [{ rules: [{ secret: 'a', keys: 'b', treatment: 'leave-out' }] }],
    [{ rules: [{ secret: 'a', treatment: 'keep', key: 'b' }] }],
  ])('refuses %j', (document) => {
    expect(() => compileSecretRules('keep', document as JsonObject, 'rules.yaml')).toThrow(/rules.yaml/);
  });
});

describe('values', () => {
  it('fresh ones are as long and of the same letters as the old ones', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 40 }), (old) => {
        const fresh = freshValue(old, dice());
        const form = (text: string): string =>
          text.replaceAll(/[a-z]/g, 'a').replaceAll(/[A-Z]/g, 'A').replaceAll(/[0-9]/g, '0');
        if (!/^[0-9a-fA-F-]+$/.test(old)) expect(form(fresh)).toBe(form(old));
        expect(fresh).toHaveLength(old.length);
      }),
    );
  });

  it('hexadecimal keys and UUIDs stay what they are', () => {
    expect(freshValue('0a1b2c3d4e5f6071', dice())).toMatch(/^[0-9a-f]{16}$/);
    expect(freshValue('3f2504e0-4f89-11d3-9a0c-0305e82c3301', dice())).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
  });

  it('a masked value holds no letter or digit of the old one', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (old) => {
        expect(maskedValue(old).replaceAll(/[x0]/g, '')).not.toMatch(/[\p{L}\p{N}]/u);
      }),
    );
  });

  it.each([
    ['password', 'x', 'password'],
    ['DB_PASSWORD', 'x', 'password'],
    ['secret_key_base', 'x', 'password'],
    ['JWT_SIGNING_KEY', 'x', 'password'],
    ['api-token', 'x', 'issued'],
    ['key', 'AKIAIOSFODNN7EXAMPLE', 'issued'],
    ['dsn', 'redis://:pw@r/0', 'address'],
    ['DB_USER', 'x', 'plain'],
    ['keyboard', 'x', 'other'],
  ])('%s with %s is %s', (key, text, kind) => {
    expect(kindOfValue('Opaque', key, text)).toBe(kind);
  });
});
