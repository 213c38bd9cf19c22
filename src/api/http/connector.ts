// Opens sockets to the API server: direct or through a proxy, with our trust and our certificate. HTTP and WebSockets share it.

import type { Socket } from 'node:net';
import { isIP } from 'node:net';
import { type ConnectionOptions, checkServerIdentity, createSecureContext } from 'node:tls';
import type { Connection, Trust } from '../connection.ts';
import type { ClientCertificate } from '../credentials/credentials.ts';
import { readSystemAuthorities } from './system-authorities.ts';
import { connectTimeout } from './timeouts.ts';
import { openTunnel } from './tunnel.ts';
import { buildConnector } from './undici.ts';

type TlsOptions = Pick<
  ConnectionOptions,
  'secureContext' | 'servername' | 'checkServerIdentity' | 'rejectUnauthorized'
>;

/** The name to verify. An IP address may not be sent as a server name (RFC 6066), but certificates can carry it. */
function nameOptions({ serverName }: Trust): TlsOptions {
  if (serverName === undefined) return {};
  if (isIP(serverName) === 0) return { servername: serverName };
  return { checkServerIdentity: (_host, certificate) => checkServerIdentity(serverName, certificate) };
}

/** One context serves all sockets: to read the authorities anew for each takes as long as half of its handshake, or many times that for the system's. */
async function tlsOptions({ server, trust }: Connection, certificate?: ClientCertificate): Promise<TlsOptions> {
  if (!server.startsWith('https:')) return {};
  const ca = trust.authority ?? (trust.insecure ? undefined : [...(await readSystemAuthorities())]);
  const secureContext = createSecureContext({
    ...(ca === undefined ? {} : { ca }),
    ...(certificate === undefined ? {} : { cert: certificate.certificate, key: certificate.key }),
  });
  return { rejectUnauthorized: !trust.insecure, secureContext, ...nameOptions(trust) };
}

type Options = buildConnector.Options;

async function open(connection: Connection, connector: buildConnector.connector, options: Options): Promise<Socket> {
  const { proxy, trust } = connection;
  const secure = options.protocol === 'https:';
  const host = options.hostname.replace(/^\[|\]$/g, '');
  const tunnel = proxy && (await openTunnel(proxy, { host, port: Number(options.port) || (secure ? 443 : 80) }));
  if (tunnel && !secure) return tunnel;
  const named = trust.serverName !== undefined && isIP(trust.serverName) === 0 ? { servername: trust.serverName } : {};
  return await new Promise((resolve, reject) => {
    connector({ ...options, ...named, ...(tunnel ? { httpSocket: tunnel } : {}) }, (...[error, socket]) =>
      error === null ? resolve(socket) : reject(error),
    );
  });
}

/** For undici's `connect`; TLS sessions are resumed within one connector. */
export function createConnector(
  connection: Connection,
  certificate: ClientCertificate | undefined,
): buildConnector.connector {
  const made = tlsOptions(connection, certificate).then((tls) =>
    buildConnector({ timeout: connectTimeout, keepAliveInitialDelay: 30_000, ...tls }),
  );
  // Whoever connects is told; where nobody ever does, a certificate that cannot be read would end the process.
  made.catch(() => undefined);
  return (options, callback) => {
    made
      .then((connector) => open(connection, connector, options))
      .then(
        (socket) => callback(null, socket),
        (error: unknown) => callback(error instanceof Error ? error : new Error(String(error)), null),
      );
  };
}
