// The connection of a pod: its service account's files and the address in its environment.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from './clock.ts';
import type { Connection } from './connection.ts';
import { readCredentialFile } from './credentials/aging-file.ts';
import { createUserCredentials } from './credentials/user-credentials.ts';
import type { Environment } from './kubeconfig/read-kubeconfig.ts';

const serviceAccountFolder = '/var/run/secrets/kubernetes.io/serviceaccount';

export interface PodSurroundings {
  readonly environment: Environment;
  readonly clock: Clock;
  /** Where the service account is mounted; another folder only in tests. */
  readonly folder?: string;
}

async function readNamespace(folder: string): Promise<string> {
  const text = await readFile(join(folder, 'namespace'), 'utf8').catch(() => '');
  return text.trim() || 'default';
}

/** `undefined` where this is no pod with a service account. */
export async function readInClusterConnection(surroundings: PodSurroundings): Promise<Connection | undefined> {
  const { environment, clock, folder = serviceAccountFolder } = surroundings;
  const host = environment['KUBERNETES_SERVICE_HOST'];
  const port = environment['KUBERNETES_SERVICE_PORT'];
  if (!host || !port) return undefined;
  const authority = await readCredentialFile(join(folder, 'ca.crt')).catch(() => undefined);
  if (authority === undefined) return undefined;
  const server = `https://${host.includes(':') ? `[${host}]` : host}:${port}`;
  const user = { name: 'service account', tokenFile: join(folder, 'token') };
  const cluster = { name: 'in-cluster', server, insecure: false, disableCompression: false };
  return {
    context: '',
    cluster: cluster.name,
    user: user.name,
    namespace: await readNamespace(folder),
    server,
    trust: { authority, insecure: false },
    compression: true,
    credentials: createUserCredentials(user, { info: { cluster }, environment, terminal: false, clock }),
    warnings: [],
  };
}
