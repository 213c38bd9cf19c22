// One request on its way through the server, and what may come back.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { parseYaml } from '../../kube/yaml/index.ts';
import { isJsonObject, type Json, type JsonObject, parseJson } from '../../model/index.ts';
import type { Tokens } from '../access/users.ts';
import type { Scripts } from '../exec/scripts.ts';
import type { FaultEffect } from '../faults.ts';
import type { Kernel, User, Write } from '../kernel.ts';
import type { ListLimits } from '../objects/list.ts';
import { badRequest, invalid, unsupportedMediaType } from '../status-error.ts';
import { notSupported } from '../validation/causes.ts';
import type { RequestInfo } from './request-info.ts';

export interface ServerParts {
  readonly kernel: Kernel;
  readonly tokens: Tokens;
  readonly scripts: Scripts;
  readonly limits: ListLimits;
  /** Seconds between the bookmarks of a watch. */
  readonly bookmarkSeconds: number;
}

export interface Call extends ServerParts {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly info: RequestInfo;
  readonly query: URLSearchParams;
  readonly body: Buffer;
  readonly user: User;
  readonly write: Write;
  readonly effects: readonly FaultEffect[];
}

export interface Answer {
  readonly code: number;
  readonly body: JsonObject | string;
  readonly contentType?: string;
}

/** What a handler gives: an answer, or nothing where it has written to the response itself. */
export type Handled = Answer | undefined;

const jsonTypes = ['application/json', 'application/yaml'];

export function contentTypeOf(request: IncomingMessage): string {
  return (request.headers['content-type'] ?? 'application/json').split(';')[0]?.trim() ?? '';
}

function parseText(text: string, isYaml: boolean): Json {
  if (!isYaml) return parseJson(text);
  const result = parseYaml(text);
  if (!result.ok) throw new Error(result.failure.reason);
  return result.parsed.values[0] ?? null;
}

/** The body as a value; JSON is YAML too, so that where YAML is allowed either may come. */
export function readJson({ body }: Pick<Call, 'body'>, isYaml: boolean): Json {
  const text = body.toString();
  if (text.trim() === '') return {};
  try {
    return parseText(text, isYaml && !text.trimStart().startsWith('{'));
  } catch (error) {
    throw badRequest(`the object provided is unrecognized (must be of type ...): ${String(error)}`);
  }
}

/** The object of a POST or PUT. */
export function readBodyObject(call: Call): JsonObject {
  const type = contentTypeOf(call.request);
  if (!jsonTypes.includes(type)) throw unsupportedMediaType([...jsonTypes, 'application/vnd.kubernetes.protobuf']);
  const value = readJson(call, type === 'application/yaml');
  if (!isJsonObject(value)) throw badRequest('the object provided is unrecognized: it is no object');
  return value;
}

function dryRunOf(query: URLSearchParams): boolean {
  const values = query.getAll('dryRun');
  const other = values.find((each) => each !== 'All');
  if (other !== undefined)
    throw invalid({ group: 'meta.k8s.io', kind: 'CreateOptions' }, '', [notSupported(['dryRun'], other, ['All'])]);
  return values.length > 0;
}

/** How a request wants its write done. */
export function writeOf(request: IncomingMessage, query: URLSearchParams, user: User): Write {
  const agent = request.headers['user-agent'] ?? 'unknown';
  const validation = query.get('fieldValidation');
  return {
    user,
    dryRun: dryRunOf(query),
    fieldManager: query.get('fieldManager') ?? agent.split('/')[0] ?? agent,
    fieldValidation: validation === 'Strict' || validation === 'Ignore' ? validation : 'Warn',
    warnings: [],
  };
}
