// The token that a page of a list ends with: where the next page starts, and at which version. The API server's own form.

import { isJsonObject } from '../../model/index.ts';
import { badRequest } from '../status-error.ts';

export interface ContinueToken {
  /** -1: whatever is there now, after an older token has expired. */
  readonly version: number;
  /** Key of the last object of the page before. */
  readonly after: string;
}

export function renderToken({ version, after }: ContinueToken): string {
  return Buffer.from(JSON.stringify({ v: 'meta.k8s.io/v1', rv: version, start: `/${after}\u0000` })).toString(
    'base64url',
  );
}

export function parseToken(text: string): ContinueToken {
  try {
    const raw: unknown = JSON.parse(Buffer.from(text, 'base64url').toString());
    if (isJsonObject(raw) && raw['v'] === 'meta.k8s.io/v1' && typeof raw['start'] === 'string')
      return { version: Number(raw['rv']), after: raw['start'].replace(/^\//, '').replace(/\0$/, '') };
  } catch {
    // Told below, like a token of another form.
  }
  throw badRequest('invalid continue token: continue key is not valid');
}
