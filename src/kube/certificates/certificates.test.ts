import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { coversHost, decodeBase64, keysMatch, parseCertificate, parsePem, privateKeyIdentity } from './index.ts';

// Made for these tests with `openssl ca`: a curve and four kinds of names; RSA and a year beyond 2049; a curve and no names; Ed25519.
const pems = {
  wild: `-----BEGIN CERTIFICATE-----
MIIBmjCCAUCgAwIBAgIBATAKBggqhkjOPQQDAjAbMRkwFwYDVQQDDBB3aWxkLmV4
YW1wbGUub3JnMB4XDTI1MDEwMTAwMDAwMFoXDTI3MDEwMTAwMDAwMFowGzEZMBcG
A1UEAwwQd2lsZC5leGFtcGxlLm9yZzBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IA
BACVf7fqJux8MG6Z/JJfaabVUlT7GqrsKzCPxHx4tth9Xnqcuy0gxoa1r9ZB9Opo
bpw2+pUzAnik9Vmhc7JrgrCjdTBzMAkGA1UdEwQCMAAwRwYDVR0RBEAwPoIQc2hv
cC5leGFtcGxlLm9yZ4ISKi5zaG9wLmV4YW1wbGUub3JnhwTAAAIHhxAgAQ24AAAA
AAAAAAAAAAABMB0GA1UdDgQWBBS+JXe53FM0oMuqrYh5SugnNOq/nzAKBggqhkjO
PQQDAgNIADBFAiB+FnJIZ76eJzbax2IP8gbKcpoHDH6ix/1+z+N1RuCLfQIhAIXx
53I6DSFjSvOqSnYjtUAMfqBqIR2eRET7YF6/9Ty/
-----END CERTIFICATE-----`,
  far: `-----BEGIN CERTIFICATE-----
MIIB9TCCAV6gAwIBAgIBATANBgkqhkiG9w0BAQsFADAaMRgwFgYDVQQDDA9mYXIu
ZXhhbXBsZS5vcmcwIBcNNDkwMTAxMDAwMDAwWhgPMjA1MTAxMDEwMDAwMDBaMBox
GDAWBgNVBAMMD2Zhci5leGFtcGxlLm9yZzCBnzANBgkqhkiG9w0BAQEFAAOBjQAw
gYkCgYEAz31IjmUUSo0EOAKiy94+BilbtemwVDKHgq3pxFH4el7mUYT9I3FnxNTW
LjpfB9Wqda98E8+tWxycvovHEIwZShYuA92oCjKiX2Ez9xrKusm5D0jIrSH3o5Wj
gysagKlEGnjcWHNoi7aHyd4yMecMRO6WUgfSZIIA3/4hd2tUoa0CAwEAAaNJMEcw
CQYDVR0TBAIwADAbBgNVHREEFDASghBzaG9wLmV4YW1wbGUub3JnMB0GA1UdDgQW
BBTw5URKCdwMqOrW0LULaQVrV32BfzANBgkqhkiG9w0BAQsFAAOBgQCYGjEB3Oon
eQGzDieqR9dO/CepYKlZcGWPgleMi/YkSoD7b4U6v/zztV8qSOpBM+Zle/lrU9Qo
aF7IWzI2KYwaAMVo6LoF0yEXpetPU2mkZeJFAuZMnvMGHJXP3OIY1yFyq1q59Jeb
mX/xmCpmrnNtA4UnuiAypySHvN5IoGE1Mw==
-----END CERTIFICATE-----`,
  nosan: `-----BEGIN CERTIFICATE-----
MIIBkDCCARagAwIBAgIBATAKBggqhkjOPQQDAjAcMRowGAYDVQQDDBFub3Nhbi5l
eGFtcGxlLm9yZzAeFw0yNTAxMDEwMDAwMDBaFw0yNzAxMDEwMDAwMDBaMBwxGjAY
BgNVBAMMEW5vc2FuLmV4YW1wbGUub3JnMHYwEAYHKoZIzj0CAQYFK4EEACIDYgAE
CfA8uBdOAYq/FJFGBhMQlPTu4KWYzlGZM71f+64i07XrZ8FluUGc52Oim5q1j1V+
BI//YEr2/WI61eVelYAEB9qqD3gEeWv6pPO6IC9MXQYAKqHlwFlwTSH+U1SngUjU
oywwKjAJBgNVHRMEAjAAMB0GA1UdDgQWBBSSgg8tKCbVVATPlN+i3CvjlflalDAK
BggqhkjOPQQDAgNoADBlAjEAtV07DwUCHFWK0HTs6MCE1zm1UoxUDxZWqTjBOKcx
vC31wxYL55NgTGAJvCZgAvEXAjAwZjxyZtHLtZFUKhPrJ2rFU3silqdsF+LOJhEA
hlcSgO77zssETjWHJodJghucjpY=
-----END CERTIFICATE-----`,
  ed: `-----BEGIN CERTIFICATE-----
MIIBKTCB3KADAgECAgEBMAUGAytlcDAZMRcwFQYDVQQDDA5lZC5leGFtcGxlLm9y
ZzAeFw0yNTAxMDEwMDAwMDBaFw0yNzAxMDEwMDAwMDBaMBkxFzAVBgNVBAMMDmVk
LmV4YW1wbGUub3JnMCowBQYDK2VwAyEADYV7Wu64oUv6HzU6vmaDS7nCuJ7XsGLo
tYbsrlSQrMqjSTBHMAkGA1UdEwQCMAAwGwYDVR0RBBQwEoIQc2hvcC5leGFtcGxl
Lm9yZzAdBgNVHQ4EFgQUmNXt2blPbJJc+PdxJwcz03ULf68wBQYDK2VwA0EAvEiy
am8rYc3jbAzlZKnAP1X4cdey8t57312avgVTGhkaeX7+YDvbEjbjgXJHNK430+n4
XJxRaPhqLyaWWsLkAA==
-----END CERTIFICATE-----`,
};

function certificateOf(pem: string) {
  const [block] = parsePem(pem);
  const certificate = block === undefined ? undefined : parseCertificate(block.bytes);
  if (certificate === undefined) throw new Error('not read');
  return certificate;
}

describe('base64', () => {
  it('reads what Node writes', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(decodeBase64(Buffer.from(bytes).toString('base64'))).toEqual(bytes);
      }),
    );
  });

  it('skips line breaks and refuses what is none', () => {
    expect(decodeBase64('aGVs\r\nbG8=\n')).toEqual(new Uint8Array(Buffer.from('hello')));
    for (const text of ['aGVsbG8', 'a===', '${TLS}', 'aGV sbG8=', 'aG=sbG8='])
      expect(decodeBase64(text)).toBeUndefined();
  });
});

describe('a certificate', () => {
  it.each(Object.entries(pems))('%s is read as OpenSSL reads it', (_, pem) => {
    const certificate = certificateOf(pem);
    const oracle = new X509Certificate(pem);
    expect(new Date(certificate.notBefore)).toEqual(new Date(oracle.validFrom));
    expect(new Date(certificate.notAfter)).toEqual(new Date(oracle.validTo));
    const names = (oracle.subjectAltName ?? '').split(', ').filter((name) => name !== '');
    expect(certificate.hosts).toEqual(names.flatMap((name) => /^DNS:(.*)$/.exec(name)?.[1] ?? []));
  });

  it('knows its addresses', () => {
    expect(certificateOf(pems.wild).addresses).toEqual(['192.0.2.7', '2001:db8::1']);
    expect(certificateOf(pems.far).addresses).toEqual([]);
  });

  it('covers the hosts that OpenSSL says it covers', () => {
    const hosts = [
      'shop.example.org',
      'SHOP.example.org',
      'a.shop.example.org',
      'a.b.shop.example.org',
      'example.org',
      'ashop.example.org',
      'localhost',
      'wild.example.org',
    ];
    for (const pem of Object.values(pems))
      for (const host of hosts)
        expect(coversHost(certificateOf(pem), host), host).toBe(
          new X509Certificate(pem).checkHost(host, { subject: 'never' }) !== undefined,
        );
  });

  it('takes a wildcard host only where it has the same one', () => {
    expect(coversHost(certificateOf(pems.wild), '*.shop.example.org')).toBe(true);
    expect(coversHost(certificateOf(pems.wild), '*.example.org')).toBe(false);
    expect(coversHost(certificateOf(pems.far), '*.shop.example.org')).toBe(false);
  });

  it('that is cut off, longer, or not one at all is not read, and never throws', () => {
    const [block] = parsePem(pems.wild);
    const bytes = block?.bytes ?? new Uint8Array();
    fc.assert(
      fc.property(fc.nat({ max: bytes.length - 1 }), (length) => {
        expect(parseCertificate(bytes.subarray(0, length))).toBeUndefined();
      }),
    );
    expect(parseCertificate(new Uint8Array([...bytes, 0]))).toBeUndefined();
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (noise) => {
        expect(parseCertificate(noise)).toBeUndefined();
      }),
    );
  });

  it('with any changed byte is read or refused, and never throws', () => {
    const bytes = parsePem(pems.wild)[0]?.bytes ?? new Uint8Array();
    fc.assert(
      fc.property(fc.nat({ max: bytes.length - 1 }), fc.nat({ max: 255 }), (at, value) => {
        const changed = Uint8Array.from(bytes);
        changed[at] = value;
        const certificate = parseCertificate(changed);
        if (certificate !== undefined) expect(certificate.notAfter).toMatch(/^[0-9]{4}-[0-9]{2}-[0-9]{2}T/);
      }),
    );
  });
});

const pairs = [
  ['RSA', generateKeyPairSync('rsa', { modulusLength: 1024 }), generateKeyPairSync('rsa', { modulusLength: 1024 })],
  ['P-256', generateKeyPairSync('ec', { namedCurve: 'P-256' }), generateKeyPairSync('ec', { namedCurve: 'P-256' })],
  ['P-384', generateKeyPairSync('ec', { namedCurve: 'P-384' }), generateKeyPairSync('ec', { namedCurve: 'P-384' })],
] as const;

function identityOf(pem: string) {
  const [block] = parsePem(pem);
  const identity = block === undefined ? undefined : privateKeyIdentity(block.label, block.bytes);
  if (identity === undefined) throw new Error('not read');
  return identity;
}

/** Split, so that nobody takes it for a key that was lost. */
const begin = ['-----BEGIN EC', 'PRIVATE KEY-----'].join(' ');

describe('a private key', () => {
  const forms = ([, { privateKey }]: (typeof pairs)[number]): string[] =>
    [
      privateKey.export({ type: 'pkcs8', format: 'pem' }),
      privateKey.asymmetricKeyType === 'rsa'
        ? privateKey.export({ type: 'pkcs1', format: 'pem' })
        : privateKey.export({ type: 'sec1', format: 'pem' }),
    ].map(String);

  it.each(pairs)('of %s is the same in each of its forms, and no other', (...pair) => {
    const [, , other] = pair;
    const [first = '', second = ''] = forms(pair);
    const stranger = String(other.privateKey.export({ type: 'pkcs8', format: 'pem' }));
    expect(keysMatch(identityOf(first), identityOf(second))).toBe(true);
    expect(keysMatch(identityOf(first), identityOf(stranger))).toBe(false);
  });

  it('belongs to the certificate that was made with it', () => {
    const key = identityOf(`${begin}
MHcCAQEEIH23YdjYkkeNfq5XTVGCUdkSI3A8Ldkbai9uwzfewG+CoAoGCCqGSM49
AwEHoUQDQgAEAJV/t+om7Hwwbpn8kl9pptVSVPsaquwrMI/EfHi22H1eepy7LSDG
hrWv1kH06mhunDb6lTMCeKT1WaFzsmuCsA==
-----END EC PRIVATE KEY-----`);
    expect(keysMatch(certificateOf(pems.wild).publicKey, key)).toBe(true);
    expect(keysMatch(certificateOf(pems.nosan).publicKey, key)).toBe(false);
    expect(keysMatch(certificateOf(pems.far).publicKey, key)).toBe(false);
  });

  it('without its public half cannot be told apart from others of its kind', () => {
    const { privateKey } = generateKeyPairSync('ed25519');
    const key = identityOf(String(privateKey.export({ type: 'pkcs8', format: 'pem' })));
    expect(keysMatch(certificateOf(pems.ed).publicKey, key)).toBeUndefined();
    expect(keysMatch(certificateOf(pems.wild).publicKey, key)).toBe(false);
  });

  it('that is encrypted is not read', () => {
    const [, { privateKey }] = pairs[0];
    const wrapped = String(privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' }));
    const [block] = parsePem(wrapped);
    expect(block && privateKeyIdentity(block.label, block.bytes)).toBeUndefined();
    const old = String(privateKey.export({ type: 'pkcs1', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' }));
    expect(parsePem(old)).toMatchObject([{ label: 'RSA PRIVATE KEY', encrypted: true }]);
    expect(parsePem(wrapped + pems.ed).map(({ encrypted }) => encrypted)).toEqual([false, false]);
  });
});
