// A move between two API servers, as a user makes it: the plan is asked for, and its own commands are run in their order.

import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asArray, asObject, asString, type JsonObject } from '../../src/model/index.ts';
import { type Playground, startPlayground } from '../../src/playground/index.ts';
import { type Ran, root } from './run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'nowwhat-migrate-'));
const kubeconfig = join(folder, 'kubeconfig');
let from: Playground;
let to: Playground;

function object(type: string, name: string, rest: JsonObject): JsonObject {
  const at = type.lastIndexOf('/');
  const namespace = type.startsWith('storage') ? {} : { namespace: 'shop' };
  return { apiVersion: type.slice(0, at), kind: type.slice(at + 1), metadata: { name, ...namespace }, ...rest };
}

const pod = { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'c', image: 'old.test/web:1' }] } };
const job = { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'old.test/web:1' }] } } };
const app: readonly JsonObject[] = [
  object('v1/ConfigMap', 'settings', { data: { url: 'http://web.shop.svc' } }),
  object('v1/Service', 'web', { spec: { selector: { app: 'web' }, ports: [{ port: 80 }] } }),
  object('apps/v1/Deployment', 'web', {
    spec: { replicas: 3, selector: { matchLabels: { app: 'web' } }, template: pod },
  }),
  object('batch/v1/CronJob', 'nightly', { spec: { schedule: '0 3 * * *', jobTemplate: { spec: job } } }),
  object('networking.k8s.io/v1/Ingress', 'web', {
    spec: { ingressClassName: 'nginx', rules: [{ host: 'shop.test' }] },
  }),
  object('v1/PersistentVolumeClaim', 'data', {
    spec: { accessModes: ['ReadWriteOnce'], storageClassName: 'standard', resources: { requests: { storage: '1Gi' } } },
  }),
];

const classOf = (name: string): JsonObject =>
  object('storage.k8s.io/v1/StorageClass', name, { provisioner: 'x.test/y' });

/** Both clusters in one file, each under its own name. */
function joinKubeconfigs(): string {
  const parts = (
    [
      ['old', from],
      ['new', to],
    ] as const
  ).map(([name, playground]) => {
    const config = asObject(JSON.parse(playground.kubeconfig()));
    const [cluster] = asArray(config['clusters']);
    const [user] = asArray(config['users']);
    return { name, cluster: asObject(asObject(cluster)['cluster']), user: asObject(asObject(user)['user']) };
  });
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: parts.map(({ name, cluster }) => ({ name, cluster })),
    users: parts.map(({ name, user }) => ({ name, user })),
    contexts: parts.map(({ name }) => ({ name, context: { cluster: name, user: name, namespace: 'default' } })),
  });
}

beforeAll(async () => {
  from = await startPlayground({ seed: [classOf('standard'), ...app] });
  to = await startPlayground({ seed: [classOf('fast')] });
  writeFileSync(kubeconfig, joinKubeconfigs());
  await from.settled();
});

afterAll(async () => {
  await from.close();
  await to.close();
  rmSync(folder, { recursive: true });
});

/** Not in the way of the servers, which run in this very process. */
function run(...args: string[]): Promise<Ran> {
  const env = { PATH: process.env['PATH'] ?? '', HOME: folder, KUBECONFIG: kubeconfig };
  return new Promise((done) => {
    execFile(process.execPath, [join(root, 'bin/nowwhat.js'), ...args], { env, cwd: folder }, (error, out, err) => {
      done({ status: error === null ? 0 : Number(error.code), out, err });
    });
  });
}

/** What kubectl would do, in the cluster that the command names. */
function change(command: string): void {
  const [, context, what = '', name = '', rest = ''] =
    /^kubectl --context (\w+) -n shop (?:scale|patch) (\w+) (\S+) (.*)$/.exec(command) ?? [];
  if (context === undefined) return;
  const { store } = context === 'old' ? from : to;
  const resource = what === 'deployment' ? 'apps/deployments' : 'batch/cronjobs';
  const before = store.get(resource, 'shop', name) ?? {};
  const replicas = /--replicas=(\d+)/.exec(rest)?.[1];
  const patch = replicas === undefined ? { suspend: rest.includes('true') } : { replicas: Number(replicas) };
  store.put(resource, { ...before, spec: { ...asObject(before['spec']), ...patch } });
}

const mapped = ['--storage-class-mappings', 'standard:fast', '--image-mappings', 'old.test=new.test'];
const ask = (...more: string[]) =>
  run('migrate', 'shop', '--context', 'old', '--to-context', 'new', '--store', './kept', ...more);

describe('a move to another cluster', () => {
  it('names what must be settled before, and has no plan within one cluster', async () => {
    const { status, out } = await ask();
    expect(status).toBe(1);
    expect(out).toContain('asks for the storage class standard; the new cluster has fast');
    expect(out).toContain('--storage-class-mappings standard:CLASS');
    expect(out).toContain('asks for the ingress class nginx');
    const same = await run('migrate', 'shop', '--context', 'old', '--to-context', 'old', '--store', './kept');
    expect(same).toMatchObject({ status: 2, err: expect.stringContaining('one cluster') });
  });

  it('shows the steps as text, with the way back, and writes nothing', async () => {
    const versions = [from.store.version, to.store.version];
    const { out } = await ask(...mapped);
    for (const title of [
      'Look ahead',
      'Stop the app',
      'Save it',
      'Bring it to the new cluster',
      'Start it there',
      'Turn the traffic',
      'Back',
    ])
      expect(out).toContain(title);
    expect(out).toContain('point the DNS record of shop.test');
    expect([from.store.version, to.store.version]).toEqual(versions);
  });

  it('is carried out by its own commands: stopped, saved, brought back, compared, started', {
    timeout: 120_000,
  }, async () => {
    const { out } = await ask(...mapped, '-o', 'json');
    const plan = asObject(JSON.parse(out));
    const schema: object = JSON.parse(readFileSync(join(root, 'docs/schemas/migration-v1.schema.json'), 'utf8'));
    const validate = new Ajv({ allErrors: true, strict: false }).compile(schema);
    validate(plan);
    expect(validate.errors).toBeNull();
    const commands = asArray(plan['steps']).flatMap((step) =>
      asArray(asObject(step)['commands']).map((each) => asString(each) ?? ''),
    );
    const looks: Ran[] = [];
    for (const command of commands) {
      change(command);
      await from.settled();
      await to.settled();
      if (!command.startsWith('nowwhat ')) continue;
      const ran = await run(...command.split(' ').slice(1));
      if (command.includes('--dry-run')) looks.push(ran);
      else expect(ran.status, `${command}\n${ran.out}${ran.err}`).toBe(0);
    }
    const [ahead, after] = looks;
    expect(ahead?.out).toMatch(/\d+ created/);
    // What the plan said must be settled: nobody has installed that class.
    expect(ahead?.out).toMatch(/ingress ?class/i);
    expect(after?.out).toMatch(/would be: \d+ there already/);
    expect(after?.out).not.toMatch(/created|otherwise/);
    const at = (resource: string, name: string) => asObject(to.store.get(resource, 'shop', name));
    expect(at('/configmaps', 'settings')).toMatchObject({ data: { url: 'http://web.shop.svc' } });
    expect(at('/persistentvolumeclaims', 'data')).toMatchObject({ spec: { storageClassName: 'fast' } });
    expect(at('apps/deployments', 'web')).toMatchObject({
      spec: { replicas: 3, template: { spec: { containers: [{ image: 'new.test/web:1' }] } } },
    });
    expect(at('batch/cronjobs', 'nightly')).toMatchObject({ spec: { suspend: false } });
    expect(from.store.get('apps/deployments', 'shop', 'web')).toMatchObject({ spec: { replicas: 0 } });
    expect(from.store.get('batch/cronjobs', 'shop', 'nightly')).toMatchObject({ spec: { suspend: true } });
  });

  it('has a way back', async () => {
    const before = from.store.get('apps/deployments', 'shop', 'web') ?? {};
    expect(before).toMatchObject({ spec: { replicas: 0 } });
    from.store.put('apps/deployments', { ...before, spec: { ...asObject(before['spec']), replicas: 3 } });
    const nightly = from.store.get('batch/cronjobs', 'shop', 'nightly') ?? {};
    from.store.put('batch/cronjobs', { ...nightly, spec: { ...asObject(nightly['spec']), suspend: false } });
    const { back } = JSON.parse((await ask(...mapped, '-o', 'json')).out) as { back: string[] };
    expect(back).toEqual([
      `kubectl --context new -n shop patch cronjob nightly -p '{"spec":{"suspend":true}}'`,
      'kubectl --context new -n shop scale deployment web --replicas=0',
      'kubectl --context old -n shop scale deployment web --replicas=3',
      `kubectl --context old -n shop patch cronjob nightly -p '{"spec":{"suspend":false}}'`,
    ]);
  });
});
