// Sends a request and gathers its answer whole: thousands of small answers need no stream each.

import type { Dispatcher } from 'undici';
import type { Answer } from './answer-body.ts';

/** Hears what has come so far, until it says that this is enough. */
type OnStart = (answer: Answer<Buffer>) => boolean;

/** Bytes, packed: what a listener does not find in so many is not at the start. */
const mostStart = 1 << 13;

/** What is not undici's matter. */
export interface Listening {
  readonly signal?: AbortSignal | undefined;
  readonly onStart?: OnStart | undefined;
}

class Gathering implements Dispatcher.DispatchHandler {
  private controller: Dispatcher.DispatchController | undefined;
  private status = 0;
  private headers: Answer['headers'] = {};
  private readonly chunks: Buffer[] = [];
  private readonly resolve: (answer: Answer<Buffer>) => void;
  private readonly reject: (error: unknown) => void;
  private readonly signal: AbortSignal | undefined;
  private onStart: OnStart | undefined;

  constructor(
    resolve: (answer: Answer<Buffer>) => void,
    reject: (error: unknown) => void,
    { signal, onStart }: Listening,
  ) {
    this.resolve = resolve;
    this.reject = reject;
    this.signal = signal;
    this.onStart = onStart;
    signal?.addEventListener('abort', this.abort, { once: true });
  }

  /** What has not been sent yet is refused when its turn comes. */
  private readonly abort = (): void => {
    this.controller?.abort(this.signal?.reason);
    this.fail(this.signal?.reason);
  };

  private fail(error: unknown): void {
    this.signal?.removeEventListener('abort', this.abort);
    this.reject(error);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller;
    if (this.signal?.aborted === true) controller.abort(this.signal.reason);
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: Answer['headers']): void {
    this.status = status;
    this.headers = headers;
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.chunks.push(chunk);
    if (this.onStart !== undefined) this.tellStart(this.onStart);
  }

  private tellStart(onStart: OnStart): void {
    const start = this.gathered().subarray(0, mostStart);
    const isEnough = onStart({ status: this.status, headers: this.headers, body: start });
    if (isEnough || start.length === mostStart) this.onStart = undefined;
  }

  private gathered(): Buffer {
    const [first] = this.chunks;
    return this.chunks.length === 1 && first !== undefined ? first : Buffer.concat(this.chunks);
  }

  onResponseEnd(): void {
    this.signal?.removeEventListener('abort', this.abort);
    this.resolve({ status: this.status, headers: this.headers, body: this.gathered() });
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.fail(error);
  }
}

/** Rejects with the signal's reason, or with what happened to the connection. */
export function gatherAnswer(
  dispatcher: Dispatcher,
  { signal, onStart, ...request }: Dispatcher.DispatchOptions & Listening,
): Promise<Answer<Buffer>> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) reject(signal.reason);
    else dispatcher.dispatch(request, new Gathering(resolve, reject, { signal, onStart }));
  });
}
