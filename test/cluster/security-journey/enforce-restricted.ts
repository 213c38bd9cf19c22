// What the administrator of the cluster does for an app: a namespace that admits nothing but restricted pods, and the Secrets that no file holds.

import { randomBytes } from 'node:crypto';
import type { TestNamespace } from '../test-cluster.ts';

export async function enforceRestricted({ client, name }: TestNamespace): Promise<void> {
  const modes = ['enforce', 'audit', 'warn'];
  const labels = Object.fromEntries(modes.map((mode) => [`pod-security.kubernetes.io/${mode}`, 'restricted']));
  await client.request({
    method: 'PATCH',
    path: `/api/v1/namespaces/${name}`,
    contentType: 'application/merge-patch+json',
    body: { metadata: { labels } },
  });
}

/** With values that nobody knows, but for those that are given. */
export async function createSecrets(
  space: TestNamespace,
  secrets: Readonly<Record<string, readonly string[]>>,
  values: Readonly<Record<string, string>> = {},
): Promise<void> {
  for (const [name, keys] of Object.entries(secrets)) {
    const stringData = Object.fromEntries(keys.map((key) => [key, values[key] ?? randomBytes(16).toString('hex')]));
    await space.create('api/v1:secrets', { apiVersion: 'v1', kind: 'Secret', metadata: { name }, stringData });
  }
}
