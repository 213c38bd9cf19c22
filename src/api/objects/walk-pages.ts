// Walks over the pages of a list: the next one is asked for as soon as the one that is waited for tells its token, which stands before its items.

import { setImmediate } from 'node:timers/promises';
import { asObject, asString, UserError } from '../../model/index.ts';
import type { ApiResource } from '../discovery/api-resource.ts';
import { type ApiError, isApiError } from '../http/api-error.ts';
import type { ApiClient } from '../http/client.ts';
import { linkAbort } from '../linked-abort.ts';
import type { ListOptions } from './list-options.ts';

/** Which page. */
export interface Cursor {
  /** '' for the first. */
  readonly token: string;
  readonly inconsistent: boolean;
  readonly restarts: number;
  readonly pageSize: number;
}

export interface Listing {
  readonly client: ApiClient;
  readonly resource: ApiResource;
  readonly options: ListOptions;
  readonly signal: AbortSignal;
}

/** Hears the token of the next page while the rest of a page is on its way; again where the page is asked for again. */
export type TellToken = (token: string) => void;

export interface Fetched<A> {
  readonly answer: A;
  readonly cursor: Cursor;
  readonly restarted: boolean;
}

export interface Walk<A> {
  readonly client: ApiClient;
  readonly resource: ApiResource;
  readonly options: ListOptions;
  readonly fetch: (listing: Listing, at: Cursor, tell: TellToken) => Promise<A>;
}

/** Where to go on after a 410: with the token that the server gives for newer objects, or at the beginning. */
function afterExpiry(error: ApiError, cursor: Cursor, { whenExpired = 'continue' }: ListOptions): Cursor {
  const token = asString(asObject(error.answer['metadata'])['continue']) ?? '';
  if (whenExpired === 'continue' && token !== '') return { ...cursor, token, inconsistent: true };
  // A list that expires twice is slower than its server forgets: it is asked for at once.
  const restarts = cursor.restarts + 1;
  return { token: '', inconsistent: false, restarts, pageSize: restarts > 1 ? 0 : cursor.pageSize };
}

function nextCursor(token: string, cursor: Cursor): Cursor | undefined {
  if (token === '') return undefined;
  if (token !== cursor.token) return { ...cursor, token };
  const advice = 'Tell the owner of that API: each page must lead to another one.';
  throw new UserError('cluster-failed', 'the list goes on with the page that was just read, without end', advice);
}

/** A page that is on its way, and the one after it once that is asked for. */
class ComingPage<A> {
  readonly page: Promise<Fetched<A>>;
  private readonly fetching: Fetching<A>;
  /** Of the page after it, and which page told it. */
  private told: { readonly token: string; readonly by: Cursor } | undefined;
  private isWaitedFor = false;
  private next: { readonly token: string; readonly by: Cursor; readonly coming: ComingPage<A> } | undefined;

  constructor(fetching: Fetching<A>, cursor: Cursor) {
    this.fetching = fetching;
    this.page = this.fetch(cursor);
    // Its failure is met when it is waited for; until then nobody listens.
    this.page.catch(() => undefined);
  }

  /** From now on the page after it may be asked for: no more than one is ahead of the one that is waited for. */
  wait(): Promise<Fetched<A>> {
    this.isWaitedFor = true;
    this.askAhead();
    return this.page;
  }

  /** The page after it, by the token that the whole page has: an early one was that of an answer that broke off where it is another. */
  after(token: string, { cursor }: Fetched<A>): ComingPage<A> | undefined {
    if (this.next?.token === token && this.next.by === cursor) return this.next.coming;
    const next = nextCursor(token, cursor);
    return next && new ComingPage(this.fetching, next);
  }

  private askAhead(): void {
    if (!this.isWaitedFor || this.told === undefined || this.next !== undefined) return;
    const { token, by } = this.told;
    // What leads nowhere is told with the whole page.
    if (token === '' || token === by.token) return;
    this.next = { token, by, coming: new ComingPage(this.fetching, { ...by, token }) };
  }

  private async fetch(cursor: Cursor): Promise<Fetched<A>> {
    const { listing, fetch } = this.fetching;
    let at = cursor;
    for (;;) {
      try {
        const by = at;
        const answer = await fetch(listing, at, (token) => {
          this.told = { token, by };
          this.askAhead();
        });
        return { answer, cursor: at, restarted: at.restarts > cursor.restarts };
      } catch (error) {
        if (!isApiError(error, 410) || at.token === '') throw error;
        at = afterExpiry(error, at, listing.options);
      }
    }
  }
}

/** How pages are asked for. */
interface Fetching<A> {
  readonly listing: Listing;
  readonly fetch: Walk<A>['fetch'];
}

/** Pages one after the other; `use` says what is made of each, and the token where the answer does not. */
export async function* walkPages<A extends { readonly token: string | undefined }, P>(
  { client, resource, options, fetch }: Walk<A>,
  use: (fetched: Fetched<A>) => { readonly token: string; readonly page: P },
): AsyncGenerator<P> {
  const left = linkAbort(options.signal);
  const fetching = { listing: { client, resource, options, signal: left.signal }, fetch };
  const start = { token: '', inconsistent: false, restarts: 0, pageSize: options.pageSize ?? 500 };
  let coming: ComingPage<A> | undefined = new ComingPage(fetching, start);
  try {
    while (coming !== undefined) {
      const fetched: Fetched<A> = await coming.wait();
      const { token } = fetched.answer;
      const known: ComingPage<A> | undefined = token === undefined ? undefined : coming.after(token, fetched);
      // The request is on its way before the parser holds everything up.
      if (known !== undefined) await setImmediate();
      const used = use(fetched);
      coming = token === undefined ? coming.after(used.token, fetched) : known;
      yield used.page;
    }
  } finally {
    left.abort();
    left.unlink();
  }
}
