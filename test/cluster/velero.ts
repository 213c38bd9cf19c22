// A real Velero and a real S3 server beside the test cluster, where their programs are given. Nothing of them outlives the test.

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import {
  type ApiClient,
  createClient,
  createObject,
  deleteObject,
  objectNameOf,
  readConnection,
} from '../../src/api/index.ts';
import { asArray, asObject, asString, type JsonObject } from '../../src/model/index.ts';
import { kubeconfig } from './test-cluster.ts';

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

export interface Velero {
  readonly client: ApiClient;
  /** The same bucket, as nowwhat names it, and the environment with its credentials. */
  readonly store: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Makes a Velero object and waits for its end; answers with its status. */
  readonly run: (kind: 'Backup' | 'Restore', name: string, spec: JsonObject, seconds?: number) => Promise<JsonObject>;
  /** Largest resident size of Velero's server so far, in MB, where Linux tells it. */
  readonly peak: () => number;
  /** Waits until Velero has found a backup in the bucket. */
  readonly waitFound: (name: string) => Promise<void>;
  readonly close: () => Promise<void>;
}

const plural = { Backup: 'backups', Restore: 'restores' } as const;
const path = (resource: string, name = ''): string =>
  `/apis/velero.io/v1/namespaces/${namespace}/${resource}${name === '' ? '' : `/${name}`}`;

function startServer(command: string, args: readonly string[], env: Record<string, string> = {}): ChildProcess {
  return spawn(command, args, { env: { ...process.env, ...env }, stdio: 'ignore' });
}

const definitions = { group: 'apiextensions.k8s.io', version: 'v1', resource: 'customresourcedefinitions' };

/** Those that were not there before: they go with the test. */
async function createDefinitions(velero: string, client: ApiClient): Promise<string[]> {
  const env = { ...process.env, KUBECONFIG: kubeconfig ?? '' };
  const { stdout } = spawnSync(velero, ['install', '--crds-only', '--dry-run', '-o', 'json'], {
    env,
    encoding: 'utf8',
  });
  const { items } = JSON.parse(stdout) as JsonObject;
  const created: string[] = [];
  for (const definition of asArray(items).map(asObject)) {
    const isNew = await createObject(client, definitions, definition).catch((error: unknown) => {
      if (asObject(error)['status'] !== 409) throw error;
      return undefined;
    });
    if (isNew !== undefined) created.push(objectNameOf(definition).name);
  }
  await setTimeout(2000);
  return created;
}

async function prepareNamespace(client: ApiClient): Promise<void> {
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

const ended = new Set(['Completed', 'PartiallyFailed', 'Failed', 'FailedValidation']);

/** Velero's finalizers wait for a server that is gone. */
async function removeNamespace(client: ApiClient): Promise<void> {
  for (const resource of ['restores', 'backups']) {
    const { items } = await client.request({ path: path(resource) });
    for (const { metadata } of asArray(items).map(asObject)) {
      const name = asString(asObject(metadata)['name']) ?? '';
      const contentType = 'application/merge-patch+json';
      await client.request({
        method: 'PATCH',
        path: path(resource, name),
        contentType,
        body: { metadata: { finalizers: null } },
      });
    }
  }
  await client.request({ method: 'DELETE', path: `/api/v1/namespaces/${namespace}` });
}

async function until<T>(what: string, look: () => Promise<T | undefined>, seconds = 90): Promise<T> {
  for (let tries = 0; tries < seconds * 5; tries += 1) {
    const found = await look();
    if (found !== undefined) return found;
    await setTimeout(200);
  }
  throw new Error(`${what} did not happen in ${seconds} s`);
}

export async function startVelero(): Promise<Velero> {
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
  const gateway = startServer(s3, [...login, ...place]);
  const client = createClient(await readConnection({ path: kubeconfig ?? '', environment: {} }));
  const created = await createDefinitions(velero, client);
  await prepareNamespace(client);
  const server = startServer(velero, ['server', '--plugin-dir', plugins, '--namespace', namespace], {
    KUBECONFIG: kubeconfig ?? '',
    AWS_SHARED_CREDENTIALS_FILE: credentialsFile,
    PATH: `${dirname(velero)}:${process.env['PATH'] ?? ''}`,
  });
  return {
    client,
    store: `s3://${bucket}?endpoint=http://127.0.0.1:${s3Port}`,
    environment: { AWS_ACCESS_KEY_ID: credentials.accessKeyId, AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey },
    peak: () =>
      Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${server.pid ?? 'self'}/status`, 'utf8'))?.[1] ?? 0) / 1024,
    run: async (kind, name, spec, seconds) => {
      const body = { apiVersion: 'velero.io/v1', kind, metadata: { name, namespace }, spec };
      await client.request({ method: 'POST', path: path(plural[kind]), body });
      const look = async (): Promise<JsonObject | undefined> => {
        const status = asObject((await client.request({ path: path(plural[kind], name) }))['status']);
        return ended.has(asString(status['phase']) ?? '') ? status : undefined;
      };
      return until(`${kind} ${name}`, look, seconds);
    },
    waitFound: async (name) => {
      await until(`the backup ${name} in the cluster`, () =>
        client.request({ path: path('backups', name) }).catch(() => undefined),
      );
    },
    close: async () => {
      server.kill('SIGKILL');
      gateway.kill('SIGKILL');
      await removeNamespace(client);
      for (const name of created) await deleteObject(client, definitions, { name });
      await client.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
