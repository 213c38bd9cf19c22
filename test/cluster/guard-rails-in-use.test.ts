// Guard rails as a user puts them up: they warn first, deny then, leave alone what is excepted or was there before, and go away without a trace.

import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type ApiClient, ApiError, createClient, readConnection } from '../../src/api/index.ts';
import { asArray, asObject, type JsonObject } from '../../src/model/index.ts';
import { nowwhat } from '../e2e/run-cli.ts';
import { kubeconfig, openNamespace, type TestNamespace } from './test-cluster.ts';

const group = '/apis/admissionregistration.k8s.io/v1';
const check = 'host-aliases';

function deployment(name: string, aliases: readonly JsonObject[]): JsonObject {
  const labels = { app: name };
  const container = { name: 'web', image: 'nowwhat.test/busybox:1', command: ['sleep', '600'] };
  const spec = { terminationGracePeriodSeconds: 0, hostAliases: aliases, containers: [container] };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: { replicas: 1, selector: { matchLabels: labels }, template: { metadata: { labels }, spec } },
  };
}

const bad = [{ ip: '10.1.2.3', hostnames: ['db'] }];

describe.runIf(kubeconfig !== undefined)('a guard rail in use', () => {
  let space: TestNamespace;
  let client: ApiClient;
  const warnings: string[] = [];
  const folder = mkdtempSync(join(tmpdir(), 'nowwhat-rails-'));

  /** The objects that the command makes for this namespace, without what the settings say of others. */
  function make(...args: readonly string[]): JsonObject[] {
    const where = ['--config', join(folder, 'nowwhat.yaml'), '--in', space.name, '--check', check];
    const { out, status, err } = nowwhat(['guard-rails', ...where, ...args, '-o', 'json']);
    expect(status, err).toBe(0);
    return asArray(JSON.parse(out).objects).map(asObject);
  }

  async function put(objects: readonly JsonObject[]): Promise<void> {
    for (const object of objects) {
      const plural = object['kind'] === 'ValidatingAdmissionPolicy' ? 'policies' : 'policybindings';
      const path = `${group}/validatingadmission${plural}/nowwhat-${check}`;
      const query = { fieldManager: 'nowwhat-test', force: true };
      await client.request({ method: 'PATCH', path, query, body: object, contentType: 'application/apply-patch+yaml' });
    }
  }

  function create(name: string, aliases: readonly JsonObject[], query = {}): Promise<JsonObject> {
    const path = `/apis/apps/v1/namespaces/${space.name}/deployments`;
    return client.request({ method: 'POST', path, query, body: deployment(name, aliases) });
  }

  beforeAll(async () => {
    space = await openNamespace();
    const connection = await readConnection({ path: kubeconfig ?? '', environment: {} });
    client = createClient(connection, { onWarning: (text) => warnings.push(text) });
    const exception = `{check: ${check}, subject: "Deployment/${space.name}/accepted", owner: ann, reason: test, until: 2099-01-01}`;
    writeFileSync(join(folder, 'nowwhat.yaml'), `exceptions: [${exception}]\n`);
    await create('before', bad);
  });

  afterAll(async () => {
    for (const plural of ['policybindings', 'policies'])
      await client
        ?.request({ method: 'DELETE', path: `${group}/validatingadmission${plural}/nowwhat-${check}` })
        .catch(() => undefined);
    await client?.close();
    await space?.close();
  });

  it('warns who writes what breaks it, and lets it through', async () => {
    await put(make());
    let count = 0;
    await vi.waitFor(
      async () => {
        await create(`warned-${count++}`, bad, { dryRun: 'All' });
        expect(warnings.join('\n')).toContain(`nowwhat explain ${check}`);
      },
      { timeout: 120_000, interval: 500 },
    );
  });

  it('then denies it, and admits what keeps it', async () => {
    await put(make('--enforce'));
    let count = 0;
    await vi.waitFor(
      () => expect(create(`denied-${count++}`, bad, { dryRun: 'All' })).rejects.toThrow(`nowwhat explain ${check}`),
      { timeout: 120_000, interval: 500 },
    );
    await create('good', []);
  });

  it('lets what is excepted run, with its pods', async () => {
    await create('accepted', bad);
    await vi.waitFor(
      async () => {
        const query = { labelSelector: 'app=accepted' };
        const pods = await client.request({ path: `/api/v1/namespaces/${space.name}/pods`, query });
        expect(asArray(pods['items'])).toHaveLength(1);
      },
      { timeout: 120_000, interval: 500 },
    );
  });

  it('lets what was there be scaled and get its pods back, and not be written anew', async () => {
    const path = `/apis/apps/v1/namespaces/${space.name}/deployments/before`;
    const patch = (body: JsonObject) =>
      client.request({ method: 'PATCH', path, body, contentType: 'application/merge-patch+json' });
    await patch({ spec: { replicas: 2 } });
    await vi.waitFor(
      async () => {
        const query = { labelSelector: 'app=before' };
        const pods = await client.request({ path: `/api/v1/namespaces/${space.name}/pods`, query });
        expect(asArray(pods['items'])).toHaveLength(2);
      },
      { timeout: 120_000, interval: 500 },
    );
    await expect(patch({ spec: { template: { metadata: { annotations: { again: 'yes' } } } } })).rejects.toThrow(
      ApiError,
    );
    await patch({ spec: { template: { spec: { hostAliases: null } } } });
  });
});
