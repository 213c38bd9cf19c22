// Connections to a port of a pod through the API server, and a local port that leads there.
// Each connection is a WebSocket of its own (v4.channel.k8s.io): channel 0 is the data, 1 is errors; the first message of each names the port.

import { createServer, type Server, type Socket } from 'node:net';
import { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { UserError } from '../../model/index.ts';
import { resourcePath } from '../discovery/find-resource.ts';
import type { ApiClient } from '../http/client.ts';
import { present } from '../present.ts';
import { encodeFrame } from './channels.ts';

export interface PodPort {
  readonly namespace: string;
  readonly pod: string;
  readonly port: number;
  readonly signal?: AbortSignal;
}

const frameSize = 32_768;

/** One TCP connection. The protocol cannot close one direction alone: ending our side closes nothing, destroying closes both. */
class PodConnection extends Duplex {
  readonly #socket: WebSocket;
  readonly #target: PodPort;
  readonly #named = new Set<number>();

  constructor(socket: WebSocket, target: PodPort) {
    super({ allowHalfOpen: true });
    this.#socket = socket;
    this.#target = target;
    socket.on('message', (data: Buffer) => this.#take(data[0] ?? 0, data.subarray(1)));
    socket.once('close', () => this.push(null));
    socket.once('error', (error) => this.destroy(error));
  }

  #take(channel: number, bytes: Buffer): void {
    if (!this.#named.has(channel)) {
      this.#named.add(channel);
      return;
    }
    if (channel !== 0) this.destroy(this.#refused(bytes.toString('utf8')));
    else if (bytes.length > 0 && !this.push(bytes)) this.#socket.pause();
  }

  #refused(reason: string): UserError {
    const { namespace, pod, port } = this.#target;
    return new UserError(
      'cluster-refused',
      `port ${port} of pod "${pod}" in namespace "${namespace}" cannot be reached: ${reason.trim()}`,
      'Does a program in the pod listen on this port?',
    );
  }

  override _read(): void {
    this.#socket.resume();
  }

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    for (let at = 0; at < chunk.length; at += frameSize) {
      const isLast = at + frameSize >= chunk.length;
      this.#socket.send(encodeFrame(0, chunk.subarray(at, at + frameSize)), isLast ? done : undefined);
    }
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#socket.terminate();
    done(error);
  }
}

/** A connection to a port of a pod. Throws `ApiError`; a port on which nobody listens is an error of the stream. */
export async function connectToPod(client: ApiClient, target: PodPort): Promise<Duplex> {
  const { namespace, pod, port, signal } = target;
  const socket = await client.openSocket({
    path: resourcePath(
      { group: '', version: 'v1', resource: 'pods' },
      { namespace, name: pod, subresource: 'portforward' },
    ),
    query: { ports: port },
    protocols: ['v4.channel.k8s.io'],
    ...present<{ signal: AbortSignal }>({ signal }),
  });
  return new PodConnection(socket, target);
}

export interface ForwardOptions extends PodPort {
  /** 0: any free one. Only loopback is listened on. */
  readonly localPort?: number;
  /** Hears why a connection failed. */
  readonly onError?: (error: unknown) => void;
}

export interface Forwarding {
  readonly localPort: number;
  readonly close: () => void;
}

async function join(client: ApiClient, local: Socket, options: ForwardOptions): Promise<void> {
  const { onError } = options;
  const failed = (error: unknown): void => {
    onError?.(error);
    local.destroy();
  };
  local.on('error', () => undefined);
  try {
    const remote = await connectToPod(client, options);
    remote.on('error', failed);
    local.on('close', () => remote.destroy());
    local.pipe(remote).pipe(local);
  } catch (error) {
    failed(error);
  }
}

function listening(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
}

/** A local port whose connections lead to the pod's, until it is closed. */
export async function forwardPort(client: ApiClient, options: ForwardOptions): Promise<Forwarding> {
  const open = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (local) => {
    open.add(local);
    local.once('close', () => open.delete(local));
    void join(client, local, options);
  });
  await listening(server, options.localPort ?? 0);
  const address = server.address();
  return {
    localPort: typeof address === 'object' && address !== null ? address.port : 0,
    close: () => {
      server.close();
      for (const local of open) local.destroy();
    },
  };
}
