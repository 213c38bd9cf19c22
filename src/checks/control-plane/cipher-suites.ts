// Which cipher suites of TLS 1.2 are strong. Those of TLS 1.3 cannot be chosen, and what Go accepts unless told otherwise is strong.

import type { Json } from '../../model/index.ts';

/** Forward secrecy and an authenticated mode. Source: RFC 9325, section 4.2; the list of CIS 1.2.29 and 4.2.12. */
const strong = /^TLS_(?:ECDHE_(?:RSA|ECDSA)_WITH_(?:AES_(?:128|256)_GCM|CHACHA20_POLY1305)|AES_|CHACHA20_)/;

export function isWeakCipher(name: Json): boolean {
  return typeof name === 'string' && name.trim() !== '' && !strong.test(name.trim());
}
