// Exec over WebSocket, with scripts in the place of containers. Source: the v5.channel.k8s.io protocol, KEP-4006.

import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { type JsonObject, toText } from '../../model/index.ts';
import type { Faults } from '../faults.ts';
import type { ServerParts } from '../http/call.ts';
import { containerOf } from '../http/logs.ts';
import { parseRequest } from '../http/request-info.ts';
import { answerOf } from '../http/respond.ts';
import { authorize, targetOf, userOf } from '../http/server.ts';
import { statusOf } from '../objects/edit.ts';
import { requireObject } from '../objects/target.ts';
import { badRequest, notFound, StatusError } from '../status-error.ts';
import { type ExecCall, type ExecResult, runScripted } from './scripts.ts';

/** Newest first; version 5 can say that the input is closed. */
const protocols = ['v5.channel.k8s.io', 'v4.channel.k8s.io'];

const channel = { stdin: 0, stdout: 1, stderr: 2, error: 3 } as const;
const closeSignal = 255;

interface Wish {
  readonly call: Omit<ExecCall, 'stdin'>;
  readonly query: URLSearchParams;
}

/** What the request wants to run, if it may. */
function readWish(parts: ServerParts, faults: Faults, request: IncomingMessage): Wish {
  const url = new URL(request.url ?? '/', 'http://playground');
  const query = url.searchParams;
  const info = parseRequest(request.method ?? 'GET', url.pathname, query);
  const refusal = faults.take(info, query).find((each) => each.kind === 'refuse');
  if (refusal !== undefined) throw new StatusError('a fault that was asked for', { code: refusal.code });
  const { kernel } = parts;
  authorize(kernel, userOf(parts, request), info);
  const target = targetOf(kernel, info);
  if (target === undefined || info.subresource !== 'exec') throw notFound({ group: '', plural: 'pods' }, info.name);
  const pod = requireObject(kernel, { ...target, subresource: '' });
  const command = query.getAll('command');
  if (command.length === 0) throw badRequest('you must specify at least 1 command for the container');
  if (statusOf(pod)['phase'] !== 'Running')
    throw badRequest(
      `cannot exec into a container in a completed pod; current phase is ${toText(statusOf(pod)['phase'])}`,
    );
  const container = containerOf(pod, query.get('container'));
  return { call: { namespace: target.namespace, pod: target.name, container, command }, query };
}

function statusFor(result: ExecResult | undefined, command: string): JsonObject {
  if (result === undefined) {
    const message = `exec: "${command}": executable file not found in $PATH: no script of the playground knows it`;
    return { metadata: {}, status: 'Failure', message, reason: 'InternalError', code: 500 };
  }
  const { exitCode = 0 } = result;
  if (exitCode === 0) return { metadata: {}, status: 'Success' };
  const causes = [{ reason: 'ExitCode', message: String(exitCode) }];
  const message = `command terminated with non-zero exit code: exit status ${exitCode}`;
  return { metadata: {}, status: 'Failure', message, reason: 'NonZeroExitCode', details: { causes } };
}

function frame(number: number, data: string | Uint8Array): Buffer {
  return Buffer.concat([Buffer.from([number]), Buffer.from(data)]);
}

/** Everything that is sent on the input until it is closed. */
function readInput(socket: WebSocket): Promise<string> {
  const chunks: Buffer[] = [];
  return new Promise((resolve) => {
    const done = (): void => resolve(Buffer.concat(chunks).toString());
    socket.on('message', (data: Buffer) => {
      if (data[0] === channel.stdin) chunks.push(data.subarray(1));
      if (data[0] === closeSignal && data[1] === channel.stdin) done();
    });
    socket.once('close', done);
  });
}

async function runOver(socket: WebSocket, { scripts }: ServerParts, { call, query }: Wish): Promise<void> {
  const wantsInput = query.get('stdin') === 'true';
  const result = await runScripted(scripts, { ...call, stdin: wantsInput ? await readInput(socket) : '' });
  if (result?.stdout !== undefined) socket.send(frame(channel.stdout, result.stdout));
  if (result?.stderr !== undefined) socket.send(frame(channel.stderr, result.stderr));
  socket.send(frame(channel.error, JSON.stringify(statusFor(result, call.command.join(' ')))));
  socket.close(1000);
}

/** An answer before the protocol has changed: plain HTTP. */
function refuse(socket: Duplex, error: unknown): void {
  const { code, body } = answerOf(error);
  const text = JSON.stringify(body);
  socket.end(
    `HTTP/1.1 ${code} Refused\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(text)}\r\nconnection: close\r\n\r\n${text}`,
  );
}

export function serveExec(server: Server, parts: ServerParts, faults: Faults): { readonly close: () => void } {
  const sockets = new WebSocketServer({
    noServer: true,
    handleProtocols: (offered) => protocols.find((each) => offered.has(each)) ?? false,
  });
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    try {
      const wish = readWish(parts, faults, request);
      sockets.handleUpgrade(request, socket, head, (opened) => {
        runOver(opened, parts, wish).catch(() => opened.terminate());
      });
    } catch (error) {
      refuse(socket, error);
    }
  });
  return {
    close: () => {
      for (const each of sockets.clients) each.terminate();
      sockets.close();
    },
  };
}
