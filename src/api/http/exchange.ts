// One request until it has an answer: sent, renewed after a 401, tried again where that is safe and of use.

import type { Readable } from 'node:stream';
import { renderJson } from '../../model/index.ts';
import type { Clock } from '../clock.ts';
import type { Connection } from '../connection.ts';
import type { Credential } from '../credentials/credentials.ts';
import { type Answer, headerOf, parseAnswer, readText, readWarnings, unpackStart } from './answer-body.ts';
import { ApiError } from './api-error.ts';
import { type ApiRequest, renderTarget } from './api-request.ts';
import { explainConnectionError } from './connection-error.ts';
import type { Gate } from './gate.ts';
import { type Headers, identityHeaders } from './headers.ts';
import { decideRetry, type Outcome, parseRetryAfter } from './retry.ts';
import type { Sending, Transport } from './transport.ts';

/** What all requests of a client share. */
export interface Session {
  readonly connection: Connection;
  /** Of every path: '' or `/k8s/clusters/c1`. */
  readonly prefix: string;
  readonly transport: Transport;
  /** Of brief requests; lasting ones pass by. */
  readonly gate: Gate;
  readonly userAgent: string;
  readonly onWarning: (text: string) => void;
  readonly clock: Clock;
}

/** How a request is sent and its answer used: `brief` ones wait for a free place; `lasting` ones never do, and take none. */
export type Use<T> =
  | { readonly lane: 'brief'; readonly read: (answer: Answer<Buffer>) => Promise<T> }
  | {
      readonly lane: 'lasting';
      /** Milliseconds without a byte of the body after which it fails. */
      readonly idle: number;
      readonly read: (answer: Answer<Readable>) => Promise<T>;
    };

type Ended<T> = { readonly value: T } | { readonly outcome: Outcome; readonly thrown: unknown };

function renderBody({ body }: ApiRequest): string | Uint8Array | null {
  if (body === undefined) return null;
  return body instanceof Uint8Array ? body : renderJson(body);
}

function headersFor(
  session: Session,
  request: ApiRequest,
  credential: Credential,
  lane: Use<unknown>['lane'],
): Headers {
  const { connection, userAgent } = session;
  return {
    'user-agent': userAgent,
    accept: request.accept ?? 'application/json',
    ...(request.body === undefined ? {} : { 'content-type': request.contentType ?? 'application/json' }),
    ...(connection.compression && lane === 'brief' ? { 'accept-encoding': 'gzip' } : {}),
    ...identityHeaders(connection, credential),
  };
}

interface Try<T> {
  readonly session: Session;
  readonly request: ApiRequest;
  readonly credential: Credential;
  readonly use: Use<T>;
}

/** An answer that is none of these bytes' kind has no start worth hearing. */
function hearStart({ onStart }: ApiRequest): Sending['onStart'] {
  return onStart && ((answer) => answer.status >= 300 || onStart(unpackStart(answer)));
}

function toSending({ session, request, credential, use }: Try<unknown>): Sending {
  return {
    method: request.method ?? 'GET',
    path: session.prefix + renderTarget(request.path, request.query),
    headers: headersFor(session, request, credential, use.lane) as Record<string, string | string[]>,
    body: renderBody(request),
    ...(request.signal === undefined ? {} : { signal: request.signal }),
    ...(use.lane === 'lasting' ? { bodyTimeout: use.idle } : { onStart: hearStart(request) }),
  };
}

/** A 500 may be one request's own misfortune, and a refusal that the caller decides on is a matter of policy; these speak of load. */
function isBusy(ended: Ended<unknown>, { patient = true }: ApiRequest): boolean {
  return patient && 'outcome' in ended && 'status' in ended.outcome && [429, 503].includes(ended.outcome.status);
}

/** The place is held until the answer has been read. */
async function attempt<T>(one: Try<T>): Promise<Ended<T>> {
  if (one.use.lane === 'lasting') return await attemptAtOnce(one);
  const pass = await one.session.gate.enter(one.request.signal);
  let busy = false;
  try {
    const ended = await attemptAtOnce(one);
    busy = isBusy(ended, one.request);
    return ended;
  } finally {
    pass.leave(busy);
  }
}

async function attemptAtOnce<T>(one: Try<T>): Promise<Ended<T>> {
  const { session, request, credential, use } = one;
  const { transport, connection } = session;
  try {
    return use.lane === 'brief'
      ? await take(one, await transport.send(credential.certificate, toSending(one)), use.read)
      : await take(one, await transport.open(credential.certificate, toSending(one)), use.read);
  } catch (error) {
    if (request.signal?.aborted) throw error;
    return { outcome: { error }, thrown: explainConnectionError(error, connection) };
  }
}

async function take<T, Body extends Buffer | Readable>(
  { session, request }: Try<T>,
  answer: Answer<Body>,
  read: (answer: Answer<Body>) => Promise<T>,
): Promise<Ended<T>> {
  for (const text of readWarnings(answer)) session.onWarning(text);
  const { status } = answer;
  if (status < 300) return { value: await read(answer) };
  const retryAfter = parseRetryAfter(headerOf(answer, 'retry-after'));
  const thrown = new ApiError({ request, status, answer: parseAnswer(await readText(answer)) ?? {} });
  return { outcome: { status, retryAfter }, thrown };
}

/** A new credential after a 401 is tried once: a server that refuses that one too means it. */
export async function isRenewed(session: Session, outcome: Outcome, used: Credential): Promise<boolean> {
  if (!('status' in outcome) || outcome.status !== 401) return false;
  return await session.connection.credentials.renew(used);
}

/** Throws `ApiError`, another `UserError`, or the signal's reason. */
export async function exchange<T>(session: Session, request: ApiRequest, use: Use<T>): Promise<T> {
  const { credentials } = session.connection;
  const readsOnly = ['GET', 'HEAD'].includes(request.method ?? 'GET');
  const rules = { repeatable: request.repeatable ?? readsOnly, patient: request.patient ?? true };
  let renewed = false;
  for (let tries = 1; ; tries += 1) {
    const credential = await credentials.current();
    const ended = await attempt({ session, request, credential, use });
    if ('value' in ended) return ended.value;
    renewed = !renewed && (await isRenewed(session, ended.outcome, credential));
    if (renewed) continue;
    const wait = decideRetry(tries, ended.outcome, rules, session.clock.random());
    if (wait === undefined) throw ended.thrown;
    await session.clock.sleep(wait, request.signal);
  }
}
