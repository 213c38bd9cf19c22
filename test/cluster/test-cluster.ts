// The cluster that tests may use: a client, and a namespace of their own that is gone afterwards.

import { randomBytes } from 'node:crypto';
import { type ApiClient, createClient, readConnection } from '../../src/api/index.ts';
import type { JsonObject } from '../../src/model/index.ts';
import { until } from './until.ts';

/** Path of the kubeconfig, or `undefined` where this machine has no cluster for tests. */
export const kubeconfig = process.env['NOWWHAT_TEST_KUBECONFIG'];

export interface TestNamespace {
  readonly name: string;
  readonly client: ApiClient;
  /** Creates an object at a path below the namespace's own, such as `apis/apps/v1:deployments`. */
  readonly create: (where: string, object: JsonObject) => Promise<JsonObject>;
  readonly close: () => Promise<void>;
}

/** While a test waited for a program, this process may have missed that the server closed its connection: then it asks once more, also for what it writes. */
export async function openClient(): Promise<ApiClient> {
  const client = createClient(await readConnection({ path: kubeconfig ?? '', environment: {} }));
  return { ...client, request: (asked) => client.request({ repeatable: true, ...asked }) };
}

export async function openNamespace(): Promise<TestNamespace> {
  const client = await openClient();
  const name = `nowwhat-test-${randomBytes(4).toString('hex')}`;
  await client.request({
    method: 'POST',
    path: '/api/v1/namespaces',
    body: { apiVersion: 'v1', kind: 'Namespace', metadata: { name } },
  });
  // A pod is refused until the account is there that it runs as, which a busy cluster makes seconds later.
  await until(`the account of ${name}`, () =>
    client.request({ path: `/api/v1/namespaces/${name}/serviceaccounts/default` }).catch(() => undefined),
  );
  return {
    name,
    client,
    create: (where, body) => {
      const [prefix = '', resource = ''] = where.split(':');
      return client.request({ method: 'POST', path: `/${prefix}/namespaces/${name}/${resource}`, body });
    },
    close: async () => {
      await client.request({ method: 'DELETE', path: `/api/v1/namespaces/${name}` });
      await client.close();
    },
  };
}
