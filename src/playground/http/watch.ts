// Answers a watch: what is there, what happens from then on, and bookmarks in between. Source: "API Concepts", tried on 1.34.

import { asObject, type JsonObject, renderJson } from '../../model/index.ts';
import { parseVersion } from '../objects/list.ts';
import { metadataOf } from '../objects/edit.ts';
import { type Selection, selectionOf } from '../objects/selection.ts';
import { presentAt, type Target, targetVersion } from '../objects/target.ts';
import { expired, invalid, type StatusError, tooLargeVersion } from '../status-error.ts';
import type { StoreEvent } from '../store/store.ts';
import { forbiddenField } from '../validation/causes.ts';
import type { Call } from './call.ts';

/** Half an hour to an hour in the real server: long enough not to matter, short enough not to be forgotten. */
const longestWatch = 1800;

interface WatchEvent {
  readonly type: string;
  readonly object: JsonObject;
}

/** The event as a watch with this selection sees it: an object that no longer matches is gone for it. */
function seen({ matches }: Selection, event: StoreEvent): WatchEvent | undefined {
  const isNow = event.type !== 'DELETED' && matches(event.object);
  const wasBefore = event.previous !== undefined && matches(event.previous);
  if (isNow) return { type: wasBefore ? 'MODIFIED' : 'ADDED', object: event.object };
  if (!wasBefore) return undefined;
  // The last state that matched, with the version of the change that ended it.
  const object = event.type === 'DELETED' ? event.object : asObject(event.previous);
  return {
    type: 'DELETED',
    object: { ...object, metadata: { ...metadataOf(object), resourceVersion: String(event.version) } },
  };
}

function listsFirst(query: URLSearchParams): boolean {
  const version = query.get('resourceVersion') ?? '';
  return (
    query.get('sendInitialEvents') === 'true' ||
    (query.get('sendInitialEvents') === null && (version === '' || version === '0'))
  );
}

function requireOptions(query: URLSearchParams): void {
  if (query.get('sendInitialEvents') === null || query.get('resourceVersionMatch') === 'NotOlderThan') return;
  const why = 'sendInitialEvents requires setting resourceVersionMatch to NotOlderThan';
  throw invalid({ group: 'meta.k8s.io', kind: 'ListOptions' }, '', [forbiddenField(['resourceVersionMatch'], why)]);
}

function tooOld(asked: number, oldest: number): StatusError {
  return expired(`too old resource version: ${asked} (${oldest})`);
}

/** Writes events to one response until it ends. */
class WatchStream {
  readonly #call: Call;
  readonly #target: Target;
  readonly #selection: Selection;
  /** Events that a fault keeps back. */
  #toLose: number;
  #ends: (() => void)[] = [];

  constructor(call: Call, target: Target, selection: Selection) {
    this.#call = call;
    this.#target = target;
    this.#selection = selection;
    this.#toLose = call.effects.reduce((sum, each) => sum + (each.kind === 'lose-events' ? each.count : 0), 0);
  }

  send(event: WatchEvent): void {
    const object = event.type === 'ERROR' ? event.object : presentAt(this.#target.endpoint, event.object);
    this.#call.response.write(`${renderJson({ type: event.type, object })}\n`);
  }

  sendStored(event: StoreEvent): void {
    if (event.resource !== this.#target.endpoint.resource.key) return;
    const visible = seen(this.#selection, event);
    if (visible === undefined) return;
    if (this.#toLose > 0) this.#toLose -= 1;
    else this.send(visible);
  }

  bookmark(annotations?: JsonObject): void {
    const { endpoint } = this.#target;
    const version = String(this.#call.kernel.store.version);
    const metadata = { resourceVersion: version, ...(annotations === undefined ? {} : { annotations }) };
    this.send({
      type: 'BOOKMARK',
      object: { kind: endpoint.resource.kind, apiVersion: targetVersion(endpoint), metadata },
    });
  }

  /** Stays until the client goes, or its time is over. */
  follow(): void {
    const { kernel, response, query, bookmarkSeconds } = this.#call;
    const wantsBookmarks = query.get('allowWatchBookmarks') === 'true';
    const seconds = Number(query.get('timeoutSeconds') ?? longestWatch);
    const repeat = (): void => {
      this.bookmark();
      this.#ends.push(kernel.clock.after(bookmarkSeconds * 1000, repeat));
    };
    if (wantsBookmarks) this.#ends.push(kernel.clock.after(bookmarkSeconds * 1000, repeat));
    this.#ends.push(
      kernel.store.listen((event) => this.sendStored(event)),
      kernel.clock.after(seconds * 1000, () => response.end()),
    );
    response.once('close', () => {
      for (const end of this.#ends) end();
    });
  }
}

function sendInitial(stream: WatchStream, { kernel, query }: Call, target: Target, selection: Selection): void {
  for (const object of kernel.store.list(target.endpoint.resource.key))
    if (selection.matches(object)) stream.send({ type: 'ADDED', object });
  if (query.get('allowWatchBookmarks') === 'true') stream.bookmark({ 'k8s.io/initial-events-end': 'true' });
}

export function answerWatch(call: Call, target: Target): void {
  const { kernel, query, response, effects } = call;
  const selection = selectionOf(target.endpoint.resource, target.namespace, query);
  requireOptions(query);
  const asked = parseVersion(query.get('resourceVersion'));
  if (asked > kernel.store.version) throw tooLargeVersion(asked, kernel.store.version);
  const isExpired = effects.some(({ kind }) => kind === 'expire');
  const missed = listsFirst(query) ? [] : isExpired ? undefined : kernel.store.since(asked);
  const stream = new WatchStream(call, target, selection);
  response.writeHead(200, { 'content-type': 'application/json' });
  response.flushHeaders();
  if (missed === undefined) {
    stream.send({ type: 'ERROR', object: tooOld(asked, kernel.store.oldestVersion).toStatus() });
    response.end();
    return;
  }
  if (listsFirst(query)) sendInitial(stream, call, target, selection);
  for (const event of missed) stream.sendStored(event);
  stream.follow();
}
