// A client that can be stopped: whoever removes what was made must know that nothing more is made behind his back.

import type { ApiClient } from './client.ts';

export interface Stoppable {
  /** The same client until it is stopped; from then on nothing is sent, and whoever asks waits for ever: the program is about to end. */
  readonly client: ApiClient;
  /** Resolves when the requests under way have been answered. Streams and sockets are not waited for. */
  readonly stop: () => Promise<void>;
}

export function makeStoppable(client: ApiClient): Stoppable {
  let isStopped = false;
  const underWay = new Set<Promise<unknown>>();
  const never = new Promise<never>(() => undefined);
  function send<T>(work: () => Promise<T>): Promise<T> {
    if (isStopped) return never;
    const sent = work();
    const settled: Promise<unknown> = sent.then(
      () => underWay.delete(settled),
      () => underWay.delete(settled),
    );
    underWay.add(settled);
    return sent;
  }
  return {
    client: {
      ...client,
      request: (request) => send(() => client.request(request)),
      requestText: (request) => send(() => client.requestText(request)),
      requestBytes: (request) => send(() => client.requestBytes(request)),
      stream: (request, options) => (isStopped ? never : client.stream(request, options)),
      openSocket: (request) => (isStopped ? never : client.openSocket(request)),
    },
    stop: async () => {
      isStopped = true;
      await Promise.all(underWay);
    },
  };
}
