// The sockets to one API server: kept ones for requests, and one of its own for each stream.

import type { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import type { Connection } from '../connection.ts';
import type { ClientCertificate } from '../credentials/credentials.ts';
import type { Answer } from './answer-body.ts';
import { createConnector } from './connector.ts';
import { answerTimeout, keepAliveTimeout } from './timeouts.ts';
import { type buildConnector, Client, request as sendRequest } from './undici.ts';
import type { WireRequest } from './wire/render-request.ts';
import type { Asking } from './wire/wire.ts';
import { Wires } from './wire/wires.ts';

/** What is sent for an answer that comes over time. */
export type Opening = WireRequest & {
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds without a byte of the answer after which it fails; 0: never. */
  readonly bodyTimeout?: number;
};

/** A changed certificate gets new sockets; those in use end by themselves. */
export interface Transport {
  /** Over a socket that is free, or a new one; waits for the whole answer. */
  readonly send: (certificate: ClientCertificate | undefined, request: WireRequest & Asking) => Promise<Answer<Buffer>>;
  /** Takes a socket of its own, for an answer that comes over time (watch, followed logs). */
  readonly open: (certificate: ClientCertificate | undefined, request: Opening) => Promise<Answer<Readable>>;
  /** Opens a bare socket that shows this certificate, for what is not HTTP after its first answer. */
  readonly connector: (certificate: ClientCertificate | undefined) => buildConnector.connector;
  readonly close: () => Promise<void>;
}

/** Sockets that show one certificate. */
interface Identity {
  readonly certificate: ClientCertificate | undefined;
  readonly connector: buildConnector.connector;
  readonly wires: Wires;
  readonly openClient: () => Client;
}

function openIdentity(connection: Connection, certificate: ClientCertificate | undefined): Identity {
  const url = new URL(connection.server);
  const connector = createConnector(connection, certificate);
  const options = { connect: connector, keepAliveTimeout, headersTimeout: answerTimeout, bodyTimeout: answerTimeout };
  return {
    certificate,
    connector,
    wires: new Wires(url, connector),
    openClient: () => new Client(url.origin, options),
  };
}

function isSameCertificate(a: ClientCertificate | undefined, b: ClientCertificate | undefined): boolean {
  return a === b || (a?.certificate === b?.certificate && a?.key === b?.key);
}

export function createTransport(connection: Connection): Transport {
  let identity: Identity | undefined;
  const wires = new Set<Wires>();
  const clients = new Set<Client>();

  function identityFor(certificate: ClientCertificate | undefined): Identity {
    if (identity !== undefined && isSameCertificate(identity.certificate, certificate)) return identity;
    identity?.wires.retire();
    identity = openIdentity(connection, certificate);
    wires.add(identity.wires);
    return identity;
  }

  async function openOnOwnSocket({ openClient }: Identity, request: Opening): Promise<Answer<Readable>> {
    const client = openClient();
    clients.add(client);
    const end = (): void => {
      if (clients.delete(client)) void client.destroy();
    };
    // A stream that is left would otherwise have undici open a new socket in place of its own.
    client.once('disconnect', end);
    try {
      const {
        statusCode: status,
        headers,
        body,
      } = await sendRequest.call(client, request as Dispatcher.RequestOptions);
      body.once('close', end);
      return { status, headers, body };
    } catch (error) {
      end();
      throw error;
    }
  }

  return {
    send: (certificate, request) => identityFor(certificate).wires.send(request),
    open: (certificate, request) => openOnOwnSocket(identityFor(certificate), request),
    connector: (certificate) => identityFor(certificate).connector,
    close: async () => {
      for (const each of wires) each.close();
      await Promise.all([...clients].map((each) => each.destroy()));
    },
  };
}
