// The sockets to one API server: a bounded keep-alive pool for requests, and a socket of its own for each stream.

import { type buildConnector, Client, type Dispatcher, Pool } from 'undici';
import type { Connection } from '../connection.ts';
import type { ClientCertificate } from '../credentials/credentials.ts';
import { createConnector } from './connector.ts';
import { answerTimeout, keepAliveTimeout } from './timeouts.ts';

/** `brief` requests wait for a free place; `lasting` ones (watch, followed logs) never do, and take none. */
export type Lane = 'brief' | 'lasting';

export interface Transport {
  /** Sends with this certificate. A changed certificate gets new sockets; those in use end by themselves. */
  readonly send: (
    lane: Lane,
    certificate: ClientCertificate | undefined,
    request: Dispatcher.RequestOptions,
  ) => Promise<Dispatcher.ResponseData>;
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

  async function sendOnOwnSocket(
    { openClient }: Identity,
    request: Dispatcher.RequestOptions,
  ): Promise<Dispatcher.ResponseData> {
    const client = track(openClient());
    const end = (): void => {
      if (open.delete(client)) void client.destroy();
    };
    // A stream that is left would otherwise have undici open a new socket in place of its own.
    client.once('disconnect', end);
    try {
      const answer = await client.request(request);
      answer.body.once('close', end);
      return answer;
    } catch (error) {
      end();
      throw error;
    }
  }

  return {
    send: async (lane, certificate, request) => {
      const found = identityFor(certificate);
      return lane === 'brief' ? await found.pool.request(request) : await sendOnOwnSocket(found, request);
    },
    connector: (certificate) => identityFor(certificate).connector,
    close: async () => {
      await Promise.all([...open].map((each) => each.destroy()));
    },
  };
}
