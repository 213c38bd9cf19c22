// A clone on a real cluster: a published app of twelve services, whose settings name its own namespace in every form, is copied; every call of the copy
// goes to the copy, and the API server's own record is witness that nothing else was written.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { captureInPod, discover } from '../../src/api/index.ts';
import { asArray, asObject, asString, isJsonObject, type Json, type JsonObject } from '../../src/model/index.ts';
import { nowwhat, root } from '../e2e/run-cli.ts';
import { sharedFile } from '../exam/shared-folder.ts';
import { auditLog, isRead, watchAuditLog } from './audit-log.ts';
import { createAdministrator } from './reader-user.ts';
import { applyAll, readObjects, untilReady } from './stand-in/deploy.ts';
import { standIn } from './stand-in/stand-in.ts';
import { kubeconfig, openNamespace, type TestNamespace } from './test-cluster.ts';

const app = sharedFile('Online Boutique, copied on a cluster', 'apps/online-boutique/kubernetes-manifests.yaml');
const image = process.env['NOWWHAT_TEST_IMAGE'];

/** Ways in which an app names its own Services; the last needs no change. */
const forms = [
  (service: string, namespace: string) => `${service}.${namespace}`,
  (service: string, namespace: string) => `${service}.${namespace}.svc`,
  (service: string, namespace: string) => `${service}.${namespace}.svc.cluster.local`,
  (service: string) => service,
];

/** Each declared address in another form. */
function nameInFull(value: Json, namespace: string, count = { next: 0 }): Json {
  if (Array.isArray(value)) return value.map((each: Json) => nameInFull(each, namespace, count));
  if (!isJsonObject(value)) return value;
  const entries = Object.entries(value).map(([key, each]) => {
    const [, service, port] = /^([a-z][a-z-]*):(\d+)$/.exec(asString(each) ?? '') ?? [];
    if (key !== 'value' || service === undefined) return [key, nameInFull(each ?? null, namespace, count)];
    const form = forms[count.next++ % forms.length];
    return [key, `${form?.(service, namespace) ?? service}:${port ?? ''}`];
  });
  return Object.fromEntries(entries);
}

/** The app twice has no room on a small node: what its pods ask for is no matter here. */
function withoutRequests(value: Json): Json {
  if (Array.isArray(value)) return value.map((each: Json) => withoutRequests(each));
  if (!isJsonObject(value)) return value;
  const kept = Object.entries(value).filter(([key]) => key !== 'resources');
  return Object.fromEntries(kept.map(([key, each]) => [key, withoutRequests(each ?? null)]));
}

/** What the app names itself in besides: a file, a Secret, a policy, a binding. */
const extras = (namespace: string): JsonObject[] => [
  {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'gateway' },
    data: {
      'nginx.conf': `upstream a { server frontend.${namespace}:80; }\nupstream b { server queue.${namespace}-other.svc:80; }\n`,
    },
  },
  {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'cache' },
    stringData: {
      REDIS_URL: `redis://:geheim-4711-wort@redis-cart.${namespace}.svc:6379`,
      password: 'geheim-4711-wort',
    },
  },
  {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'own' },
    spec: {
      podSelector: {},
      policyTypes: ['Ingress'],
      ingress: [{ from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } } }] }],
    },
  },
];

const callers: Readonly<Record<string, readonly number[]>> = {
  frontend: [3550, 7000, 7070, 8080, 50051, 5050, 9555],
  cartservice: [6379],
  checkoutservice: [3550, 50051, 5000, 7000, 7070],
  loadgenerator: [80],
  recommendationservice: [3550],
};

interface Held {
  readonly address: string;
  readonly port: number;
}

/** `0A60000A` of /proc/net/tcp is 10.0.96.10: the bytes of the machine's order. */
function toHeld(address: string, port: string): Held {
  const bytes = address.match(/../g)?.map((each) => Number.parseInt(each, 16)) ?? [];
  return { address: bytes.toReversed().join('.'), port: Number.parseInt(port, 16) };
}

describe.runIf(kubeconfig !== undefined && app !== undefined && image !== undefined)(
  'a clone of Online Boutique',
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'nowwhat-clone-'));
    const log = kubeconfig === undefined ? undefined : auditLog();
    const askedBy = log === undefined ? undefined : watchAuditLog(log);
    let space: TestNamespace;
    let administrator: Awaited<ReturnType<typeof createAdministrator>>;
    let copy: string;
    let report: JsonObject;

    const run = (...args: string[]) =>
      nowwhat(['clone', ...args, '--context', '.', '--kubeconfig', administrator.kubeconfig], { cwd: folder });

    beforeAll(async () => {
      space = await openNamespace();
      copy = `${space.name}-copy`;
      administrator = await createAdministrator(space, folder);
      const objects = standIn(await readObjects(app ?? ''), image ?? '').map((each) =>
        asObject(withoutRequests(nameInFull(each, space.name))),
      );
      await applyAll(space, await discover(space.client), [...objects, ...extras(space.name)]);
      await untilReady(space, 240_000);
    }, 300_000);

    afterAll(async () => {
      if (copy !== undefined) run('delete', copy, '--yes', '--force', '-q');
      await administrator?.close();
      await space?.close();
      rmSync(folder, { recursive: true });
    });

    const list = async (namespace: string, what: string): Promise<JsonObject[]> =>
      asArray((await space.client.request({ path: `/api/v1/namespaces/${namespace}/${what}` }))['items']).map(asObject);

    async function addressesIn(namespace: string): Promise<Set<string>> {
      const services = (await list(namespace, 'services')).map(
        ({ spec }) => asString(asObject(spec)['clusterIP']) ?? '',
      );
      const pods = (await list(namespace, 'pods')).map(({ status }) => asString(asObject(status)['podIP']) ?? '');
      return new Set([...services, ...pods].filter((each) => /^\d/.test(each)));
    }

    async function heldBy(caller: string): Promise<Held[]> {
      const pods = (await list(copy, 'pods')).map(({ metadata }) => asString(asObject(metadata)['name']) ?? '');
      const pod = pods.find((name) => name.startsWith(`${caller}-`)) ?? '';
      const { stdout } = await captureInPod(space.client, { namespace: copy, pod, command: ['cat', '/proc/net/tcp'] });
      // Where it called: the remote end; a port of its own that somebody else called is the local one.
      const lines = [...stdout.matchAll(/ [0-9A-F]{8}:([0-9A-F]{4}) ([0-9A-F]{8}):([0-9A-F]{4}) 01 /g)];
      const held = lines.map(([, , address = '', port = '']) => toHeld(address, port));
      const ports = callers[caller] ?? [];
      return held.filter(({ port }) => ports.includes(port));
    }

    it('shows what it would rewrite, and writes nothing', () => {
      const { status, out, err } = run(space.name, copy, '--dry-run', '--all');
      expect(status, err).toBe(0);
      expect(out).toContain(`frontend.${space.name} → frontend.${copy}`);
      expect(out).toContain(`queue.${space.name}-other.svc`);
      expect(out).not.toContain('geheim');
    });

    it('is made whole, and all of its workloads become ready', { timeout: 400_000 }, () => {
      const { status, out, err } = run(
        space.name,
        copy,
        '--yes',
        '--ready-within',
        '5m',
        '--secrets',
        'fresh',
        '--ttl',
        '1h',
        '-o',
        'json',
      );
      expect(status, out + err).toBe(0);
      report = JSON.parse(out);
      expect(report['unready']).toEqual([]);
      expect(report['counts']).toMatchObject({ failed: 0, differs: 0, unchanged: 0 });
      const schema: object = JSON.parse(readFileSync(join(root, 'docs/schemas/clone-v1.schema.json'), 'utf8'));
      const validate = new Ajv({ allErrors: true, strict: false }).compile(schema);
      validate(report);
      expect(validate.errors).toBeNull();
      expect(out).not.toContain('geheim');
    });

    it('rewrites each name of its own, and no other word', async () => {
      const rewrites = asArray(report['rewrites']).map(asObject);
      const changed = rewrites.filter(({ object }) => asString(object)?.startsWith('Deployment') === true);
      const before = changed.map((each) => asString(each['before']) ?? '');
      expect(
        before.every((each) => /^[a-z-]+\.nowwhat-test-[0-9a-f]{8}(?:\.svc(?:\.cluster\.local)?)?$/.test(each)),
      ).toBe(true);
      for (const { before: old, after } of changed) expect(after).toBe(asString(old)?.replace(space.name, copy));
      // Eighteen addresses, of which each fourth is in the short form; the fourth of one is of no Service: it stays.
      expect(changed.length).toBeGreaterThanOrEqual(12);
      expect(rewrites).toContainEqual({ object: 'Secret cache', field: '/data/REDIS_URL' });
      expect(rewrites).toContainEqual(
        expect.objectContaining({ object: 'NetworkPolicy own', before: space.name, after: copy }),
      );
      expect(asArray(report['left'])).toContainEqual(
        expect.objectContaining({ text: `queue.${space.name}-other.svc` }),
      );
      const [secret] = (await list(copy, 'secrets')).filter(({ metadata }) => asObject(metadata)['name'] === 'cache');
      const text = (key: string): string =>
        Buffer.from(asString(asObject(secret?.['data'])[key]) ?? '', 'base64').toString();
      expect(text('password')).toMatch(/^[a-z]{6}-\d{4}-[a-z]{4}$/);
      expect(text('password')).not.toBe('geheim-4711-wort');
      expect(text('REDIS_URL')).toBe(`redis://:${text('password')}@redis-cart.${copy}.svc:6379`);
    });

    it('calls itself: every declared call is held to the copy, and none to the original', {
      timeout: 600_000,
    }, async () => {
      const [own, original] = [await addressesIn(copy), await addressesIn(space.name)];
      for (const [caller, ports] of Object.entries(callers)) {
        await expect
          .poll(async () => (await heldBy(caller)).map(({ port }) => port), { timeout: 120_000 })
          .toEqual(expect.arrayContaining([...ports]));
        for (const { address, port } of await heldBy(caller)) {
          expect(own.has(address), `${caller} calls ${address}:${port}`).toBe(true);
          expect(original.has(address), `${caller} calls ${address}:${port}`).toBe(false);
        }
      }
    });

    it('is there already, a second time', { timeout: 300_000 }, () => {
      const { status, out, err } = run(space.name, copy, '--yes', '--secrets', 'fresh', '-o', 'json');
      expect(status, out + err).toBe(0);
      expect(JSON.parse(out).counts).toMatchObject({ created: 0, updated: 0, recreated: 0, failed: 0, differs: 0 });
    });

    it('is listed, is kept with something of others in it, and goes with all that it made', {
      timeout: 400_000,
    }, async () => {
      expect(run('get').out).toContain(copy);
      expect(run('expire', '--yes').out).not.toContain(`${copy} removed`);
      const mine = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'mine' } };
      await space.client.request({ method: 'POST', path: `/api/v1/namespaces/${copy}/configmaps`, body: mine });
      expect(run('delete', copy, '--yes')).toMatchObject({ status: 1, out: expect.stringContaining('ConfigMap mine') });
      expect(run('delete', space.name, '--yes')).toMatchObject({
        status: 2,
        err: expect.stringContaining('not-a-clone'),
      });
      expect(run('delete', copy, '--yes', '--force')).toMatchObject({ status: 0 });
      const { items } = await space.client.request({
        path: '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings',
        query: { labelSelector: `nowwhat.dev/clone=${copy}` },
      });
      expect(items).toEqual([]);
      await untilReady(space, 120_000);
    });

    it.runIf(log !== undefined)('wrote in the copy and nowhere else', () => {
      const writes = (askedBy?.(administrator.name) ?? []).filter((each) => !isRead(each) && !each.isDryRun);
      expect(writes.length).toBeGreaterThan(30);
      const elsewhere = writes.filter(({ namespace, name, what }) => {
        // The log tells no name of an object of the cluster that is created.
        const isOfCluster = namespace === '' && (what === 'clusterrolebindings' || what === 'namespaces');
        return namespace !== copy && !(isOfCluster && (name === '' || name.includes(copy)));
      });
      expect(elsewhere).toEqual([]);
    });
  },
);
