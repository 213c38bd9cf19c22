// What callers ask of the API server.

import type { Json } from '../../model/index.ts';

export type QueryValue = string | number | boolean | readonly string[] | undefined;
export type Query = Readonly<Record<string, QueryValue>>;

export interface ApiRequest {
  /** Default GET. */
  readonly method?: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** From the API server's root, its segments encoded: `/api/v1/namespaces/shop/pods`. */
  readonly path: string;
  /** `undefined` is left out; a list repeats the key. */
  readonly query?: Query;
  /** Sent as JSON, untouched; a `Uint8Array` goes out as it is. */
  readonly body?: Json | Uint8Array;
  /** Default `application/json`. */
  readonly contentType?: string;
  /** Default `application/json`. */
  readonly accept?: string;
  readonly signal?: AbortSignal;
  /** A POST that changes nothing, as an access review: it may be sent again after a broken connection. GETs always may. */
  readonly repeatable?: boolean;
  /** False: a 429 or 503 is handed to the caller at once. */
  readonly patient?: boolean;
  /**
   * Hears the first bytes of a good answer, unpacked, while the rest of it is on its way: again with more of them until it says that it has heard enough,
   * and anew where the request is sent again.
   */
  readonly onStart?: (bytes: Buffer) => boolean;
}

/** `/a?b=c` from path and query. */
export function renderTarget(path: string, query: Query = {}): string {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    if (value === undefined) continue;
    for (const each of Array.isArray(value) ? (value as readonly string[]) : [value]) search.append(key, String(each));
  }
  const text = search.toString();
  return text === '' ? path : `${path}?${text}`;
}
