// A real Velero and a real S3 server beside the test cluster, where their programs are given. Nothing of them outlives the test.

import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ApiClient } from '../../src/api/index.ts';
import { asObject, type JsonObject } from '../../src/model/index.ts';
import { kubeconfig, openClient } from './test-cluster.ts';
import { untilListening } from './until-listening.ts';
import { type AskedVelero, askVelero, createDefinitions, untilUsable } from './velero-objects.ts';

/** Paths of `velero`, the folder with its plugin for S3, and `versitygw`. */
export const programs = {
  velero: process.env['NOWWHAT_TEST_VELERO'],
  plugins: process.env['NOWWHAT_TEST_VELERO_PLUGINS'],
  s3: process.env['NOWWHAT_TEST_S3_SERVER'],
};

export const hasVelero: boolean =
  kubeconfig !== undefined && Object.values(programs).every((each) => each !== undefined);

const credentials = { accessKeyId: 'test', secretAccessKey: 'testtest' };
const bucket = 'velero-test';
const namespace = `velero-${randomBytes(4).toString('hex')}`;
const s3Port = 7071;

export interface Velero extends AskedVelero {
  readonly client: ApiClient;
  /** The same bucket, as nowwhat names it, and the environment with its credentials. */
  readonly store: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Largest resident size of Velero's server so far, in MB, where Linux tells it. */
  readonly peak: () => number;
  /** Writes a ConfigMap beside Velero, for what its objects name. */
  readonly keep: (name: string, data: Readonly<Record<string, string>>) => Promise<unknown>;
  readonly close: () => Promise<void>;
}

function startServer(command: string, args: readonly string[], env: Record<string, string> = {}): ChildProcess {
  return spawn(command, args, { env: { ...process.env, ...env }, stdio: 'ignore' });
}

async function prepareNamespace(client: ApiClient, { path }: AskedVelero): Promise<void> {
  const create = (where: string, body: JsonObject): Promise<unknown> =>
    client.request({ method: 'POST', path: where, body }).catch((error: unknown) => {
      if (asObject(error)['status'] !== 409) throw error;
    });
  await create('/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
  await create(`/apis/apps/v1/namespaces/${namespace}/deployments`, {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'velero' },
    spec: {
      replicas: 0,
      selector: { matchLabels: { app: 'velero' } },
      template: {
        metadata: { labels: { app: 'velero' } },
        spec: { containers: [{ name: 'velero', image: 'nothing.test/velero:1' }] },
      },
    },
  });
  await create(path('backupstoragelocations'), {
    apiVersion: 'velero.io/v1',
    kind: 'BackupStorageLocation',
    metadata: { name: 'default' },
    spec: {
      provider: 'aws',
      default: true,
      objectStorage: { bucket },
      backupSyncPeriod: '5s',
      config: {
        region: 'us-east-1',
        s3ForcePathStyle: 'true',
        s3Url: `http://127.0.0.1:${s3Port}`,
        checksumAlgorithm: '',
      },
    },
  });
}

export async function startVelero({ features = [] }: { readonly features?: readonly string[] } = {}): Promise<Velero> {
  const { velero = '', plugins = '', s3 = '' } = programs;
  const folder = mkdtempSync(join(tmpdir(), 'nowwhat-velero-'));
  for (const each of ['data', 'iam', join('data', bucket)]) mkdirSync(join(folder, each), { recursive: true });
  const credentialsFile = join(folder, 'credentials');
  writeFileSync(
    credentialsFile,
    `[default]\naws_access_key_id=${credentials.accessKeyId}\naws_secret_access_key=${credentials.secretAccessKey}\n`,
  );
  const { accessKeyId, secretAccessKey } = credentials;
  const login = ['--access', accessKeyId, '--secret', secretAccessKey];
  const place = ['--port', `127.0.0.1:${s3Port}`, '--iam-dir', join(folder, 'iam'), 'posix', join(folder, 'data')];
  const client = await openClient();
  const kinds = await createDefinitions(velero, client);
  const gateway = startServer(s3, [...login, ...place]);
  await untilListening(s3Port);
  const asked = askVelero(client, namespace);
  await prepareNamespace(client, asked);
  const switches = features.length === 0 ? [] : [`--features=${features.join(',')}`];
  const server = startServer(velero, ['server', '--plugin-dir', plugins, '--namespace', namespace, ...switches], {
    KUBECONFIG: kubeconfig ?? '',
    AWS_SHARED_CREDENTIALS_FILE: credentialsFile,
    PATH: `${dirname(velero)}:${process.env['PATH'] ?? ''}`,
  });
  await untilUsable(client, namespace);
  return {
    client,
    store: `s3://${bucket}?endpoint=http://127.0.0.1:${s3Port}`,
    environment: { AWS_ACCESS_KEY_ID: credentials.accessKeyId, AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey },
    peak: () =>
      Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${server.pid ?? 'self'}/status`, 'utf8'))?.[1] ?? 0) / 1024,
    keep: (name, data) =>
      client.request({
        method: 'POST',
        path: `/api/v1/namespaces/${namespace}/configmaps`,
        body: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data },
      }),
    ...asked,
    close: async () => {
      server.kill('SIGKILL');
      gateway.kill('SIGKILL');
      await asked.removeNamespace();
      await kinds.close();
      await client.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
