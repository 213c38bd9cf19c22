// The sockets to one API server: a bounded keep-alive pool for requests, and a socket of its own for each stream.

import { Pool } from 'undici';
import type { Connection } from '../connection.ts';
import type { ClientCertificate } from '../credentials/credentials.ts';
import { createConnector } from './connector.ts';
import { answerTimeout, keepAliveTimeout } from './timeouts.ts';

/** `brief` requests wait for a free place; `lasting` ones (watch, followed logs) never do, and take none. */
export type Lane = 'brief' | 'lasting';

type Lanes = Readonly<Record<Lane, Pool>> & { readonly certificate: ClientCertificate | undefined };

export interface Transport {
  /** The pool for requests with this certificate. A changed certificate gets new sockets; those in use end by themselves. */
  readonly pool: (lane: Lane, certificate: ClientCertificate | undefined) => Pool;
  readonly close: () => Promise<void>;
}

function openLanes(connection: Connection, certificate: ClientCertificate | undefined, concurrency: number): Lanes {
  const { origin } = new URL(connection.server);
  const shared = {
    connect: createConnector(connection, certificate),
    keepAliveTimeout,
    headersTimeout: answerTimeout,
    bodyTimeout: answerTimeout,
  };
  return {
    certificate,
    brief: new Pool(origin, { ...shared, connections: concurrency }),
    lasting: new Pool(origin, shared),
  };
}

function isSameCertificate(a: ClientCertificate | undefined, b: ClientCertificate | undefined): boolean {
  return a === b || (a?.certificate === b?.certificate && a?.key === b?.key);
}

export function createTransport(connection: Connection, concurrency: number): Transport {
  let lanes: Lanes | undefined;
  const retired = new Set<Pool>();
  function retire(pool: Pool): void {
    retired.add(pool);
    void pool.close().finally(() => retired.delete(pool));
  }
  function pool(lane: Lane, certificate: ClientCertificate | undefined): Pool {
    if (lanes === undefined || !isSameCertificate(lanes.certificate, certificate)) {
      if (lanes !== undefined) for (const old of [lanes.brief, lanes.lasting]) retire(old);
      lanes = openLanes(connection, certificate, concurrency);
    }
    return lanes[lane];
  }
  async function close(): Promise<void> {
    const open = lanes === undefined ? [] : [lanes.brief, lanes.lasting];
    await Promise.all([...open, ...retired].map((each) => each.destroy()));
  }
  return { pool, close };
}
