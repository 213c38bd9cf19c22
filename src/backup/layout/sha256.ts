// The hash by which a backup knows its bytes again.

import { hash } from 'node:crypto';

/** Hexadecimal; of a text, that of its UTF-8. */
export function sha256Of(content: string | Uint8Array): string {
  return hash('sha256', content);
}
