// Reads PEM (RFC 7468): the blocks of a text and their bytes.

import { decodeBase64 } from '../base64.ts';

export interface PemBlock {
  /** `CERTIFICATE`, `EC PRIVATE KEY`, … */
  readonly label: string;
  readonly bytes: Uint8Array;
  /** True where a header says that the bytes are encrypted (RFC 1421). */
  readonly encrypted: boolean;
}

const block = /-----BEGIN ([A-Z0-9 ]+)-----[ \t]*\r?\n([\s\S]*?)-----END \1-----/g;
const header = /^[A-Za-z-]+: .*$/gm;

/** The blocks of a text in order; text between them, and blocks that are no base64, are left out. */
export function parsePem(text: string): PemBlock[] {
  return [...text.matchAll(block)].flatMap(([, label = '', body = '']) => {
    const bytes = decodeBase64(body.replaceAll(header, '').replaceAll(/[ \t]/g, ''));
    return bytes === undefined ? [] : [{ label, bytes, encrypted: body.includes('Proc-Type: 4,ENCRYPTED') }];
  });
}
