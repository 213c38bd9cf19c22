// The connections that show one certificate: as many as there are requests under way, each kept for the next one.

import type { Socket } from 'node:net';
import type { Answer } from '../answer-body.ts';
import { keepAliveTimeout } from '../timeouts.ts';
import type { buildConnector } from '../undici.ts';
import { renderRequest, type WireRequest } from './render-request.ts';
import { type Asking, Wire } from './wire.ts';
import { WireError } from './wire-error.ts';

export class Wires {
  private readonly origin: URL;
  private readonly connector: buildConnector.connector;
  private readonly idle: Wire[] = [];
  private readonly all = new Set<Wire>();
  private isRetired = false;
  private isClosed = false;

  constructor(origin: URL, connector: buildConnector.connector) {
    this.origin = origin;
    this.connector = connector;
  }

  /** Rejects with the signal's reason, a `WireError`, or what happened to the connection. */
  async send(request: WireRequest & Asking): Promise<Answer<Buffer>> {
    const { signal } = request;
    signal?.throwIfAborted();
    const rendered = renderRequest(request, this.origin.host);
    const wire = this.idle.pop() ?? (await this.open(signal));
    return await wire.ask(rendered, request);
  }

  /** Whoever is stopped meanwhile does not wait for it: it is kept for others. */
  private open(signal: AbortSignal | undefined): Promise<Wire> {
    const { hostname, host, protocol, port } = this.origin;
    return new Promise((resolve, reject) => {
      if (this.isClosed) return reject(closed());
      const abort = (): void => reject(signal?.reason);
      signal?.addEventListener('abort', abort, { once: true });
      this.connector({ hostname, host, protocol, port }, (...[error, socket]) => {
        signal?.removeEventListener('abort', abort);
        if (error !== null) return reject(error);
        const wire = this.take(socket);
        if (signal?.aborted === true) {
          wire.rest(keepAliveTimeout);
          this.keep(wire);
        } else if (this.isClosed) reject(closed());
        else resolve(wire);
      });
    });
  }

  private take(socket: Socket): Wire {
    const wire = new Wire(
      socket,
      (each) => this.keep(each),
      (each) => this.forget(each),
    );
    this.all.add(wire);
    if (this.isClosed) wire.destroy(closed());
    return wire;
  }

  private keep(wire: Wire): void {
    if (this.isRetired || this.isClosed) return wire.destroy(closed());
    this.idle.push(wire);
  }

  private forget(wire: Wire): void {
    this.all.delete(wire);
    const at = this.idle.indexOf(wire);
    if (at >= 0) this.idle.splice(at, 1);
  }

  /** No request comes any more; those under way are answered. */
  retire(): void {
    this.isRetired = true;
    for (const wire of this.idle.splice(0)) wire.destroy(closed());
  }

  /** Ends all that is under way. */
  close(): void {
    this.isClosed = true;
    for (const wire of this.all) wire.destroy(closed());
  }
}

function closed(): WireError {
  return new WireError('closed', 'the client was closed');
}
