// The sockets to one API server: a bounded keep-alive pool for requests, and a socket of its own for each stream.

import type { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import type { Connection } from '../connection.ts';
import type { ClientCertificate } from '../credentials/credentials.ts';
import type { Answer } from './answer-body.ts';
import { createConnector } from './connector.ts';
import { gatherAnswer, type Listening } from './gather-answer.ts';
import { answerTimeout, keepAliveTimeout } from './timeouts.ts';
import { type buildConnector, Client, Pool, request as sendRequest } from './undici.ts';

export type Sending = Dispatcher.DispatchOptions & Listening;

/** A changed certificate gets new sockets; those in use end by themselves. */
export interface Transport {
  /** Waits for a free socket of the pool, and for the whole answer. */
  readonly send: (certificate: ClientCertificate | undefined, request: Sending) => Promise<Answer<Buffer>>;
  /** Takes a socket of its own, for an answer that comes over time (watch, followed logs). */
  readonly open: (certificate: ClientCertificate | undefined, request: Sending) => Promise<Answer<Readable>>;
  /** Opens a bare socket that shows this certificate, for what is not HTTP after its first answer. */
  readonly connector: (certificate: ClientCertificate | undefined) => buildConnector.connector;
  readonly close: () => Promise<void>;
}

/** Sockets that show one certificate. */
interface Identity {
  readonly certificate: ClientCertificate | undefined;
  readonly connector: buildConnector.connector;
  readonly pool: Pool;
  readonly openClient: () => Client;
}

function openIdentity(
  connection: Connection,
  certificate: ClientCertificate | undefined,
  concurrency: number,
): Identity {
  const { origin } = new URL(connection.server);
  const connector = createConnector(connection, certificate);
  const options = {
    connect: connector,
    keepAliveTimeout,
    headersTimeout: answerTimeout,
    bodyTimeout: answerTimeout,
  };
  return {
    certificate,
    connector,
    pool: new Pool(origin, { ...options, connections: concurrency }),
    openClient: () => new Client(origin, options),
  };
}

function isSameCertificate(a: ClientCertificate | undefined, b: ClientCertificate | undefined): boolean {
  return a === b || (a?.certificate === b?.certificate && a?.key === b?.key);
}

export function createTransport(connection: Connection, concurrency: number): Transport {
  let identity: Identity | undefined;
  const open = new Set<Pool | Client>();

  function track<T extends Pool | Client>(dispatcher: T): T {
    open.add(dispatcher);
    return dispatcher;
  }

  function identityFor(certificate: ClientCertificate | undefined): Identity {
    if (identity !== undefined && isSameCertificate(identity.certificate, certificate)) return identity;
    const old = identity?.pool;
    void old?.close().finally(() => open.delete(old));
    identity = openIdentity(connection, certificate, concurrency);
    track(identity.pool);
    return identity;
  }

  async function openOnOwnSocket({ openClient }: Identity, request: Sending): Promise<Answer<Readable>> {
    const client = track(openClient());
    const end = (): void => {
      if (open.delete(client)) void client.destroy();
    };
    // A stream that is left would otherwise have undici open a new socket in place of its own.
    client.once('disconnect', end);
    try {
      const { statusCode: status, headers, body } = await sendRequest.call(client, request);
      body.once('close', end);
      return { status, headers, body };
    } catch (error) {
      end();
      throw error;
    }
  }

  return {
    send: (certificate, request) => gatherAnswer(identityFor(certificate).pool, request),
    open: (certificate, request) => openOnOwnSocket(identityFor(certificate), request),
    connector: (certificate) => identityFor(certificate).connector,
    close: async () => {
      await Promise.all([...open].map((each) => each.destroy()));
    },
  };
}
