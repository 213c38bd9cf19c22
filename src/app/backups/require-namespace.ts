// A namespace that is misspelt must not end in a backup of nothing.

import { type ApiClient, isApiError } from '../../api/index.ts';
import { kubectlCommand, UserError } from '../../model/index.ts';

async function isMissing(client: ApiClient, name: string): Promise<boolean> {
  try {
    await client.request({ path: `/api/v1/namespaces/${encodeURIComponent(name)}` });
    return false;
  } catch (error) {
    // Who may not read it may still read what is in it.
    if (isApiError(error, 404)) return true;
    if (isApiError(error, 403)) return false;
    throw error;
  }
}

/** Throws `UserError` where none of the namespaces is there; of several, one that is gone is no reason to leave the others. */
export async function requireSomeNamespace(client: ApiClient, names: readonly string[] = []): Promise<void> {
  const isPlain = names.length > 0 && names.every((name) => /^[a-z0-9-]+$/.test(name));
  if (!isPlain) return;
  const missing = await Promise.all(names.map((name) => isMissing(client, name)));
  if (!missing.every(Boolean)) return;
  throw new UserError(
    'namespace-missing',
    `no namespace ${names.map((name) => `"${name}"`).join(' or ')} is in the cluster "${client.connection.context}"`,
    `See which there are: ${kubectlCommand(['get', 'namespaces'], client.connection)}`,
  );
}
