// Decides whether a request is tried again, and when. Writes are repeated only where the server said that it did not carry them out.

import { isReset } from './connection-error.ts';

/** How one try ended: with an answer, or with an error below HTTP. */
export type Outcome = AnswerOutcome | { readonly error: unknown };

interface AnswerOutcome {
  readonly status: number;
  readonly retryAfter: number | undefined;
}

export interface RetryRules {
  /** The request may be carried out twice. */
  readonly repeatable: boolean;
  /** False: an overloaded server's answer is handed on. */
  readonly patient: boolean;
}

/** Tries in all; an overloaded server is given more time than a broken one. */
const triesWhenBusy = 10;
const triesWhenBroken = 4;
/** A server that asks for more is told to the user. */
const longestWait = 60_000;

/** Milliseconds: doubling from `base` with the number of tries so far, up to `most`, and half of it by chance. */
export function backoff(tries: number, random: number, { base = 250, most = 30_000 } = {}): number {
  const full = Math.min(most, base * 2 ** Math.min(tries - 1, 30));
  return full / 2 + (full / 2) * random;
}

/** 429 and 503 with Retry-After come before a request is carried out; other failures may come after. */
function isNotCarriedOut({ status, retryAfter }: AnswerOutcome): boolean {
  return status === 429 || (status === 503 && retryAfter !== undefined);
}

function waitWhenBusy(tries: number, { retryAfter = 0 }: AnswerOutcome, random: number): number | undefined {
  const asked = retryAfter * 1000;
  if (tries >= triesWhenBusy || asked > longestWait) return undefined;
  // Never before the time that was asked for, and not all clients at the same moment.
  return Math.max(asked * (1 + random / 4), backoff(tries, random, { base: 100, most: 10_000 }));
}

function isFailure({ status, retryAfter }: AnswerOutcome): boolean {
  return status === 500 ? retryAfter !== undefined : [502, 503, 504].includes(status);
}

function waitForAnswer(tries: number, answer: AnswerOutcome, rules: RetryRules, random: number): number | undefined {
  if (!rules.patient) return undefined;
  if (isNotCarriedOut(answer)) return waitWhenBusy(tries, answer, random);
  return isFailure(answer) && rules.repeatable && tries < triesWhenBroken ? backoff(tries, random) : undefined;
}

/** Milliseconds to wait before the next try after `tries` of them, or `undefined` to give up. */
export function decideRetry(tries: number, outcome: Outcome, rules: RetryRules, random: number): number | undefined {
  if (!('error' in outcome)) return waitForAnswer(tries, outcome, rules, random);
  return rules.repeatable && isReset(outcome.error) && tries < triesWhenBroken ? backoff(tries, random) : undefined;
}

/** The header's seconds; a date (RFC 9110) never comes from an API server. */
export function parseRetryAfter(header: string | undefined): number | undefined {
  return header !== undefined && /^\d+$/.test(header.trim()) ? Number(header) : undefined;
}
