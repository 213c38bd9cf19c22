// From the command's flags and the environment to a connection, in kubectl's order: named file, KUBECONFIG, home, in a pod its own.

import { UserError } from '../model/index.ts';
import { type Clock, systemClock } from './clock.ts';
import type { Connection, Trust } from './connection.ts';
import { readCredentialFile } from './credentials/aging-file.ts';
import { createUserCredentials } from './credentials/user-credentials.ts';
import { findProxy } from './find-proxy.ts';
import { readInClusterConnection } from './in-cluster.ts';
import { type Choice, type Chosen, chooseContext } from './kubeconfig/choose-context.ts';
import type { ClusterEntry, DataOrFile } from './kubeconfig/kubeconfig.ts';
import { type KubeconfigSource, readKubeconfig } from './kubeconfig/read-kubeconfig.ts';
import { present } from './present.ts';

export interface ConnectionOptions extends KubeconfigSource, Choice {
  /** True where standard input is a terminal, so that a login program may ask. */
  readonly terminal?: boolean;
  readonly clock?: Clock;
}

async function readData(source: DataOrFile): Promise<string> {
  return 'file' in source ? await readCredentialFile(source.file) : Buffer.from(source.data, 'base64').toString('utf8');
}

function invalidCluster(cluster: ClusterEntry, problem: string): UserError {
  return new UserError(
    'kubeconfig-invalid',
    `cluster "${cluster.name}" ${problem}`,
    'Correct the kubeconfig, or fetch it anew.',
  );
}

/** The server's address as an URL. Without a scheme it is https where the entry says something of certificates, as with client-go. */
function parseServer(cluster: ClusterEntry, user: Chosen['user']): URL {
  if (cluster.server === '') throw invalidCluster(cluster, 'has no "server"');
  const secure = cluster.authority !== undefined || cluster.insecure || user?.certificate !== undefined;
  const text = /^[a-z]+:\/\//i.test(cluster.server)
    ? cluster.server
    : `${secure ? 'https' : 'http'}://${cluster.server}`;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol))
    throw invalidCluster(cluster, 'has a "server" that is no http or https address');
  return url;
}

const proxyProtocols = ['http:', 'https:', 'socks5:', 'socks5h:'];

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

function isProxy(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password } = new URL(text);
  return proxyProtocols.includes(protocol) && [username, password].every(isDecodable);
}

function chooseProxy(cluster: ClusterEntry, server: URL, { environment }: ConnectionOptions): string | undefined {
  const proxy = cluster.proxyUrl ?? findProxy(server, environment);
  if (proxy === undefined) return undefined;
  if (isProxy(proxy)) return proxy;
  throw invalidCluster(cluster, 'is reached by a proxy whose address is not http, https or socks5');
}

async function readTrust(cluster: ClusterEntry): Promise<Trust> {
  if (cluster.insecure && cluster.authority !== undefined)
    throw invalidCluster(cluster, 'has both a certificate authority and insecure-skip-tls-verify');
  const authority = cluster.authority && (await readData(cluster.authority));
  return { insecure: cluster.insecure, ...present<Trust>({ authority, serverName: cluster.tlsServerName }) };
}

function warningsOf(cluster: ClusterEntry, server: URL): string[] {
  if (server.protocol === 'http:') return [`cluster "${cluster.name}" is reached without encryption`];
  if (!cluster.insecure) return [];
  return [
    `the certificate of cluster "${cluster.name}" is not verified (insecure-skip-tls-verify): anyone in between can read and change everything`,
  ];
}

async function connectionOf(chosen: Chosen, options: ConnectionOptions): Promise<Connection> {
  const { cluster, user } = chosen;
  const server = parseServer(cluster, user);
  const trust = await readTrust(cluster);
  const proxy = chooseProxy(cluster, server, options);
  return {
    context: chosen.context,
    cluster: cluster.name,
    user: user?.name ?? '',
    namespace: chosen.namespace,
    server: server.href.replace(/\/+$/, ''),
    trust,
    compression: !cluster.disableCompression,
    credentials: createUserCredentials(user, {
      info: { cluster, ...present<{ authority: string }>({ authority: trust.authority }) },
      environment: options.environment,
      terminal: options.terminal ?? false,
      clock: options.clock ?? systemClock,
    }),
    warnings: warningsOf(cluster, server),
    ...present<Connection>({ kubeconfig: options.path, proxy, impersonate: chosen.impersonate }),
  };
}

/**
 * Opens nothing yet: reads what says how to connect. Throws a `UserError` (`kubeconfig-…`, `unknown-context`, `credential-…`) where that
 * cannot be known.
 */
export async function readConnection(options: ConnectionOptions): Promise<Connection> {
  const config = await readKubeconfig(options);
  if (config !== undefined) return await connectionOf(chooseContext(config, options), options);
  const { environment, clock = systemClock } = options;
  const pod = await readInClusterConnection({ environment, clock });
  if (pod === undefined)
    throw new UserError(
      'kubeconfig-missing',
      'there is no kubeconfig, and this is not a pod',
      'Name one with --kubeconfig or KUBECONFIG, or start a cluster: Minikube writes one.',
    );
  return { ...pod, ...present<Connection>({ namespace: options.namespace, impersonate: options.impersonate }) };
}
