// Writes an answer: JSON, compressed where it is long, with warnings and retry times in its head.

import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { asObject, renderJson, toText } from '../../model/index.ts';
import type { FaultEffect } from '../faults.ts';
import { StatusError } from '../status-error.ts';
import type { Answer } from './call.ts';

/** Shorter answers are not compressed. Source: the API server's `defaultGzipThresholdBytes`. */
const gzipThreshold = 128 * 1024;

export function answerOf(error: unknown): Answer {
  if (error instanceof StatusError) return { code: error.facts.code, body: error.toStatus() };
  const message = `Internal error occurred: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
  const causes = [{ message }];
  const body = {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message,
    reason: 'InternalError',
    details: { causes },
    code: 500,
  };
  return { code: 500, body };
}

function retryAfterOf({ body }: Answer): string | undefined {
  if (typeof body === 'string' || body['kind'] !== 'Status') return undefined;
  const seconds = asObject(body['details'])['retryAfterSeconds'];
  return seconds === undefined ? undefined : toText(seconds);
}

function warningHeaders(warnings: readonly string[]): string[] {
  return warnings.map((text) => `299 - "${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`);
}

function cutAt(effects: readonly FaultEffect[]): number | undefined {
  const cut = effects.find((each) => each.kind === 'cut');
  return cut?.afterBytes;
}

interface Extras {
  readonly warnings: readonly string[];
  readonly effects: readonly FaultEffect[];
}

function headersOf(answer: Answer, warnings: readonly string[]): OutgoingHttpHeaders {
  const { body, contentType } = answer;
  const retryAfter = retryAfterOf(answer);
  const headers: Record<string, string | string[]> = {
    'content-type': contentType ?? (typeof body === 'string' ? 'text/plain; charset=utf-8' : 'application/json'),
  };
  if (retryAfter !== undefined) headers['retry-after'] = retryAfter;
  if (warnings.length > 0) headers['warning'] = warningHeaders(warnings);
  return headers as OutgoingHttpHeaders;
}

export function sendAnswer(
  { request, response }: { readonly request: IncomingMessage; readonly response: ServerResponse },
  answer: Answer,
  { warnings, effects }: Extras,
): void {
  const { code, body } = answer;
  const plain = Buffer.from(typeof body === 'string' ? body : `${renderJson(body)}\n`);
  const isGzip = plain.length > gzipThreshold && /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''));
  const bytes = isGzip ? gzipSync(plain, { level: 1 }) : plain;
  if (isGzip) response.setHeader('content-encoding', 'gzip');
  response.writeHead(code, { ...headersOf(answer, warnings), 'content-length': bytes.length });
  const cut = cutAt(effects);
  if (cut === undefined) response.end(request.method === 'HEAD' ? '' : bytes);
  else response.write(bytes.subarray(0, cut), () => response.destroy());
}
