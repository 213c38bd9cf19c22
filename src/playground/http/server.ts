// The HTTP server: who asks, may they, what goes wrong on purpose, and then the answer.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { requireImpersonation, requireResource, requireUrl } from '../access/authorize.ts';
import { answerReview } from '../access/reviews.ts';
import { impersonatedBy } from '../access/users.ts';
import type { FaultEffect, Faults } from '../faults.ts';
import type { Kernel, User } from '../kernel.ts';
import { hasSubresource } from '../resources/resource.ts';
import { badRequest, methodNotAllowed, StatusError } from '../status-error.ts';
import type { Target } from '../objects/target.ts';
import { type Answer, type Call, type Handled, readBodyObject, type ServerParts, writeOf } from './call.ts';
import { answerObject } from './object-routes.ts';
import { answerPath } from './other-paths.ts';
import { parseRequest, type RequestInfo } from './request-info.ts';
import { answerOf, sendAnswer } from './respond.ts';
import { answerSubresource } from './subresource-routes.ts';

const pageNotFound: Answer = { code: 404, body: '404 page not found\n' };

/** The user a request counts for: the one of its token, or whom that one may speak for. */
export function userOf({ kernel, tokens }: ServerParts, request: IncomingMessage): User {
  const user = tokens.authenticate(request.headers);
  const impersonated = impersonatedBy(request.rawHeaders);
  if (impersonated === undefined) return user;
  requireImpersonation(kernel, user, impersonated.claims);
  return impersonated.user;
}

export function authorize(kernel: Kernel, user: User, info: RequestInfo): void {
  // A namespace is in itself for the authorizer: a role in it may let somebody read it. Source: apiserver's RequestInfoFactory.
  const isNamespace = info.group === '' && info.resource === 'namespaces';
  if (info.isResource) requireResource(kernel, user, isNamespace ? { ...info, namespace: info.name } : info);
  else requireUrl(kernel, user, info.verb, info.path);
}

/** What a request is about; `undefined` where nothing is served under its path. */
export function targetOf({ registry }: Kernel, info: RequestInfo): Target | undefined {
  const endpoint = registry.find(info.group, info.version, info.resource);
  if (endpoint === undefined) return undefined;
  const { namespaced } = endpoint.resource;
  if (!namespaced && info.namespace !== '') return undefined;
  if (info.subresource !== '' && !hasSubresource(endpoint, info.subresource)) return undefined;
  const { namespace, name, subresource } = info;
  return { endpoint, namespace, name, subresource };
}

function requireNamespaceInPath({ info }: Call, { endpoint }: Target): void {
  const isWrite = ['get', 'create', 'update', 'patch', 'delete', 'deletecollection'].includes(info.verb);
  if (endpoint.resource.namespaced && info.namespace === '' && isWrite) throw methodNotAllowed();
}

function answerCreateOnly(call: Call, target: Target): Answer {
  const { kernel, tokens, user } = call;
  if (call.info.verb !== 'create') throw methodNotAllowed();
  const raw = readBodyObject(call);
  const review = answerReview({ kernel, tokens, user, kind: target.endpoint.resource.kind, raw });
  if (review !== undefined) return { code: 201, body: review };
  throw badRequest('bindings are made at their pods');
}

function answerResource(call: Call): Handled {
  const target = targetOf(call.kernel, call.info);
  if (target === undefined) return pageNotFound;
  if (!target.endpoint.resource.verbs.includes('get')) return answerCreateOnly(call, target);
  requireNamespaceInPath(call, target);
  if (call.info.verb === 'create' && target.name !== '' && target.subresource === '') throw methodNotAllowed();
  const handled = target.subresource === '' ? answerObject(call, target) : answerSubresource(call, target);
  if (handled === 'unknown verb') throw methodNotAllowed();
  return handled;
}

function answerCall(call: Call): Handled {
  return call.info.isResource ? answerResource(call) : (answerPath(call) ?? pageNotFound);
}

function refusalOf(effects: readonly FaultEffect[]): StatusError | undefined {
  const found = effects.find((each) => each.kind === 'refuse');
  if (found === undefined) return undefined;
  const { code, retryAfter } = found;
  const reasons: Readonly<Record<number, string>> = {
    429: 'TooManyRequests',
    500: 'InternalError',
    503: 'ServiceUnavailable',
    504: 'Timeout',
  };
  const message =
    code === 429
      ? 'the server has received too many requests and has asked us to try again later'
      : 'a fault that was asked for';
  return new StatusError(message, {
    code,
    reason: reasons[code] ?? 'Unknown',
    ...(retryAfter === undefined ? {} : { retryAfter }),
  });
}

async function readAll(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

async function suffer(kernel: Kernel, effects: readonly FaultEffect[]): Promise<void> {
  for (const effect of effects)
    if (effect.kind === 'delay') await new Promise<void>((resolve) => kernel.clock.after(effect.ms, resolve));
}

interface Exchange {
  readonly parts: ServerParts;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** Cuts a watch after so many bytes: its events are written as they come. */
function cutStream(response: ServerResponse, effects: readonly FaultEffect[]): void {
  const cut = effects.find((each) => each.kind === 'cut');
  if (cut === undefined) return;
  let left = cut.afterBytes;
  const write = response.write.bind(response) as (chunk: string, done?: () => void) => boolean;
  response.write = ((chunk: string): boolean => {
    const bytes = Buffer.byteLength(chunk);
    left -= bytes;
    return left > 0 ? write(chunk) : write(chunk.slice(0, bytes + left), () => response.destroy());
  }) as typeof response.write;
}

async function answerExchange({ parts, request, response }: Exchange, faults: Faults): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://playground');
  const query = url.searchParams;
  const info = parseRequest(request.method ?? 'GET', url.pathname, query);
  const effects = faults.take(info, query);
  const warnings: string[] = [];
  try {
    const body = await readAll(request);
    await suffer(parts.kernel, effects);
    if (effects.some((each) => each.kind === 'cut' && each.afterBytes === 0)) {
      request.socket.destroy();
      return;
    }
    const refusal = refusalOf(effects);
    if (refusal !== undefined) throw refusal;
    const user = userOf(parts, request);
    authorize(parts.kernel, user, info);
    if (info.verb === 'watch') cutStream(response, effects);
    const write = { ...writeOf(request, query, user), warnings };
    const handled = answerCall({ ...parts, request, response, info, query, body, user, write, effects });
    if (handled !== undefined) sendAnswer({ request, response }, handled, { warnings, effects });
  } catch (error) {
    if (response.headersSent) response.destroy();
    else sendAnswer({ request, response }, answerOf(error), { warnings, effects });
  }
}

export function createPlaygroundServer(parts: ServerParts, faults: Faults): Server {
  return createServer((request, response) => {
    answerExchange({ parts, request, response }, faults).catch(() => response.destroy());
  });
}
