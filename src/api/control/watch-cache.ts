// Keeps the objects of one resource in memory, as new as the API server's events: list, watch, and list again where events were missed.

import type { JsonObject } from '../../model/index.ts';
import { type Clock, systemClock } from '../clock.ts';
import type { ApiResource } from '../discovery/api-resource.ts';
import { isApiError } from '../http/api-error.ts';
import type { ApiClient } from '../http/client.ts';
import { backoff } from '../http/retry.ts';
import { listAll } from '../objects/list-pages.ts';
import type { Selection } from '../objects/list-options.ts';
import { watchFrom } from '../objects/watch.ts';
import { type IndexBy, ObjectStore, type StoreChange } from './object-store.ts';

export interface WatchCacheOptions extends Selection {
  readonly client: ApiClient;
  readonly resource: ApiResource;
  readonly indexes?: Readonly<Record<string, IndexBy>>;
  /** What to keep of each object, as without `managedFields`; `metadata.resourceVersion` must stay. */
  readonly project?: (object: JsonObject) => JsonObject;
  /** Hears each change, in order, after the store has it. */
  readonly onChange?: (change: StoreChange) => void;
  /** Hears of failures; the cache goes on trying. */
  readonly onError?: (error: unknown) => void;
  readonly clock?: Clock;
}

export interface WatchCache {
  readonly store: Pick<ObjectStore, 'get' | 'list' | 'find' | 'size'>;
  /** Resolves when the first list is in the store. */
  readonly filled: Promise<void>;
  /** Keeps the store up to date until the signal is aborted; then resolves. */
  readonly run: (signal: AbortSignal) => Promise<void>;
}

/** A watch that lasted this long was a good one. */
const goodLife = 30_000;

export function createWatchCache(options: WatchCacheOptions): WatchCache {
  const { client, resource, indexes, project, onChange, onError, clock = systemClock, ...selection } = options;
  const store = new ObjectStore(indexes);
  let markFilled = (): void => undefined;
  const filled = new Promise<void>((resolve) => (markFilled = resolve));
  const keep = (object: JsonObject): JsonObject => (project === undefined ? object : project(object));

  function tell(changes: readonly StoreChange[]): void {
    if (onChange === undefined) return;
    for (const change of changes) onChange(change);
  }

  async function listAndWatch(signal: AbortSignal): Promise<void> {
    const { items, resourceVersion } = await listAll(client, resource, { ...selection, signal });
    tell(store.replace(items.map(keep)));
    markFilled();
    for await (const { type, object } of watchFrom(client, resource, { ...selection, resourceVersion, signal, clock }))
      tell(store.apply({ type, object: type === 'BOOKMARK' ? object : keep(object) }));
  }

  async function run(signal: AbortSignal): Promise<void> {
    for (let tries = 1; !signal.aborted; tries += 1) {
      const started = clock.now();
      try {
        await listAndWatch(signal);
      } catch (error) {
        if (signal.aborted) return;
        // Too old a version is the way of watches, not a failure.
        if (!isApiError(error, 410)) onError?.(error);
      }
      if (clock.now() - started > goodLife) tries = 1;
      await clock.sleep(backoff(tries, clock.random(), { base: 800 }), signal).catch(() => undefined);
    }
  }

  return { store, filled, run };
}
