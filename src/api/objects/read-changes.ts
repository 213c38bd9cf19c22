// What happened to a resource since a list of it: a short watch that ends when the server has nothing more to tell.

import { systemClock } from '../clock.ts';
import type { ApiResource } from '../discovery/api-resource.ts';
import type { ApiClient } from '../http/client.ts';
import { readLines } from './read-lines.ts';
import { parseEvent, type WatchEvent, watchRequest, type WatchOptions } from './watch.ts';

export interface ChangesOptions extends Pick<WatchOptions, 'namespace' | 'resourceVersion' | 'clock'> {
  /** Milliseconds of silence after which all is told: a server sends what it knows at once. */
  readonly quiet: number;
  /** Events after which nobody wants to know more. */
  readonly most: number;
}

/**
 * Events since `resourceVersion`, in their order, bookmarks left out; `undefined` where they cannot be told: the version is forgotten (410), the user may not
 * watch, or the connection broke.
 */
export async function readChanges(
  client: ApiClient,
  resource: ApiResource,
  options: ChangesOptions,
): Promise<readonly WatchEvent[] | undefined> {
  return await collectEvents(client, resource, options).catch(() => undefined);
}

async function collectEvents(
  client: ApiClient,
  resource: ApiResource,
  { quiet, most, ...options }: ChangesOptions,
): Promise<WatchEvent[]> {
  const request = watchRequest(resource, options, options.clock ?? systemClock);
  const stream = await client.stream(request, { idle: 0 });
  const events: WatchEvent[] = [];
  let isSilent = false;
  const timer = setTimeout(() => {
    isSilent = true;
    stream.destroy();
  }, quiet);
  try {
    for await (const line of readLines(stream)) {
      timer.refresh();
      const event = parseEvent(line, request);
      if (event.type !== 'BOOKMARK') events.push(event);
      if (events.length >= most) break;
    }
  } catch (error) {
    if (!isSilent) throw error;
  } finally {
    clearTimeout(timer);
    stream.on('error', () => undefined).destroy();
  }
  return events;
}
