import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findSecretInFile, findSecretText } from './find-secret-text.ts';

const letters = (count: number): string => 'aB3dE6gH9jK2mN5pQ8rS1tU4vW7xY0zA'.repeat(4).slice(0, count);

describe('secrets', () => {
  it.each([
    ['POSTGRES_PASSWORD', 'postgres'],
    ['DB_PASS', 'changeme'],
    ['dbPassword', 'hunter2'],
    ['spring.datasource.password', 'letmein'],
    ['JWT_SECRET', 'abc'],
    ['API_TOKEN', '12345'],
    ['stripe-api-key', 'whatever'],
    ['ANYTHING', `AKIA${'ABCDEFGH12345678'}`],
    ['X', `ghp_${letters(36)}`],
    ['X', `glpat-${letters(20)}`],
    ['DATABASE_URL', 'postgres://shop:s3cr3t@db:5432/shop'],
    ['REDIS', 'redis://:s3cr3t@redis:6379'],
    ['HOOK', 'https://chat.example.com/send?room=1&token=s3cr3t'],
    ['CONNECTION', 'Server=db;User=sa;Password=Passw0rd;'],
    ['CERT', '-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----'],
    ['SESSION_KEY', 'q8Zp2Lx9Vb4Nt7Rw1Yk6Hm3'],
    ['AUTHORIZATION', 'Bearer abcdefghijkl12345'],
    ['API__KEY', 'whatever'],
    ['APP_KEY', 'q8Zp2Lx9Vb4Nt7Rw1Yk6'],
    ['APP_KEY', '/q8Zp2Lx9Vb4Nt7Rw1Yk6'.slice(1)],
    ['URL', 'postgres://shop:s3cr3t$@db:5432/shop'],
    ['X', `  ghp_${letters(36)}  `],
  ])('%s', (name, value) => {
    expect(findSecretText(name, value)).toBeDefined();
  });

  it.each([
    ['PASSWORD', '$(DB_PASSWORD)'],
    ['PASSWORD', '${DB_PASSWORD}'],
    ['PASSWORD', '{{ .Values.password }}'],
    ['PASSWORD', ''],
    ['PASSWORD_FILE', '/run/secrets/db'],
    ['POSTGRES_PASSWORD', '/run/secrets/db'],
    ['PASSWORD_MIN_LENGTH', '8'],
    ['TOKEN_EXPIRY', '3600'],
    ['ALLOW_EMPTY_PASSWORD', 'yes'],
    ['MYSQL_RANDOM_ROOT_PASSWORD', 'true'],
    ['SECRET_NAME', 'db-credentials'],
    ['TOKEN_URL', 'https://login.example.com/token'],
    ['DATABASE_URL', 'postgres://db:5432/shop'],
    ['HOOK', 'https://chat.example.com/send?token=$(TOKEN)'],
    ['PAGE', 'https://example.com/?tokens=3&page_token_count=2'],
    ['DATABASE_URL', 'postgres://shop:$(PASSWORD)@db:5432/shop'],
    ['PUBLIC_KEY', letters(40)],
    ['CACHE_KEY', 'cart-items'],
    ['SORT_KEY', 'name'],
    ['AUTH_KEY_ID', '3f2504e0-4f89-11d3-9a0c-0305e82c3301'],
    ['PASSWORD', 'vault:secret/data/db#password'],
    ['APP_KEY', 'too-short-1'],
    ['APP_KEY', 'a sentence with 3 words, not a key'],
    ['APP_KEY', 'one two three four five 6'],
    ['APP_KEY', 'qwertzuiopasdfghjklyxcvbnm'],
    ['APP_KEY', '31415926535897932384626433'],
    ['APP_KEY', '3f2504e0-4f89-11d3-9a0c-0305e82c3301'],
    ['APP_KEY', 'web-1.shop.example.com:8080/health'],
    ['APP_KEY', 'aaaaaaaaaa1aaaaaaaaaaaaaaa'],
    ['MONKEY', 'banana'],
    ['COMPASS', 'north'],
    ['PRODUCT_CATALOG_SERVICE_ADDR', 'productcatalogservice:3550'],
    ['IMAGE_KEY', 'registry.example.com/shop/web:1.2.3'],
    ['CERT', '-----BEGIN CERTIFICATE-----\nabc\n-----END CERTIFICATE-----'],
  ])('not %s=%s', (name, value) => {
    expect(findSecretText(name, value)).toBeUndefined();
  });

  it('are never repeated in what is said of them', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 12, maxLength: 60 }), (value) => {
        const found = findSecretText('PASSWORD', value);
        expect(JSON.stringify(found ?? {})).not.toContain(value.trim() === '' ? 'impossible' : value);
      }),
    );
  });
});

describe('settings files', () => {
  it.each([
    ['application.properties', 'server.port=8080\nspring.datasource.password=s3cr3t\n', 'spring.datasource.password'],
    ['config.yaml', 'db:\n  host: db\n  password: "s3cr3t"\n', 'password'],
    ['settings.json', '{\n  "apiKey": "s3cr3t",\n}', 'apiKey'],
    ['.env', 'export TOKEN=abc123\n', 'TOKEN'],
    ['key', '-----BEGIN PRIVATE KEY-----\nabc\n', 'key'],
  ])('%s', (name, content, line) => {
    expect(findSecretInFile(name, content)?.line).toBe(line);
  });

  it.each([
    ['app.js', 'const token = readToken();\nconst password = form.password;\n'],
    ['config.yaml', 'passwordFile: /run/secrets/db\ntokenUrl: https://x\n'],
    ['nginx.conf', 'proxy_set_header Authorization $http_authorization;\n'],
    ['fluent.conf', 'Parser docker\nKey_Name log\n'],
  ])('not %s', (name, content) => {
    expect(findSecretInFile(name, content)).toBeUndefined();
  });
});
