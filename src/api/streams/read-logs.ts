// The log of a container: whole lines, from where it is asked for, on as they are written.

import { resourcePath } from '../discovery/find-resource.ts';
import type { ApiClient } from '../http/client.ts';
import { present } from '../present.ts';
import { readLines } from '../objects/read-lines.ts';
import type { PodContainer } from './run-in-pod.ts';

export interface LogOptions extends PodContainer {
  /** Go on as lines are written, until the container ends. */
  readonly follow?: boolean;
  /** Of the container's life before the last restart. */
  readonly previous?: boolean;
  /** Begin each line with its time (RFC 3339). */
  readonly timestamps?: boolean;
  readonly tailLines?: number;
  readonly sinceSeconds?: number;
  /** RFC 3339. */
  readonly sinceTime?: string;
  readonly limitBytes?: number;
  readonly signal?: AbortSignal;
}

/** Lines without their ends. Leave the loop to stop. Throws `ApiError`, as a 400 while the container is not started. */
export async function* readLogs(client: ApiClient, options: LogOptions): AsyncGenerator<string> {
  const { namespace, pod, signal, ...query } = options;
  const path = resourcePath(
    { group: '', version: 'v1', resource: 'pods' },
    { namespace, name: pod, subresource: 'log' },
  );
  const request = { path, query, ...present<{ signal: AbortSignal }>({ signal }) };
  // A quiet program is no dead connection: TCP's own keep-alive watches over it.
  const stream = await client.stream(request, { idle: 0 });
  try {
    yield* readLines(stream);
  } finally {
    stream.on('error', () => undefined).destroy();
  }
}
