// Velero as `velero install --use-node-agent` sets it up: its server and its node agent in pods, from an image with its programs. Nothing of it outlives the test.

import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { type ApiClient, applyObject, deleteObject, discover, resourceOfKind } from '../../src/api/index.ts';
import { asArray, asNumber, asObject, asString, type JsonObject } from '../../src/model/index.ts';
import { bucket, login } from './s3-pod.ts';
import { until } from './until.ts';
import { type AskedVelero, askVelero, createDefinitions, untilUsable, veleroInstall } from './velero-objects.ts';

/** Holds `/velero`, `/velero-restore-helper`, and an entry point that copies the plugin for S3 into `/target`. */
export const veleroImage = process.env['NOWWHAT_TEST_VELERO_IMAGE'];

/** The kubelet's own folder on the nodes. */
const kubeletRoot = process.env['NOWWHAT_TEST_KUBELET_ROOT'] ?? '/var/lib/kubelet';

/** On a machine that propagates no mounts, a container that asks for them would not start; the pods that move data are made after the mounts. */
function withoutPropagation(object: JsonObject): JsonObject {
  if (object['kind'] !== 'DaemonSet') return object;
  return JSON.parse(JSON.stringify(object).replaceAll('"mountPropagation":"HostToContainer",', '')) as JsonObject;
}

interface Installing {
  readonly velero: string;
  readonly namespace: string;
  /** The bucket's server as pods reach it. */
  readonly s3: string;
  readonly features: readonly string[];
}

function install({ velero, namespace, s3, features }: Installing): JsonObject[] {
  const folder = mkdtempSync(join(tmpdir(), 'nowwhat-velero-'));
  const secret = join(folder, 'credentials');
  const { accessKeyId, secretAccessKey } = login;
  writeFileSync(secret, `[default]\naws_access_key_id=${accessKeyId}\naws_secret_access_key=${secretAccessKey}\n`);
  const location = `region=us-east-1,s3ForcePathStyle=true,s3Url=${s3},checksumAlgorithm=`;
  const options = [
    `--namespace=${namespace}`,
    `--image=${veleroImage ?? ''}`,
    `--plugins=${veleroImage ?? ''}`,
    '--use-node-agent',
    `--kubelet-root-dir=${kubeletRoot}`,
    '--use-volume-snapshots=false',
    '--provider=aws',
    `--bucket=${bucket}`,
    `--secret-file=${secret}`,
    `--backup-location-config=${location}`,
    '--velero-pod-cpu-request=50m',
    '--velero-pod-cpu-limit=0',
    '--velero-pod-mem-limit=0',
    ...(features.length === 0 ? [] : [`--features=${features.join(',')}`]),
  ];
  const objects = veleroInstall(velero, options);
  rmSync(folder, { recursive: true });
  return objects.filter(({ kind }) => kind !== 'CustomResourceDefinition');
}

/** Both controllers of pods have all of theirs ready. */
async function untilRunning(client: ApiClient, namespace: string): Promise<void> {
  await until(
    'Velero in pods',
    async () => {
      const workload = async (path: string): Promise<JsonObject> =>
        asObject((await client.request({ path: `/apis/apps/v1/namespaces/${namespace}/${path}` }))['status']);
      const { availableReplicas = 0 } = await workload('deployments/velero');
      const { numberReady, desiredNumberScheduled } = await workload('daemonsets/node-agent');
      const ready = asNumber(numberReady) ?? 0;
      return availableReplicas === 1 && ready > 0 && ready === desiredNumberScheduled ? true : undefined;
    },
    400,
  );
  await untilUsable(client, namespace);
}

function nameOf(object: unknown): string {
  return asString(asObject(asObject(object)['metadata'])['name']) ?? '';
}

function withQuickSync(object: JsonObject): JsonObject {
  if (object['kind'] !== 'BackupStorageLocation') return object;
  return { ...object, spec: { ...asObject(object['spec']), backupSyncPeriod: '5s' } };
}

export interface VeleroPods extends AskedVelero {
  /** What the containers of its namespace have said of late, for a failure. */
  readonly logs: () => Promise<string>;
  readonly close: () => Promise<void>;
}

async function logsOf(client: ApiClient, namespace: string): Promise<string> {
  const { items } = await client.request({ path: `/api/v1/namespaces/${namespace}/pods` });
  const texts = asArray(items).map(async (pod) => {
    const name = nameOf(pod);
    const path = `/api/v1/namespaces/${namespace}/pods/${name}/log`;
    const said = await client.requestText({ path, query: { tailLines: 60 } }).catch(String);
    return `== ${name}\n${said}`;
  });
  return (await Promise.all(texts)).join('\n');
}

/** Its server would put its finalizers back. */
async function stopServer(client: ApiClient, namespace: string): Promise<void> {
  await client.request({ method: 'DELETE', path: `/apis/apps/v1/namespaces/${namespace}/deployments/velero` });
  const pods = `/api/v1/namespaces/${namespace}/pods`;
  await until('the end of Velero’s server', async () => {
    const query = { labelSelector: 'deploy=velero' };
    const names = asArray((await client.request({ path: pods, query }))['items']).map(nameOf);
    for (const name of names)
      await client
        .request({ method: 'DELETE', path: `${pods}/${name}`, query: { gracePeriodSeconds: 0 } })
        .catch(() => undefined);
    return names.length === 0 ? true : undefined;
  });
}

/** `s3`: the bucket's server as pods reach it. */
export async function startVeleroPods(
  client: ApiClient,
  velero: string,
  s3: string,
  features: readonly string[] = [],
): Promise<VeleroPods> {
  const namespace = `velero-${randomBytes(4).toString('hex')}`;
  const kinds = await createDefinitions(velero, client);
  const discovery = await discover(client);
  const objects = install({ velero, namespace, s3, features }).map(withoutPropagation).map(withQuickSync);
  const resourceOf = ({ apiVersion, kind }: JsonObject) =>
    resourceOfKind(discovery, asString(apiVersion) ?? '', asString(kind) ?? '');
  const asked = askVelero(client, namespace);
  const close = async (): Promise<void> => {
    await stopServer(client, namespace);
    await asked.removeNamespace();
    for (const object of objects.filter(({ kind }) => kind === 'ClusterRoleBinding'))
      await deleteObject(client, resourceOf(object), { name: nameOf(object) });
    await kinds.close();
  };
  const logs = (): Promise<string> => logsOf(client, namespace);
  try {
    for (const object of objects)
      await applyObject(client, resourceOf(object), object, { fieldManager: 'nowwhat-test' });
    await untilRunning(client, namespace);
  } catch (error) {
    const said = await logs();
    await close();
    throw new Error(`Velero does not run: ${said}`, { cause: error });
  }
  return { ...asked, logs, close };
}

/** What Velero does must end well; else what its containers have said is in the failure. */
export async function runVelero(
  velero: VeleroPods,
  ...[kind, name, spec, seconds]: Parameters<VeleroPods['run']>
): Promise<void> {
  const status = await velero.run(kind, name, spec, seconds);
  const isWhole = status['phase'] === 'Completed';
  expect(status, isWhole ? '' : await velero.logs()).toMatchObject({ phase: 'Completed' });
}
