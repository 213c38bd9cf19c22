// Asks one question over a connection and tells what came back. Reads little, never sends a credential, never throws.

import { request as httpRequest } from 'node:http';
import type { Duplex } from 'node:stream';
import { connect as tlsConnect, type TLSSocket } from 'node:tls';
import { isIP } from 'node:net';
import type { Answer, Knock, SeenTls } from '../../exposure/index.ts';
import { type Dial, NotReached } from './dial.ts';

/** Milliseconds for a whole answer, the way included. */
const patience = 8000;
/** More of a body is not read. */
const mostBytes = 16_384;

export interface Address {
  readonly host: string;
  readonly port: number;
}

const wantsCertificate = /CERTIFICATE_REQUIRED|BAD_CERTIFICATE|ALERT_HANDSHAKE_FAILURE|CERTIFICATE_UNKNOWN/;

interface Failure extends Error {
  readonly code?: string;
  readonly rawPacket?: Buffer;
}

function toAnswer(error: Failure, tls: SeenTls | undefined): Answer {
  if (error instanceof NotReached) return { kind: error.kind, reason: error.message };
  const seen = tls === undefined ? {} : { tls };
  const code = error.code ?? '';
  if (wantsCertificate.test(code)) return { kind: 'wants-certificate', ...seen };
  if (error.rawPacket !== undefined)
    return { kind: 'bytes', text: error.rawPacket.subarray(0, 200).toString('latin1'), ...seen };
  return { kind: 'hung-up', reason: `it ends the connection${code === '' ? '' : ` (${code})`}` };
}

function readTls(socket: TLSSocket): SeenTls {
  const { subject, subjectaltname } = socket.getPeerCertificate();
  const name = subject?.CN ?? subjectaltname?.split(',')[0] ?? '';
  return { version: socket.getProtocol() ?? '', subject: Array.isArray(name) ? name.join(',') : name };
}

class Asking {
  private tls: SeenTls | undefined;
  private readonly address: Address;
  private readonly knock: Knock;

  constructor(address: Address, knock: Knock) {
    this.address = address;
    this.knock = knock;
  }

  failed(error: unknown): Answer {
    return toAnswer(error instanceof Error ? error : new Error(String(error)), this.tls);
  }

  async over(stream: Duplex): Promise<Answer> {
    const connection = this.knock.tls ? await this.secure(stream) : stream;
    return this.knock.line === undefined ? await this.get(connection) : await this.say(connection, this.knock.line);
  }

  /** Any certificate will do: what is looked at is who may come in, not who answers. */
  private secure(stream: Duplex): Promise<Duplex> {
    const { host } = this.address;
    return new Promise((resolve, reject) => {
      const name = isIP(host) === 0 ? { servername: host } : {};
      const socket = tlsConnect({ socket: stream, rejectUnauthorized: false, ALPNProtocols: ['http/1.1'], ...name });
      stream.once('error', reject);
      socket.once('error', reject);
      socket.once('secureConnect', () => {
        this.tls = readTls(socket);
        resolve(socket);
      });
    });
  }

  private get(connection: Duplex): Promise<Answer> {
    const { host, port } = this.address;
    const { path = '/', headers = {} } = this.knock;
    return new Promise((resolve, reject) => {
      const request = httpRequest({
        createConnection: () => connection,
        host,
        port,
        path,
        headers: { 'user-agent': 'nowwhat-probe', accept: '*/*', connection: 'close', ...headers },
      });
      connection.once('error', reject);
      request.once('error', reject);
      request.once('response', (response) => {
        const chunks: Buffer[] = [];
        let length = 0;
        const done = (): void => {
          resolve({
            kind: 'http',
            status: response.statusCode ?? 0,
            headers: Object.fromEntries(
              Object.entries(response.headers).map(([name, value]) => [name, String(value ?? '')]),
            ),
            body: Buffer.concat(chunks).subarray(0, mostBytes).toString('latin1'),
            ...(this.tls === undefined ? {} : { tls: this.tls }),
          });
          response.destroy();
        };
        response.on('data', (chunk: Buffer) => {
          chunks.push(chunk);
          length += chunk.length;
          if (length >= mostBytes) done();
        });
        response.once('end', done);
        response.once('error', done);
      });
      request.end();
    });
  }

  private say(connection: Duplex, line: string): Promise<Answer> {
    return new Promise((resolve, reject) => {
      connection.once('error', reject);
      connection.once('end', () => resolve({ kind: 'hung-up', reason: 'it ends the connection' }));
      connection.once('data', (chunk: Buffer) =>
        resolve({ kind: 'bytes', text: chunk.subarray(0, 200).toString('latin1') }),
      );
      connection.write(line);
    });
  }
}

/** One question, one answer. `signal` ends it early. */
export async function ask(dial: Dial, address: Address, knock: Knock, signal: AbortSignal): Promise<Answer> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(patience)]);
  const asking = new Asking(address, knock);
  let stream: Duplex | undefined;
  try {
    const late = new Promise<never>((_resolve, reject) => {
      limit.addEventListener('abort', () => reject(new NotReached('silent', `no answer in ${patience / 1000} s`)), {
        once: true,
      });
    });
    stream = await Promise.race([dial(address.host, address.port, limit), late]);
    // What breaks after the answer is nobody's concern.
    stream.on('error', () => undefined);
    return await Promise.race([asking.over(stream), late]);
  } catch (error) {
    return asking.failed(error);
  } finally {
    stream?.destroy();
  }
}
