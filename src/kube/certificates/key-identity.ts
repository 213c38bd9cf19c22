// What tells two keys apart without calculating with them: the modulus of RSA, the point on a curve.

import { childrenOf, contentOf, type DerElement, derTag, readDer, toHex, toObjectId } from './der.ts';

export interface KeyIdentity {
  readonly algorithm: 'rsa' | 'ec' | 'other';
  /** Hexadecimal; absent where the private key does not hold its public half. */
  readonly id?: string;
}

const rsaObjectId = '1.2.840.113549.1.1.1';
const ecObjectId = '1.2.840.10045.2.1';

function integerText(element: DerElement | undefined): string | undefined {
  if (element?.tag !== derTag.integer) return undefined;
  return toHex(contentOf(element)).replace(/^(?:00)+/, '');
}

/** The x of a point: the same whether the point is written in full (04) or compressed (02, 03). Source: SEC 1, 2.3.3. */
function pointText(bits: Uint8Array): string | undefined {
  const [form] = bits;
  if (form === 0x04) return toHex(bits.subarray(1, 1 + (bits.length - 1) / 2));
  return form === 0x02 || form === 0x03 ? toHex(bits.subarray(1)) : undefined;
}

/** The bits of a BIT STRING, without the leading byte that counts unused ones. */
function bitsOf(element: DerElement | undefined): Uint8Array | undefined {
  return element?.tag === derTag.bitString ? contentOf(element).subarray(1) : undefined;
}

function ecIdentity(bits: Uint8Array | undefined): KeyIdentity {
  const id = bits === undefined ? undefined : pointText(bits);
  return id === undefined ? { algorithm: 'ec' } : { algorithm: 'ec', id };
}

function rsaIdentity(numbers: readonly DerElement[] | undefined, modulusAt: number): KeyIdentity {
  const id = integerText(numbers?.[modulusAt]);
  return id === undefined ? { algorithm: 'rsa' } : { algorithm: 'rsa', id };
}

function sequenceIn(bytes: Uint8Array | undefined): readonly DerElement[] | undefined {
  const element = bytes === undefined ? undefined : readDer(bytes);
  return element?.tag === derTag.sequence ? childrenOf(element) : undefined;
}

function algorithmOf(element: DerElement | undefined): string | undefined {
  const [id] = (element === undefined ? undefined : childrenOf(element)) ?? [];
  return id?.tag === derTag.objectIdentifier ? toObjectId(id) : undefined;
}

/** Of a SubjectPublicKeyInfo (RFC 5280, 4.1). */
export function publicKeyIdentity(info: DerElement): KeyIdentity | undefined {
  const [algorithm, key] = childrenOf(info) ?? [];
  const bits = bitsOf(key);
  if (bits === undefined) return undefined;
  const name = algorithmOf(algorithm);
  if (name === rsaObjectId) return rsaIdentity(sequenceIn(bits), 0);
  if (name === ecObjectId) return ecIdentity(bits);
  return { algorithm: 'other', id: toHex(bits) };
}

/** ECPrivateKey of RFC 5915: version, key, [0] curve, [1] public key. */
function ecPrivate(children: readonly DerElement[] | undefined): KeyIdentity {
  const holder = children?.find(({ tag }) => tag === 0xa1);
  const [bits] = (holder === undefined ? undefined : childrenOf(holder)) ?? [];
  return ecIdentity(bitsOf(bits));
}

/** PrivateKeyInfo of RFC 5208: version, algorithm, key. */
function wrappedPrivate(children: readonly DerElement[] | undefined): KeyIdentity | undefined {
  const name = algorithmOf(children?.[1]);
  const key = children?.[2];
  if (name === undefined || key?.tag !== derTag.octetString) return undefined;
  const inner = sequenceIn(contentOf(key));
  if (name === rsaObjectId) return rsaIdentity(inner, 1);
  return name === ecObjectId ? ecPrivate(inner) : { algorithm: 'other' };
}

/** Of the DER bytes of a private key in the form that its PEM label names; `undefined` where it cannot be read. */
export function privateKeyIdentity(label: string, bytes: Uint8Array): KeyIdentity | undefined {
  const children = sequenceIn(bytes);
  if (children === undefined) return undefined;
  if (label === 'RSA PRIVATE KEY') return rsaIdentity(children, 1);
  if (label === 'EC PRIVATE KEY') return ecPrivate(children);
  return label === 'PRIVATE KEY' ? wrappedPrivate(children) : undefined;
}

/** Whether two keys are halves of one pair; `undefined` where that cannot be told. */
export function keysMatch(a: KeyIdentity, b: KeyIdentity): boolean | undefined {
  if (a.algorithm !== b.algorithm) return false;
  return a.id === undefined || b.id === undefined ? undefined : a.id === b.id;
}
