// Watches a resource: one socket, bookmarks, and on again from the last version seen whenever the connection ends.

import { asObject, asString, type JsonObject, UserError } from '../../model/index.ts';
import { type Clock, systemClock } from '../clock.ts';
import type { ApiResource } from '../discovery/api-resource.ts';
import { resourcePath } from '../discovery/find-resource.ts';
import { ApiError, statusError } from '../http/api-error.ts';
import type { ApiRequest } from '../http/api-request.ts';
import { parseAnswer } from '../http/answer-body.ts';
import type { ApiClient } from '../http/client.ts';
import { backoff } from '../http/retry.ts';
import { present } from '../present.ts';
import { selectionQuery } from './list-pages.ts';
import type { Selection } from './list-options.ts';
import { readLines } from './read-lines.ts';

export interface WatchEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK';
  /** Raw; of a bookmark only `metadata.resourceVersion` counts. */
  readonly object: JsonObject;
}

export interface WatchOptions extends Selection {
  /** To begin after: of a list, or of the last event seen. */
  readonly resourceVersion: string;
  readonly signal?: AbortSignal;
  readonly clock?: Clock;
  /** Milliseconds of silence after which a connection is taken for dead; bookmarks come about every minute. Default 3 minutes. */
  readonly idle?: number;
}

const defaultIdle = 180_000;
/** A connection that lasted this long was a good one: the next may be tried at once. */
const goodLife = 5_000;

/** The server ends a watch after 5 to 10 minutes, each another time, so that load spreads over its replicas anew. */
export function watchRequest(resource: ApiResource, options: WatchOptions, clock: Clock): ApiRequest {
  return {
    path: resourcePath(resource, present<{ namespace: string }>({ namespace: options.namespace })),
    query: {
      watch: true,
      allowWatchBookmarks: true,
      resourceVersion: options.resourceVersion,
      timeoutSeconds: Math.round(300 + 300 * clock.random()),
      ...selectionQuery(options),
    },
    ...present<ApiRequest>({ signal: options.signal }),
  };
}

/** Half a line: the connection ended under an event. The watch goes on from the one before. */
class CutShort extends Error {
  override readonly name = 'CutShort';
}

/** Throws `ApiError` for an event of an error. */
export function parseEvent(line: string, request: ApiRequest): WatchEvent {
  const event = parseAnswer(line);
  if (event === undefined) throw new CutShort('an event of the watch was cut short');
  const object = asObject(event['object']);
  if (event['type'] === 'ERROR') throw statusError(object, request);
  return { type: event['type'] as WatchEvent['type'], object };
}

/** One connection, until the server ends it. Throws `ApiError` 410 where the version is too old. */
export async function* watchOnce(
  client: ApiClient,
  resource: ApiResource,
  options: WatchOptions,
): AsyncGenerator<WatchEvent> {
  const request = watchRequest(resource, options, options.clock ?? systemClock);
  const stream = await client.stream(request, { idle: options.idle ?? defaultIdle });
  try {
    for await (const line of readLines(stream)) if (line !== '') yield parseEvent(line, request);
  } finally {
    // An error after this is that of our own leaving.
    stream.on('error', () => undefined).destroy();
  }
}

/** Whether a watch may go on after an error: the version is still good, and the server may have only stumbled. */
function isPassing(error: unknown): boolean {
  if (error instanceof ApiError) return error.status === 429 || error.status >= 500;
  if (error instanceof UserError) return error.code === 'cluster-unreachable';
  return error instanceof CutShort || typeof (error as { code?: unknown }).code === 'string';
}

export function resourceVersionOf(object: JsonObject): string | undefined {
  return asString(asObject(object['metadata'])['resourceVersion']);
}

/** Where a watch stands, over all its connections. */
interface Standing {
  resourceVersion: string;
  /** Connections in a row that brought nothing. */
  fruitless: number;
}

/** One connection of many: its passing troubles end it quietly. */
async function* watchOn(
  client: ApiClient,
  resource: ApiResource,
  options: WatchOptions,
  standing: Standing,
): AsyncGenerator<WatchEvent> {
  const { resourceVersion } = standing;
  try {
    for await (const event of watchOnce(client, resource, { ...options, resourceVersion })) {
      standing.resourceVersion = resourceVersionOf(event.object) ?? standing.resourceVersion;
      standing.fruitless = 0;
      yield event;
    }
  } catch (error) {
    options.signal?.throwIfAborted();
    if (!isPassing(error)) throw error;
  }
}

/**
 * Events from `resourceVersion` on, over as many connections as it takes. Leave the loop to end it; an abort throws the signal's reason. Throws
 * `ApiError` where going on is no use: 410 (list again), 401, 403, 404.
 */
export async function* watchFrom(
  client: ApiClient,
  resource: ApiResource,
  options: WatchOptions,
): AsyncGenerator<WatchEvent> {
  const { clock = systemClock, signal } = options;
  const standing = { resourceVersion: options.resourceVersion, fruitless: 0 };
  for (;;) {
    const started = clock.now();
    standing.fruitless += 1;
    yield* watchOn(client, resource, options, standing);
    signal?.throwIfAborted();
    if (clock.now() - started > goodLife) standing.fruitless = 0;
    if (standing.fruitless > 0) await clock.sleep(backoff(standing.fruitless, clock.random(), { base: 800 }), signal);
  }
}
