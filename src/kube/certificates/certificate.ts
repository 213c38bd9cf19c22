// Reads of an X.509 certificate (RFC 5280) what decides whether callers accept it: validity, names and public key.

import { type IpAddress, parseIpAddress, formatIpAddress } from '../cidr.ts';
import {
  childrenOf,
  contentOf,
  contextTag,
  type DerElement,
  derTag,
  readDer,
  toHex,
  toLatin,
  toObjectId,
} from './der.ts';
import { type KeyIdentity, publicKeyIdentity } from './key-identity.ts';

export interface Certificate {
  /** ISO instants in UTC, such as `2026-01-15T08:00:00Z`: they compare as text. */
  readonly notBefore: string;
  readonly notAfter: string;
  /** DNS names of the subject alternative name, in lower case; a common name is not looked at, as no client does. */
  readonly hosts: readonly string[];
  readonly addresses: readonly string[];
  readonly publicKey: KeyIdentity;
}

const alternativeName = '2.5.29.17';

/** Source: RFC 5280, 4.1.2.5: two digits of a year below 50 are of this century. */
function readTime(element: DerElement | undefined): string | undefined {
  if (element === undefined) return undefined;
  const text = toLatin(contentOf(element));
  const full = element.tag === derTag.utcTime ? `${Number(text.slice(0, 2)) < 50 ? '20' : '19'}${text}` : text;
  const match = /^([0-9]{4})([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2})Z$/.exec(full);
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second] = match;
  return `${year}-${month}-${day}T${hour}:${minute}:${second}Z`;
}

function addressText(bytes: Uint8Array): string | undefined {
  const text =
    bytes.length === 4
      ? bytes.join('.')
      : (toHex(bytes).match(/.{4}/g) ?? []).map((group) => group.replace(/^0{1,3}/, '')).join(':');
  const address: IpAddress | undefined = parseIpAddress(text);
  return address === undefined ? undefined : formatIpAddress(address);
}

function extensionsOf(fields: readonly DerElement[]): readonly DerElement[] {
  const holder = fields.find(({ tag }) => tag === contextTag(3));
  const [list] = (holder === undefined ? undefined : childrenOf(holder)) ?? [];
  return (list === undefined ? undefined : childrenOf(list)) ?? [];
}

/** The names of the extension: GeneralName choices, of which [2] is a DNS name and [7] an address. */
function alternativeNames(fields: readonly DerElement[]): readonly DerElement[] {
  for (const extension of extensionsOf(fields)) {
    const parts = childrenOf(extension) ?? [];
    const [id] = parts;
    const value = parts.at(-1);
    if (id === undefined || value === undefined || toObjectId(id) !== alternativeName) continue;
    const names = readDer(contentOf(value));
    return (names === undefined ? undefined : childrenOf(names)) ?? [];
  }
  return [];
}

/** Fields of the part that is signed; the version in front is optional. */
function signedFields(bytes: Uint8Array): readonly DerElement[] {
  const certificate = readDer(bytes);
  const [signed] = (certificate?.tag === derTag.sequence ? childrenOf(certificate) : undefined) ?? [];
  const fields = (signed?.tag === derTag.sequence ? childrenOf(signed) : undefined) ?? [];
  return fields[0]?.tag === contextTag(0) ? fields.slice(1) : fields;
}

/** Reads the DER bytes of a certificate; `undefined` where they are none. Nothing of it is verified. */
export function parseCertificate(bytes: Uint8Array): Certificate | undefined {
  const fields = signedFields(bytes);
  const [, , , validity, , keyInfo] = fields;
  const [from, to] = (validity === undefined ? undefined : childrenOf(validity)) ?? [];
  const notBefore = readTime(from);
  const notAfter = readTime(to);
  const publicKey = keyInfo === undefined ? undefined : publicKeyIdentity(keyInfo);
  if (notBefore === undefined || notAfter === undefined || publicKey === undefined) return undefined;
  const names = alternativeNames(fields);
  return {
    notBefore,
    notAfter,
    hosts: names.filter(({ tag }) => tag === 0x82).map((name) => toLatin(contentOf(name)).toLowerCase()),
    addresses: names.filter(({ tag }) => tag === 0x87).flatMap((name) => addressText(contentOf(name)) ?? []),
    publicKey,
  };
}

/** Whether clients accept the certificate for a host: `*` stands for exactly one first label. Source: RFC 6125, 6.4.3. */
export function coversHost({ hosts }: Pick<Certificate, 'hosts'>, host: string): boolean {
  const asked = host.toLowerCase();
  const parent = asked.slice(asked.indexOf('.'));
  return hosts.some(
    (name) => name === asked || (name.startsWith('*.') && asked.includes('.') && name.slice(1) === parent),
  );
}
