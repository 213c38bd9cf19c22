// Faults on demand: what a test or a demo wants to go wrong, and how often.

import type { RequestInfo } from './http/request-info.ts';

/** Which requests a fault befalls; what is left out is not looked at. */
export interface FaultFilter {
  /** `get`, `list`, `watch`, `create`, `update`, `patch`, `delete`, `deletecollection`. */
  readonly verb?: string;
  /** Plural: `pods`. */
  readonly resource?: string;
  readonly namespace?: string;
  readonly name?: string;
  /** Of the whole path. */
  readonly path?: RegExp;
  /** True: only where the request has a continue token. */
  readonly continued?: boolean;
}

export type FaultEffect =
  /** Answers with an error; 429 and 503 with a Retry-After in seconds where one is given. */
  | { readonly kind: 'refuse'; readonly code: number; readonly retryAfter?: number }
  /** Answers late. */
  | { readonly kind: 'delay'; readonly ms: number }
  /** Cuts the connection after so many bytes of the answer's body: 0 before its head. */
  | { readonly kind: 'cut'; readonly afterBytes: number }
  /** The continue token, or the version that a watch starts from, is too old: 410. */
  | { readonly kind: 'expire' }
  /** A watch stays silent about so many events. */
  | { readonly kind: 'lose-events'; readonly count: number };

export interface Fault {
  readonly when?: FaultFilter;
  /** How many requests it befalls: 1 unless told. */
  readonly times?: number;
  readonly effect: FaultEffect;
}

interface Armed {
  readonly fault: Fault;
  left: number;
}

/** Only where there is something to expire, or to lose. */
function suits({ kind }: FaultEffect, { verb }: RequestInfo, query: URLSearchParams): boolean {
  if (kind === 'lose-events') return verb === 'watch';
  return kind !== 'expire' || verb === 'watch' || (verb === 'list' && query.has('continue'));
}

const named = ['verb', 'resource', 'namespace', 'name'] as const;

function befalls({ when = {}, effect }: Fault, info: RequestInfo, query: URLSearchParams): boolean {
  const isSame = named.every((field) => when[field] === undefined || when[field] === info[field]);
  const isContinued = when.continued === undefined || query.has('continue') === when.continued;
  return isSame && isContinued && (when.path?.test(info.path) ?? true) && suits(effect, info, query);
}

export class Faults {
  #armed: Armed[] = [];
  #taken = 0;

  constructor(faults: readonly Fault[] = []) {
    for (const fault of faults) this.add(fault);
  }

  /** How many requests met a fault so far; one that met two counts twice. */
  get taken(): number {
    return this.#taken;
  }

  /** Arms a fault; the returned function takes it back. */
  add(fault: Fault): () => void {
    const armed = { fault, left: fault.times ?? 1 };
    this.#armed.push(armed);
    return () => {
      this.#armed = this.#armed.filter((each) => each !== armed);
    };
  }

  clear(): void {
    this.#armed = [];
  }

  /** The effects for one request, each used up once. */
  take(info: RequestInfo, query: URLSearchParams): FaultEffect[] {
    const hit = this.#armed.filter(({ fault }) => befalls(fault, info, query));
    for (const each of hit) each.left -= 1;
    this.#armed = this.#armed.filter(({ left }) => left > 0);
    this.#taken += hit.length;
    return hit.map(({ fault }) => fault.effect);
  }
}
