// The hash by which a backup knows its bytes again.

import { createHash } from 'node:crypto';

/** Hexadecimal; of a text, that of its UTF-8. */
export function sha256Of(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
