// One object with numbers that a double cannot hold, sent through everything that reads an object and writes it somewhere: in memory and on a real cluster.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ApiClient } from '../../src/api/index.ts';
import type { JsonObject } from '../../src/model/index.ts';
import type { Ran } from '../e2e/run-cli.ts';

export interface Site {
  readonly client: ApiClient;
  /** A namespace that is there; others may begin with its name. */
  readonly namespace: string;
  /** Where the program runs. */
  readonly folder: string;
  /** Runs the program with a store. */
  readonly run: (...args: string[]) => Promise<Ran> | Ran;
  readonly close: () => Promise<void>;
}

const [count, less] = ['9007199254740993', '9007199254740992'];
/** In the order of the server. What is null goes where a merge patch says it. */
const free = `{"list":[${count},[-9223372036854775807],${count}],"nested":{"1":1152921504606846977,"text":"${count}"},"small":[0.5,{"nothing":null}],"zero":null}`;

function definition(group: string): JsonObject {
  const spec = {
    type: 'object',
    properties: {
      count: { type: 'integer', format: 'int64' },
      free: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
    },
  };
  const schema = { openAPIV3Schema: { type: 'object', properties: { spec } } };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `ledgers.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: { plural: 'ledgers', singular: 'ledger', kind: 'Ledger', listKind: 'LedgerList' },
      versions: [{ name: 'v1', served: true, storage: true, schema }],
    },
  };
}

async function served(client: ApiClient, path: string): Promise<void> {
  for (;;) {
    const found = await client.request({ path }).catch(() => undefined);
    if (found !== undefined) return;
    await new Promise((done) => setTimeout(done, 200));
  }
}

/** Defines the tests; call it inside a `describe`. */
export function keepsDigits(open: () => Promise<Site>): void {
  let site: Site;
  let group: string;

  const collection = (namespace: string): string => `/apis/${group}/v1/namespaces/${namespace}/ledgers`;
  const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
  /** As the server writes it: our own reading plays no part. */
  const stored = async (namespace: string): Promise<string> =>
    await site.client.requestText({ path: `${collection(namespace)}/one` });
  const spec = (of: string): string => `"spec":{"count":${of},"free":${free}}`;

  async function put(of: string): Promise<void> {
    const body = Buffer.from(`{${spec(of)}}`);
    const contentType = 'application/merge-patch+json';
    await site.client.request({ method: 'PATCH', path: `${collection(site.namespace)}/one`, body, contentType });
  }

  async function ran(...args: string[]): Promise<string> {
    const { status, out, err } = await site.run(...args);
    expect(status, `${err}${out}`).toBe(0);
    return out;
  }

  const here = ['--context', '.'];

  beforeAll(async () => {
    site = await open();
    group = `${site.namespace}.example.com`;
    await site.client.request({ method: 'POST', path: definitions, body: definition(group) });
    await served(site.client, collection(site.namespace));
    const head = `"apiVersion":"${group}/v1","kind":"Ledger","metadata":{"name":"one"}`;
    const body = Buffer.from(`{${head},${spec(count)}}`);
    await site.client.request({ method: 'POST', path: collection(site.namespace), body });
    expect(await stored(site.namespace)).toContain(spec(count));
    // A drill spoils something simple on purpose.
    const settings = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings' }, data: { a: 'b' } };
    const maps = `/api/v1/namespaces/${site.namespace}/configmaps`;
    await site.client.request({ method: 'POST', path: maps, body: settings });
    await ran('backup', 'create', 'one', '-n', site.namespace, ...here);
  }, 120_000);

  afterAll(async () => {
    await site.client.request({ method: 'DELETE', path: `${definitions}/ledgers.${group}` });
    await site.close();
  });

  it('a backup shows and exports every digit', async () => {
    const { namespace } = site;
    const shown = await ran('backup', 'browse', 'one', 'ledgers/one');
    const digits = /-?\d{16,}/g;
    expect(shown.match(digits)?.toSorted()).toEqual(spec(count).match(digits)?.toSorted());
    const found = await ran('backup', 'browse', 'one', '--search', count);
    expect(found).toContain('/spec/count');
    const exported = await ran('backup', 'export', 'one', '-n', namespace, '--kind', 'ledgers');
    expect(exported).toContain(`  count: ${count}\n`);
    expect(exported).toContain(`text: "${count}"\n`);
  });

  it('a restore into another namespace, and a drill, bring every digit back', async () => {
    const { namespace } = site;
    const [restored, cloned] = [`${namespace}-restored`, `${namespace}-cloned`];
    try {
      await ran(
        'restore',
        'create',
        '--from-backup',
        'one',
        '--namespace-mappings',
        `${namespace}:${restored}`,
        '--yes',
        ...here,
      );
      expect(await stored(restored)).toContain(spec(count));
      await ran('clone', namespace, cloned, '--from-backup', 'one', '--yes', ...here);
      expect(await stored(cloned)).toContain(spec(count));
      const drilled: unknown = JSON.parse(await ran('drill', '--from-backup', 'one', '--yes', '-o', 'json', ...here));
      expect(drilled).toMatchObject({ holds: true, differences: [] });
    } finally {
      for (const name of [restored, cloned])
        await site.client.request({ method: 'DELETE', path: `/api/v1/namespaces/${name}` }).catch(() => undefined);
    }
  }, 300_000);

  it('a number next to it is a change, which a restore takes back with all that was null', async () => {
    const change = `${count} → ${less}`;
    for (const policy of ['update', 'recreate']) {
      await put(less);
      expect((await site.run('backup', 'diff', 'one', 'live', ...here)).out).toContain(change);
      const restore = ['restore', 'create', '--from-backup', 'one', '--existing-resource-policy', policy, ...here];
      expect((await site.run(...restore, '--dry-run')).out).toMatch(new RegExp(`- ${less}\\n\\s+\\+ ${count}\\n`));
      await ran(...restore, '--yes');
      expect(await stored(site.namespace)).toContain(spec(count));
      if (policy === 'update') await ran('backup', 'diff', 'one', 'live', ...here);
    }
  }, 300_000);

  it('a snapshot holds every digit, drift tells of the last one, and a plan changes it and takes that back', async () => {
    const { namespace, folder } = site;
    expect(await ran('snapshot', '-n', namespace, ...here)).toContain(`"count":${count}`);
    const manifest = `apiVersion: ${group}/v1\nkind: Ledger\nmetadata: { name: one, namespace: ${namespace} }\nspec: { count: ${less} }\n`;
    writeFileSync(join(folder, 'ledger.yaml'), manifest);
    const drift = await site.run('drift', 'ledger.yaml', '-n', namespace, ...here);
    expect(drift.out).toMatch(new RegExp(`${less}[^]*${count}|${count}[^]*${less}`));
    await ran('plan', '--create', 'ledger.yaml', '-n', namespace, '-o', 'plan.json', ...here);
    await ran('apply', 'plan.json', '--yes');
    expect(await stored(namespace)).toMatch(new RegExp(`"count":${less}[,}]`));
    await ran('undo', '--yes');
    expect(await stored(namespace)).toMatch(new RegExp(`"count":${count}[,}]`));
  }, 300_000);
}
