// The namespaces that a restore goes to: which are there, and those that it must make.

import { createObject, getObject, isApiError } from '../../api/index.ts';
import { asObject, kubectlCommand, UserError } from '../../model/index.ts';
import type { RestoreContext } from './restore-wish.ts';

type Reaching = Pick<RestoreContext, 'client' | 'sleep'>;

export const namespaceResource = { group: '', version: 'v1', resource: 'namespaces' } as const;

/** Ten minutes, as Velero's. */
const mostSeconds = 600;

async function isThere({ client, sleep }: Reaching, name: string, isPatient: boolean): Promise<boolean> {
  try {
    for (let seconds = 0; ; seconds += 1) {
      const { status } = await getObject(client, namespaceResource, { name });
      if (asObject(status)['phase'] !== 'Terminating') return true;
      if (!isPatient) return false;
      if (seconds === mostSeconds)
        throw new UserError(
          'cluster-failed',
          `the namespace "${name}" is on its way out and does not go`,
          `See what holds it: ${kubectlCommand(['describe', 'namespace', name], client.connection)}`,
        );
      await sleep(1000);
    }
  } catch (error) {
    if (isApiError(error, 404)) return false;
    // Who may not read namespaces may still work in one that is there.
    if (isApiError(error, 403)) return true;
    throw error;
  }
}

/** Those of the names that are there; one on its way out is waited for, or is none where `isPatient` is false. */
export async function readNamespaces(
  reaching: Reaching,
  names: Iterable<string>,
  isPatient: boolean,
): Promise<ReadonlySet<string>> {
  const found = await Promise.all(
    [...new Set(names)].map(async (name) => ((await isThere(reaching, name, isPatient)) ? [name] : [])),
  );
  return new Set(found.flat());
}

export async function makeNamespace({ client }: Reaching, name: string): Promise<void> {
  try {
    await createObject(client, namespaceResource, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  } catch (error) {
    if (!isApiError(error, 409)) throw error;
  }
}
