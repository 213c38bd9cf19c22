// Certificates for one test run: an authority, and what it signs, made in memory (X.509 v3 with ECDSA P-256, RFC 5280).

import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';

function der(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(contents);
  if (body.length < 128) return Buffer.concat([Buffer.from([tag, body.length]), body]);
  const size = Buffer.alloc(4);
  size.writeUInt32BE(body.length);
  const length = size.subarray(size.findIndex((byte) => byte !== 0));
  return Buffer.concat([Buffer.from([tag, 0x80 | length.length]), length, body]);
}

const sequence = (...items: readonly Uint8Array[]) => der(0x30, ...items);
const oid = (...bytes: readonly number[]) => der(0x06, Buffer.from(bytes));
const ecdsaWithSha256 = sequence(oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02));
const commonName = oid(0x55, 0x04, 0x03);
const organization = oid(0x55, 0x04, 0x0a);

function attribute(type: Buffer, text: string): Buffer {
  return der(0x31, sequence(type, der(0x0c, Buffer.from(text))));
}

function nameOf(common: string, organizations: readonly string[]): Buffer {
  return sequence(...organizations.map((each) => attribute(organization, each)), attribute(commonName, common));
}

function utcTime(date: Date): Buffer {
  return der(0x17, Buffer.from(`${date.toISOString().replace(/[-:T]/g, '').slice(2, 14)}Z`));
}

function extension(id: Buffer, value: Buffer): Buffer {
  return sequence(id, der(0x04, value));
}

function alternativeName(name: string): Buffer {
  const bytes = name.split('.').map(Number);
  const isAddress = bytes.length === 4 && bytes.every((byte) => byte >= 0 && byte < 256);
  return isAddress ? der(0x87, Buffer.from(bytes)) : der(0x82, Buffer.from(name));
}

export interface Certificate {
  readonly certificate: string;
  readonly key: string;
}

export interface Subject {
  readonly name: string;
  readonly organizations?: readonly string[];
  /** DNS names and IPv4 addresses. */
  readonly alternatives?: readonly string[];
}

export interface Authority {
  /** PEM. */
  readonly certificate: string;
  readonly issue: (subject: Subject) => Certificate;
}

interface Issuer {
  readonly name: Buffer;
  readonly key: KeyObject;
}

function extensionsOf({ alternatives = [] }: Subject, isAuthority: boolean): Buffer {
  const basic = extension(oid(0x55, 0x1d, 0x13), sequence(...(isAuthority ? [der(0x01, Buffer.from([0xff]))] : [])));
  const names = extension(oid(0x55, 0x1d, 0x11), sequence(...alternatives.map(alternativeName)));
  return der(0xa3, sequence(basic, ...(alternatives.length === 0 ? [] : [names])));
}

function signCertificate(
  subject: Subject,
  keys: { publicKey: KeyObject },
  issuer: Issuer,
  isAuthority: boolean,
): string {
  const body = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    ecdsaWithSha256,
    issuer.name,
    sequence(utcTime(new Date(Date.now() - 3_600_000)), utcTime(new Date(Date.now() + 86_400_000))),
    nameOf(subject.name, subject.organizations ?? []),
    keys.publicKey.export({ type: 'spki', format: 'der' }),
    extensionsOf(subject, isAuthority),
  );
  const signature = der(0x03, Buffer.from([0]), sign('sha256', body, issuer.key));
  const text = sequence(body, ecdsaWithSha256, signature)
    .toString('base64')
    .replace(/(.{64})(?=.)/g, '$1\n');
  return `-----BEGIN CERTIFICATE-----\n${text}\n-----END CERTIFICATE-----\n`;
}

export function createAuthority(name: string): Authority {
  const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const issuer = { name: nameOf(name, []), key: keys.privateKey };
  return {
    certificate: signCertificate({ name }, keys, issuer, true),
    issue: (subject) => {
      const own = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      const key = own.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
      return { certificate: signCertificate(subject, own, issuer, false), key };
    },
  };
}
