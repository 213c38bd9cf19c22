// What a Secret holds for TLS: certificates and the public half of its key. The key itself never leaves this file.

import {
  type Certificate,
  decodeBase64,
  type KeyIdentity,
  parseCertificate,
  parsePem,
  privateKeyIdentity,
} from '../../kube/certificates/index.ts';
import { asObject, asString, type KubeObject, type Path } from '../../model/index.ts';

export interface TlsSecret {
  /** The certificate of the server first, then those that signed it; empty where none can be read. */
  readonly chain: readonly Certificate[];
  readonly key: KeyIdentity | undefined;
  /** Where the certificate stands. */
  readonly path: Path;
  readonly keyPath: Path;
}

interface Entry {
  readonly text: string;
  readonly path: Path;
}

/** Values that another program fills in later. */
const placeholder = /^\s*(?:\$\{.*\}|<.*>|\{\{.*\}\}|ENC\[.*\]|ref\+.*|vault:.*)?\s*$/s;

function toText(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
}

/** The value of a key, as pods see it; `undefined` where it is not in the input. `stringData` wins, as in the API server. */
function entryOf({ raw }: KubeObject, key: string): Entry | undefined {
  const plain = asString(asObject(raw['stringData'])[key]);
  if (plain !== undefined) return placeholder.test(plain) ? undefined : { text: plain, path: ['stringData', key] };
  const encoded = asString(asObject(raw['data'])[key]);
  if (encoded === undefined || placeholder.test(encoded)) return undefined;
  const bytes = decodeBase64(encoded);
  const text = bytes === undefined ? '' : toText(bytes);
  return bytes !== undefined && placeholder.test(text) ? undefined : { text, path: ['data', key] };
}

function readKey(text: string): KeyIdentity | undefined {
  const block = parsePem(text).find(({ label, encrypted }) => label.endsWith('PRIVATE KEY') && !encrypted);
  return block === undefined ? undefined : privateKeyIdentity(block.label, block.bytes);
}

/** What is in `tls.crt` and `tls.key`; `undefined` where the certificate's value is not in the input. */
export function readTlsSecret(secret: KubeObject): TlsSecret | undefined {
  const certificate = entryOf(secret, 'tls.crt');
  if (certificate === undefined || secret.raw['sops'] !== undefined) return undefined;
  const key = entryOf(secret, 'tls.key');
  const chain = parsePem(certificate.text)
    .filter(({ label }) => label === 'CERTIFICATE')
    .flatMap(({ bytes }) => parseCertificate(bytes) ?? []);
  return {
    chain,
    key: key === undefined ? undefined : readKey(key.text),
    path: certificate.path,
    keyPath: key?.path ?? certificate.path,
  };
}

/** Secrets that are for TLS by their type, or by the key that every server looks for. */
export function isForTls({ raw }: KubeObject): boolean {
  if (raw['type'] === 'kubernetes.io/tls') return true;
  return asObject(raw['data'])['tls.crt'] !== undefined || asObject(raw['stringData'])['tls.crt'] !== undefined;
}
