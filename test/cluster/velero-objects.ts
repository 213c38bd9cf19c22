// Velero's own objects on the test cluster: its definitions, and backups and restores that are asked of it. Nothing of them outlives the test.

import { spawnSync } from 'node:child_process';
import {
  type ApiClient,
  createObject,
  deleteObject,
  getObject,
  isApiError,
  objectNameOf,
} from '../../src/api/index.ts';
import { asArray, asObject, asString, type JsonObject } from '../../src/model/index.ts';
import { kindsPort, takeTurn } from './take-turn.ts';
import { kubeconfig } from './test-cluster.ts';
import { until } from './until.ts';

const definitions = { group: 'apiextensions.k8s.io', version: 'v1', resource: 'customresourcedefinitions' };

/** What `velero install` would make, with these options. */
export function veleroInstall(velero: string, options: readonly string[]): JsonObject[] {
  const env = { ...process.env, KUBECONFIG: kubeconfig ?? '' };
  const { stdout, stderr } = spawnSync(velero, ['install', '--dry-run', '-o', 'json', ...options], {
    env,
    encoding: 'utf8',
  });
  if (stdout === '') throw new Error(`velero install: ${stderr}`);
  return asArray((JSON.parse(stdout) as JsonObject)['items']).map(asObject);
}

/** One that another test has just removed is there until the last of its objects is gone. */
async function untilNotGoing(client: ApiClient, name: string): Promise<void> {
  await until(`the end of the old definition ${name}`, async () => {
    const found = await getObject(client, definitions, { name }).catch(() => ({}) as JsonObject);
    return asObject(found['metadata'])['deletionTimestamp'] === undefined ? true : undefined;
  });
}

/** Whoever has the turn next may count the kinds that there are. */
async function untilGone(client: ApiClient, name: string): Promise<void> {
  await until(`the end of the definition ${name}`, async () => {
    const error: unknown = await getObject(client, definitions, { name }).then(
      () => undefined,
      (thrown) => thrown,
    );
    return isApiError(error, 404) ? true : undefined;
  });
}

async function untilServed(client: ApiClient, name: string): Promise<void> {
  await until(`the kind of ${name} being served`, async () => {
    const { status, spec } = await getObject(client, definitions, { name });
    const conditions = asArray(asObject(status)['conditions']).map(asObject);
    if (!conditions.some((each) => each['type'] === 'Established' && each['status'] === 'True')) return undefined;
    const { group, versions, names } = asObject(spec);
    const version = asString(asObject(asArray(versions)[0])['name']) ?? '';
    const path = `/apis/${asString(group) ?? ''}/${version}/${asString(asObject(names)['plural']) ?? ''}`;
    return await client.request({ path, query: { limit: 1 } }).catch(() => undefined);
  });
}

export interface VeleroDefinitions {
  /** Removes those that were not there before, and lets the next test have them. */
  readonly close: () => Promise<void>;
}

/** Where a second Velero watches, it takes what the first one is asked: one test at a time has their definitions. */
export async function createDefinitions(velero: string, client: ApiClient): Promise<VeleroDefinitions> {
  const giveBack = await takeTurn(kindsPort);
  const created: string[] = [];
  for (const definition of veleroInstall(velero, ['--crds-only'])) {
    await untilNotGoing(client, objectNameOf(definition).name);
    const isNew = await createObject(client, definitions, definition).catch((error: unknown) => {
      if (asObject(error)['status'] !== 409) throw error;
      return undefined;
    });
    if (isNew !== undefined) created.push(objectNameOf(definition).name);
  }
  for (const name of created) await untilServed(client, name);
  return {
    close: async () => {
      try {
        for (const name of created) await deleteObject(client, definitions, { name });
        for (const name of created) await untilGone(client, name);
      } finally {
        giveBack();
      }
    },
  };
}

/** Velero has looked at its bucket. */
export async function untilUsable(client: ApiClient, namespace: string): Promise<void> {
  await until('a usable storage location', async () => {
    const path = `/apis/velero.io/v1/namespaces/${namespace}/backupstoragelocations/default`;
    return asObject((await client.request({ path }))['status'])['phase'] === 'Available' ? true : undefined;
  });
}

/** How a Velero of one namespace is asked. */
export interface AskedVelero {
  readonly namespace: string;
  /** Makes a Velero object and waits for its end; answers with its status. */
  readonly run: (kind: 'Backup' | 'Restore', name: string, spec: JsonObject, seconds?: number) => Promise<JsonObject>;
  /** Waits until Velero has found a backup in the bucket. */
  readonly waitFound: (name: string) => Promise<void>;
  /** Path of its objects of a kind, or of one of them. */
  readonly path: (resource: string, name?: string) => string;
  readonly removeNamespace: () => Promise<void>;
}

const plural = { Backup: 'backups', Restore: 'restores' } as const;
const ended = new Set(['Completed', 'PartiallyFailed', 'Failed', 'FailedValidation']);

export function askVelero(client: ApiClient, namespace: string): AskedVelero {
  const path = (resource: string, name = ''): string =>
    `/apis/velero.io/v1/namespaces/${namespace}/${resource}${name === '' ? '' : `/${name}`}`;
  /** Velero's finalizers wait for a server that is gone. */
  const removeNamespace = async (): Promise<void> => {
    for (const resource of ['restores', 'backups', 'podvolumebackups', 'podvolumerestores']) {
      const { items } = await client.request({ path: path(resource) });
      for (const { metadata } of asArray(items).map(asObject)) {
        const { name = '', finalizers } = asObject(metadata);
        if (finalizers === undefined) continue;
        const body = { metadata: { finalizers: null } };
        const contentType = 'application/merge-patch+json';
        await client.request({ method: 'PATCH', path: path(resource, asString(name) ?? ''), contentType, body });
      }
    }
    await client.request({ method: 'DELETE', path: `/api/v1/namespaces/${namespace}` });
  };
  return {
    namespace,
    path,
    removeNamespace,
    run: async (kind, name, spec, seconds) => {
      const body = { apiVersion: 'velero.io/v1', kind, metadata: { name, namespace }, spec };
      await client.request({ method: 'POST', path: path(plural[kind]), body });
      const look = async (): Promise<JsonObject | undefined> => {
        const status = asObject((await client.request({ path: path(plural[kind], name) }))['status']);
        return ended.has(asString(status['phase']) ?? '') ? status : undefined;
      };
      return await until(`${kind} ${name}`, look, seconds);
    },
    waitFound: async (name) => {
      await until(`the backup ${name} in the cluster`, () =>
        client.request({ path: path('backups', name) }).catch(() => undefined),
      );
    },
  };
}
