// One connection to an API server, for one request after the other.

import type { Socket } from 'node:net';
import type { Answer } from '../answer-body.ts';
import { answerTimeout } from '../timeouts.ts';
import { AnswerReader } from './answer-reader.ts';
import type { Rendered } from './render-request.ts';
import { WireError } from './wire-error.ts';

/** Hears what has come so far, until it says that this is enough. */
export type OnStart = (answer: Answer<Buffer>) => boolean;

/** Bytes, packed: what a listener does not find in so many is not at the start. */
const mostStart = 1 << 13;

export interface Asking {
  readonly method: string;
  readonly signal?: AbortSignal | undefined;
  readonly onStart?: OnStart | undefined;
}

interface Asked {
  readonly reader: AnswerReader;
  readonly resolve: (answer: Answer<Buffer>) => void;
  readonly reject: (error: unknown) => void;
  onStart: OnStart | undefined;
}

export class Wire {
  private asked: Asked | undefined;
  private readonly socket: Socket;
  private readonly onIdle: (wire: Wire) => void;

  /** `onIdle`: it can take another request. `onGone`: it cannot, ever. */
  constructor(socket: Socket, onIdle: (wire: Wire) => void, onGone: (wire: Wire) => void) {
    this.socket = socket;
    this.onIdle = onIdle;
    socket
      .on('data', (piece: Buffer) => this.hear(piece))
      .on('end', () => this.hearEnd())
      .on('timeout', () => this.destroy(new WireError('silent', `no answer within ${answerTimeout / 1000} seconds`)))
      .on('error', (error) => this.fail(error))
      .on('close', () => {
        this.hearEnd();
        onGone(this);
      });
  }

  /** Rejects with the signal's reason, or with what happened to the connection. */
  ask(rendered: Rendered, { method, signal, onStart }: Asking): Promise<Answer<Buffer>> {
    return new Promise((resolve, reject) => {
      const abort = (): void => this.destroy(signal?.reason);
      const settled = (): void => signal?.removeEventListener('abort', abort);
      signal?.addEventListener('abort', abort, { once: true });
      this.asked = {
        reader: new AnswerReader(method),
        resolve: (answer) => {
          settled();
          resolve(answer);
        },
        reject: (error) => {
          settled();
          reject(error);
        },
        onStart,
      };
      this.socket.ref();
      this.waitFor(answerTimeout);
      this.write(rendered);
    });
  }

  private write(rendered: Rendered): void {
    const [head, body] = rendered;
    if (body === undefined) return void this.socket.write(head);
    this.socket.cork();
    this.socket.write(head);
    this.socket.write(body);
    this.socket.uncork();
  }

  /** Whoever waits for an answer is refused with `reason`. */
  destroy(reason: unknown): void {
    this.fail(reason);
    this.socket.destroy();
  }

  private fail(error: unknown): void {
    const { asked } = this;
    this.asked = undefined;
    asked?.reject(error);
  }

  private hear(piece: Buffer): void {
    const { asked } = this;
    // Nobody asked.
    if (asked === undefined) return void this.socket.destroy();
    try {
      asked.reader.push(piece);
      this.tellStart(asked);
    } catch (error) {
      return this.destroy(error);
    }
    if (asked.reader.isDone) this.finish(asked);
  }

  private tellStart(asked: Asked): void {
    const { onStart, reader } = asked;
    if (onStart === undefined || reader.head === undefined) return;
    const { status, headers } = reader.head;
    const body = reader.gathered().subarray(0, mostStart);
    if (body.length > 0 && (onStart({ status, headers, body }) || body.length === mostStart)) asked.onStart = undefined;
  }

  private finish({ reader, resolve }: Asked): void {
    this.asked = undefined;
    const keptFor = reader.hasMore ? 0 : (reader.head?.keptFor ?? 0);
    if (keptFor === 0) this.socket.destroy();
    else {
      this.rest(keptFor);
      this.onIdle(this);
    }
    resolve(reader.answer());
  }

  /** Until it is asked again, but not longer; alone it keeps no program alive. */
  rest(milliseconds: number): void {
    this.waitFor(milliseconds);
    this.socket.unref();
  }

  /** Milliseconds without a byte. Each byte starts them anew, so that they need not be said again. */
  private waitFor(milliseconds: number): void {
    if (this.socket.timeout !== milliseconds) this.socket.setTimeout(milliseconds);
  }

  private hearEnd(): void {
    const { asked } = this;
    if (asked === undefined) return void this.socket.destroy();
    try {
      asked.reader.end();
    } catch (error) {
      return this.destroy(error);
    }
    this.finish(asked);
  }
}
