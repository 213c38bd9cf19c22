// Holds the answer to a request to be a JSON object: at once, or when somebody asks for it.

import { type JsonObject, UserError } from '../../model/index.ts';
import { parseAnswer } from './answer-body.ts';
import type { ApiRequest } from './api-request.ts';

/** Throws `cluster-failed`. */
export function requireObject(text: string, { method = 'GET', path }: ApiRequest): JsonObject {
  const parsed = parseAnswer(text);
  if (parsed !== undefined) return parsed;
  throw new UserError(
    'cluster-failed',
    `the answer to ${method} ${path} is not a JSON object`,
    'Is the address that of an API server? A proxy in between may answer in its place.',
  );
}

/** An object that is parsed when it is asked for: of thousands of answers to writes few are. Throws `cluster-failed`. */
export type UnreadObject = () => JsonObject;

/** As an API server writes one. What a proxy says in its place does not look so, nor half an answer. */
function looksLikeObject(bytes: Buffer): boolean {
  return (
    bytes.toString('latin1', 0, 1) === '{' &&
    bytes
      .toString('latin1', bytes.length - 2)
      .trimEnd()
      .endsWith('}')
  );
}

/** Throws `cluster-failed` for what does not look like an object. */
export function holdObject(bytes: Buffer, request: ApiRequest): UnreadObject {
  const read = (): JsonObject => requireObject(bytes.toString('utf8'), request);
  if (!looksLikeObject(bytes)) read();
  return read;
}
