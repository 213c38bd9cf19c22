// Ways to an address: from this machine, or from inside a pod. Both give a stream of bytes.

import { connect } from 'node:net';
import { type Duplex, duplexPair, PassThrough } from 'node:stream';
import { type ApiClient, execInPod } from '../../api/index.ts';

/** There is nobody to talk to: nothing listens, nothing comes back, or it ends the connection at once. */
export class NotReached extends Error {
  readonly kind: 'closed' | 'silent' | 'hung-up';

  constructor(kind: NotReached['kind'], reason: string) {
    super(reason);
    this.kind = kind;
  }
}

/** Opens a connection. Rejects with, or destroys the stream with, `NotReached`. The signal ends it. */
export type Dial = (host: string, port: number, signal: AbortSignal) => Promise<Duplex>;

/** Milliseconds for a connection to come about. */
const connectTimeout = 3000;

function toNotReached(error: NodeJS.ErrnoException): NotReached {
  const code = error.code ?? error.message;
  if (code === 'ECONNREFUSED') return new NotReached('closed', 'the connection is refused');
  return code === 'ECONNRESET'
    ? new NotReached('hung-up', 'it ends the connection')
    : new NotReached('silent', code === 'ETIMEDOUT' ? 'no answer' : `there is no way to it (${code})`);
}

export const dialFromHere: Dial = (host, port, signal) =>
  new Promise((resolve, reject) => {
    const socket = connect({ host, port, signal });
    socket.setTimeout(connectTimeout, () => {
      socket.destroy();
      reject(new NotReached('silent', `no answer in ${connectTimeout / 1000} s`));
    });
    socket.once('error', (error) => reject(toNotReached(error)));
    socket.once('connect', () => {
      socket.setTimeout(0);
      resolve(socket);
    });
  });

export interface ProbePod {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
}

/** What nc says of an address that it did not reach. */
function readComplaint(text: string): NotReached {
  if (/refused/i.test(text)) return new NotReached('closed', 'the connection is refused');
  const said = text.trim().split('\n').at(-1)?.slice(0, 100) ?? '';
  return new NotReached('silent', said === '' || /timed out/i.test(said) ? 'no answer' : said);
}

/** Through `nc` in a container: it passes bytes, and all that is said over them is said here. */
export function dialFromPod(client: ApiClient, pod: ProbePod): Dial {
  return async (host, port, signal) => {
    const [near, far] = duplexPair();
    const complaints = new PassThrough();
    let said = '';
    complaints.on('data', (chunk: Buffer) => {
      said += chunk.toString('utf8');
    });
    const seconds = String(connectTimeout / 1000);
    const command = ['nc', '-w', seconds, host, String(port)];
    const running = execInPod(client, { ...pod, command, stdin: far, stdout: far, stderr: complaints, signal });
    running.then(
      (code) => (code === 0 ? far.end() : near.destroy(readComplaint(said))),
      (error: unknown) => near.destroy(error instanceof Error ? error : new Error(String(error))),
    );
    near.once('close', () => far.destroy());
    return await Promise.resolve(near);
  };
}
