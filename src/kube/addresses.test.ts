import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressesInText, addressesInValue } from './addresses.ts';

describe('addresses in a value', () => {
  it.each([
    ['db', [{ host: 'db', isCertain: false }]],
    ['db:5432', [{ host: 'db', port: 5432, isCertain: true }]],
    ['http://web', [{ host: 'web', port: 80, isCertain: true }]],
    ['HTTPS://Web.Shop./path?x=1', [{ host: 'web.shop', port: 443, isCertain: true }]],
    ['grpc://web', [{ host: 'web', isCertain: true }]],
    [
      'postgres://user:pa%40ss@db.shop.svc:6432/app',
      [{ host: 'db.shop.svc', port: 6432, isCertain: true, isForPrograms: true }],
    ],
    ['jdbc:mysql://db/app', [{ host: 'db', port: 3306, isCertain: true, isForPrograms: true }]],
    ['root:secret@tcp(db:3306)/app', [{ host: 'db', port: 3306, isCertain: true }]],
    ['--backend=api:8080', [{ host: 'api', port: 8080, isCertain: true }]],
    ['host=db port=1', [{ host: 'db', isCertain: false }]],
    [
      'kafka-0.kafka:9092,kafka-1.kafka:9092',
      [
        { host: 'kafka-0.kafka', port: 9092, isCertain: true },
        { host: 'kafka-1.kafka', port: 9092, isCertain: true },
      ],
    ],
    ['10.0.0.1:80', [{ host: '10.0.0.1', port: 80, isCertain: true }]],
    ['https://[2600:1F18::5]:8443/x', [{ host: '2600:1f18::5', port: 8443, isCertain: true }]],
    ['[fd00::1]:6379', [{ host: 'fd00::1', port: 6379, isCertain: true }]],
    ['http://[::1]:80', []],
    ['http://[::]:80', []],
    ['[a]:80', []],
    ['dns:///rpc.data.svc:50051', [{ host: 'rpc.data.svc', port: 50051, isCertain: true }]],
    ['--rpc=dns://10.96.0.10/rpc.data:50051', [{ host: 'rpc.data', port: 50051, isCertain: true }]],
    ['passthrough:///rpc:1', [{ host: 'rpc', port: 1, isCertain: true }]],
    ['dns://server', [{ host: 'server', isCertain: true }]],
    ['unix:///var/run/x.sock', []],
    ['file:///etc/passwd', []],
    ['1.2.3', []],
    ['1.2.3:80', []],
    ['http://127.0.0.1:80', []],
    ['localhost:80', []],
    ['0.0.0.0:8080', []],
    [':8080', []],
    ['12', []],
    ['db:99999', []],
    ['$(DB_HOST):5432', []],
    ['-db-', []],
    ['', []],
  ])('%j are %j', (value, expected) => {
    const found = addressesInValue(value);
    expect(value === 'host=db port=1' ? found.slice(0, 1) : found).toEqual(expected);
  });

  it('are what was put together', () => {
    const label = fc.stringMatching(/^[a-z]([-a-z0-9]{0,8}[a-z0-9])?$/);
    const host = fc.array(label, { minLength: 1, maxLength: 5 }).map((labels) => labels.join('.'));
    fc.assert(
      fc.property(host, fc.integer({ min: 1, max: 65_535 }), (name, port) => {
        expect(addressesInValue(`http://${name}:${port}/x`)).toEqual([{ host: name, port, isCertain: true }]);
        expect(addressesInText(`upstream = "${name}:${port}";`)).toEqual([{ host: name, port, isCertain: true }]);
      }),
    );
  });

  it('are looked for in any text, however long, without an error', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 2_000 }), (text) => {
        for (const { host } of [...addressesInValue(text), ...addressesInText(text)]) expect(host).not.toBe('');
      }),
    );
  });
});

describe('addresses in a file', () => {
  it('are found in time that grows with the file and no faster', () => {
    const text = `${'a'.repeat(500_000)} ${'a-'.repeat(250_000)} ${'a.'.repeat(250_000)}${'\n'.repeat(500_000)} api:80`;
    expect(addressesInText(text)).toEqual([{ host: 'api', port: 80, isCertain: true }]);
  }, 60_000);

  it('are those with a scheme or a port, outside of comments', () => {
    const text = `
# proxy_pass http://old:80;
proxy_pass http://api/v1;
server api:8080;
log_format main;
time 12:30
url: "redis://cache:6379"
image: registry.example.com/web:1.2.3
`;
    expect(addressesInText(text).map(({ host, port }) => `${host}:${port}`)).toEqual([
      'api:80',
      'api:8080',
      'cache:6379',
    ]);
  });
});
