// Runs a command in a container, or attaches to the one that runs there, with its input and outputs as streams.

import type { Readable, Writable } from 'node:stream';
import type { WebSocket } from 'ws';
import { UserError } from '../../model/index.ts';
import { resourcePath } from '../discovery/find-resource.ts';
import { parseAnswer } from '../http/answer-body.ts';
import { statusError } from '../http/api-error.ts';
import type { ApiClient } from '../http/client.ts';
import type { SocketRequest } from '../http/sockets.ts';
import { present } from '../present.ts';
import { channelProtocols, channels, encodeFrame, exitCodeOf } from './channels.ts';

export interface PodContainer {
  readonly namespace: string;
  readonly pod: string;
  /** Left out: the pod's default container. */
  readonly container?: string;
}

export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

/** Only the streams that are given are asked for. They are not ended by us. */
export interface PodStreams {
  readonly stdin?: Readable;
  readonly stdout?: Writable;
  /** Not with `tty`: a terminal has one output. */
  readonly stderr?: Writable;
  readonly tty?: boolean;
  /** Sizes of the terminal as they change; listened to while the command runs. */
  readonly sizes?: AsyncIterable<TerminalSize>;
  readonly signal?: AbortSignal;
}

export interface ExecOptions extends PodContainer, PodStreams {
  /** Program and arguments; no shell. */
  readonly command: readonly string[];
}

const pods = { group: '', version: 'v1', resource: 'pods' };

function requestFor(subresource: string, options: PodContainer & PodStreams & Partial<ExecOptions>): SocketRequest {
  const { namespace, pod, container, command, stdin, stdout, stderr, tty = false, signal } = options;
  return {
    path: resourcePath(pods, { namespace, name: pod, subresource }),
    query: {
      container,
      command,
      stdin: stdin !== undefined,
      stdout: stdout !== undefined,
      stderr: stderr !== undefined && !tty,
      tty,
    },
    protocols: channelProtocols,
    ...present<SocketRequest>({ signal }),
  };
}

function send(socket: WebSocket, frame: Buffer): Promise<void> {
  return new Promise((resolve, reject) => socket.send(frame, (error) => (error ? reject(error) : resolve())));
}

const frameSize = 32_768;

async function endInput(socket: WebSocket, tty: boolean): Promise<void> {
  if (socket.protocol === channelProtocols[0])
    return await send(socket, encodeFrame(channels.close, Buffer.from([channels.stdin])));
  // Control-D: the terminal in the container makes an end of it.
  if (tty) return await send(socket, encodeFrame(channels.stdin, Buffer.from([4])));
  throw new UserError(
    'cluster-failed',
    'the cluster cannot tell a command that its input has ended (it does not speak v5.channel.k8s.io)',
    'Use a command that does not read to the end of its input, or Kubernetes 1.30 or later.',
  );
}

/** Passes all of the input, no faster than the network takes it. */
async function pumpInput(socket: WebSocket, stdin: Readable, tty: boolean): Promise<void> {
  for await (const each of stdin) {
    const bytes = Buffer.from(each as Uint8Array | string);
    for (let at = 0; at < bytes.length; at += frameSize)
      await send(socket, encodeFrame(channels.stdin, bytes.subarray(at, at + frameSize)));
  }
  await endInput(socket, tty);
}

async function pumpSizes(socket: WebSocket, sizes: AsyncIterable<TerminalSize>): Promise<void> {
  for await (const { columns, rows } of sizes) {
    const text = JSON.stringify({ Width: columns, Height: rows });
    await send(socket, encodeFrame(channels.resize, Buffer.from(text)));
  }
}

/** Stops the network while the output cannot take more. */
function pass(socket: WebSocket, output: Writable | undefined, bytes: Buffer): void {
  if (output === undefined || bytes.length === 0 || output.write(bytes)) return;
  socket.pause();
  output.once('drain', () => socket.resume());
}

interface Running {
  readonly socket: WebSocket;
  readonly request: SocketRequest;
  readonly options: PodStreams;
}

function endedEarly({ request }: Running): UserError {
  return new UserError(
    'cluster-unreachable',
    `the connection to ${request.path} ended before the command did`,
    'Is the pod still running? Try again.',
  );
}

/** The exit code from the last word on the error channel. Throws where the command could not be run. */
function readVerdict(text: string, { request }: Running): number {
  const status = parseAnswer(text) ?? { message: text };
  const code = exitCodeOf(status);
  if (code === undefined) throw statusError(status, request);
  return code;
}

function listen(running: Running): Promise<number> {
  const { socket, options } = running;
  return new Promise((resolve, reject) => {
    let verdict = '';
    socket.on('message', (data: Buffer) => {
      const bytes = data.subarray(1);
      if (data[0] === channels.stdout) pass(socket, options.stdout, bytes);
      else if (data[0] === channels.stderr) pass(socket, options.stderr, bytes);
      else if (data[0] === channels.error) verdict += bytes.toString('utf8');
    });
    socket.once('error', reject);
    socket.once('close', () => {
      try {
        if (verdict === '') throw endedEarly(running);
        resolve(readVerdict(verdict, running));
      } catch (error) {
        reject(error);
      }
    });
  });
}

/** What may go wrong on our side while the command runs: broken streams, an abort. */
function watchOurSide({ socket, options }: Running): { failure: Promise<never>; stop: () => void } {
  const { stdin, sizes, stdout, stderr, tty = false, signal } = options;
  const outputs = [stdout, stderr].filter((each) => each !== undefined);
  let stop = (): void => undefined;
  const failure = new Promise<never>((_resolve, reject) => {
    const fail = (error: unknown): void => reject(error);
    const onAbort = (): void => fail(signal?.reason);
    for (const output of outputs) output.on('error', fail);
    signal?.addEventListener('abort', onAbort, { once: true });
    // A command may end without having read its input: what fails after that is of no interest.
    if (stdin)
      void pumpInput(socket, stdin, tty).catch((error: unknown) => socket.readyState === socket.OPEN && fail(error));
    if (sizes) void pumpSizes(socket, sizes).catch(() => undefined);
    stop = () => {
      for (const output of outputs) output.off('error', fail);
      signal?.removeEventListener('abort', onAbort);
    };
  });
  return { failure, stop };
}

async function converse(client: ApiClient, request: SocketRequest, options: PodStreams): Promise<number> {
  const socket = await client.openSocket(request);
  const running = { socket, request, options };
  const ended = listen(running);
  const { failure, stop } = watchOurSide(running);
  socket.resume();
  try {
    return await Promise.race([ended, failure]);
  } finally {
    stop();
    ended.catch(() => undefined);
    socket.terminate();
  }
}

/** The command's exit code. Throws `ApiError` where it may not or cannot be run, as when the program is missing. */
export function execInPod(client: ApiClient, options: ExecOptions): Promise<number> {
  return converse(client, requestFor('exec', options), options);
}

/** Attaches to the container's own process until that ends. */
export function attachToPod(client: ApiClient, options: PodContainer & PodStreams): Promise<number> {
  return converse(client, requestFor('attach', options), options);
}
