// What runs of a schedule would open the store with: names of keys, never their values.

import { type ApiClient, getObject, isApiError } from '../../api/index.ts';
import { ownName } from '../../backup/index.ts';
import { asObject, kubectlCommand, UserError } from '../../model/index.ts';
import type { RunsOrder, ScheduleOutlook } from './schedule-order.ts';
import { readCredentials } from './store-credentials.ts';

/** Names of keys only. What may not be looked at is not checked. */
async function keysOf(client: ApiClient, namespace: string, name: string): Promise<readonly string[] | undefined> {
  try {
    const secret = await getObject(client, { group: '', version: 'v1', resource: 'secrets' }, { namespace, name });
    return Object.keys(asObject(secret['data'])).toSorted();
  } catch (error) {
    if (isApiError(error, 403)) return [];
    if (isApiError(error, 404)) return undefined;
    throw error;
  }
}

function missing({ connection }: ApiClient, namespace: string, name: string): UserError {
  const keys = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'].map((key) => `--from-literal=${key}=VALUE`);
  const command = kubectlCommand(['create', 'secret', 'generic', name, '-n', namespace, ...keys], connection);
  return new UserError('invalid-option', `there is no Secret ${namespace}/${name}`, `Make it: ${command}`);
}

function useless(namespace: string, name: string, keys: readonly string[]): UserError {
  return new UserError(
    'invalid-option',
    `the Secret ${namespace}/${name} holds no credentials: its keys are ${keys.join(', ')}`,
    'It needs AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or a credentials file of the AWS programs under the key cloud, as for Velero.',
  );
}

function opens(keys: readonly string[]): boolean {
  return keys.includes('cloud') || ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'].every((key) => keys.includes(key));
}

/** Throws where a Secret holds nothing that opens a store. */
export async function lookAtCredentials(
  order: RunsOrder,
  client: ApiClient,
  namespace: string,
): Promise<ScheduleOutlook['credentials']> {
  const { credentials, store } = order;
  if (credentials.kind === 'account') return undefined;
  if (credentials.kind === 'copy') {
    const { values } = await readCredentials(store, order.password);
    return { secret: ownName({ namespace, name: order.name }), keys: Object.keys(values).toSorted(), isMade: true };
  }
  const keys = await keysOf(client, namespace, credentials.name);
  if (keys === undefined && !order.dryRun) throw missing(client, namespace, credentials.name);
  if (keys !== undefined && keys.length > 0 && !opens(keys)) throw useless(namespace, credentials.name, keys);
  return { secret: credentials.name, keys: keys ?? [], isMade: false };
}
