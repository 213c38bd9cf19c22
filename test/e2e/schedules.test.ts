// Backup schedules as a user makes them: the built program, and a cluster in memory.

import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseManifests } from '../../src/kube/manifests/parse-manifests.ts';
import { asObject, asString, type JsonObject, valueAt } from '../../src/model/index.ts';
import { diskClaim, snapshotClass, snapshotDefinitions } from '../kubernetes/stand-in-snapshots.ts';
import { openPlaygroundFolder, type PlaygroundFolder } from '../kubernetes/playground-folder.ts';
import { type Ran, root } from './run-cli.ts';

/** What must never be seen. */
const secret = 'gEhEiM-4711-nobody-sees-this';

let opened: PlaygroundFolder;
let folder: string;

function run(...words: string[]): Promise<Ran> {
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: folder,
    KUBECONFIG: opened.kubeconfig,
    AWS_ACCESS_KEY_ID: 'AKIATEST',
    AWS_SECRET_ACCESS_KEY: secret,
  };
  const space = words.includes('-n') ? [] : ['-n', 'shop'];
  const line = [join(root, 'bin/nowwhat.js'), 'schedule', ...words, '--context', '.', ...space];
  return new Promise((done) => {
    execFile(process.execPath, line, { env, cwd: folder }, (error, out, err) => {
      done({ status: error === null ? 0 : Number(error.code), out, err });
    });
  });
}

const where = ['--store', 's3://kept?endpoint=http://127.0.0.1:9', '--image', 'registry.test/nowwhat:1'];

function create(name: string, ...more: string[]): Promise<Ran> {
  return run('create', name, ...where, ...more);
}

function stored(kind: string, namespace: string, name: string): JsonObject | undefined {
  return opened.playground.store.get(kind, namespace, name);
}

function wordsOf(cronJob: JsonObject | undefined): string {
  const path = ['spec', 'jobTemplate', 'spec', 'template', 'spec', 'containers', 0, 'args'];
  return ((valueAt(cronJob, path) ?? []) as string[]).join(' ');
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'nowwhat-schedules-'));
  const namespace = (name: string) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  const keys = { AWS_ACCESS_KEY_ID: 'QQ==', AWS_SECRET_ACCESS_KEY: 'QQ==' };
  opened = await openPlaygroundFolder([
    namespace('shop'),
    namespace('queue'),
    namespace('cache'),
    namespace('disks'),
    ...snapshotDefinitions,
    snapshotClass('usual'),
    ...diskClaim('disks', 'data'),
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'store', namespace: 'cache' },
      spec: { containers: [{ name: 'redis', image: 'redis:7' }] },
      status: { phase: 'Running' },
    },
    { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'store', namespace: 'shop' }, data: keys },
    { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'useless', namespace: 'shop' }, data: { other: 'QQ==' } },
    {
      apiVersion: 'batch/v1',
      kind: 'CronJob',
      metadata: { name: 'theirs', namespace: 'shop' },
      spec: {
        schedule: '@daily',
        jobTemplate: {
          spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'r.test/a:1' }] } } },
        },
      },
    },
  ]);
});

afterAll(async () => {
  await opened.close();
  rmSync(folder, { recursive: true });
});

const withSecret = ['--credentials-secret', 'store'];

describe('schedule create', () => {
  it('shows what would be made, and makes nothing', async () => {
    const ran = await create('dry', '--schedule', '@daily', ...withSecret, '--dry-run');
    expect(ran.status, ran.err).toBe(0);
    expect(ran.out).toMatch(/runs +0 0 \* \* \*, UTC/);
    expect(ran.out).toContain('Secrets among them');
    expect(ran.out).toContain('everything: nothing is ever deleted');
    expect(stored('batch/cronjobs', 'shop', 'dry')).toBeUndefined();
  });

  it('prints objects for git, of which a cluster makes the same schedule', async () => {
    const { status, out, err } = await create('git', '--schedule', '@daily', ...withSecret, '--dry-run', '-o', 'yaml');
    expect(status, err).toBe(0);
    const context = { textIndex: 0, origin: { kind: 'manifest', unit: 'git.yaml' } as const, namespace: 'shop' };
    const { objects, unreadable } = parseManifests({ file: 'git.yaml', text: out, rendered: false }, context);
    expect(unreadable).toEqual([]);
    expect(objects.map(({ kind }) => kind)).toEqual([
      'ServiceAccount',
      'ClusterRole',
      'ClusterRoleBinding',
      'Role',
      'RoleBinding',
      'NetworkPolicy',
      'CronJob',
    ]);
  });

  it('lets its account take snapshots where some are taken, and end those of backups that go', async () => {
    const line = [
      '--schedule',
      '@daily',
      ...withSecret,
      '--include-namespaces',
      'disks',
      '--skip-immediately',
      '--yes',
    ];
    const ran = await create('cut', ...line, '--keep-daily', '7', '--csi-snapshot-timeout', '5m');
    expect(ran.status, ran.err).toBe(0);
    expect(ran.out.replaceAll(/\s+/g, ' ')).toContain('with snapshots of volumes, today of 1');
    expect(ran.out.replaceAll(/\s+/g, ' ')).toContain('deletes volumesnapshots');
    const rules = JSON.stringify(
      stored('rbac.authorization.k8s.io/clusterroles', '', 'nowwhat:schedule:shop:cut')?.['rules'],
    );
    expect(rules).toContain('"resources":["volumesnapshotcontents"],"verbs":["get","create","patch","delete"]');
    expect(rules).toContain('csidrivers');
    const { out } = await run('get', '--no-store', '-o', 'json');
    expect(out).toContain('"snapshots": "usual"');
    // Whose data are moved, need claims and pods besides.
    const moving = await create('cut', ...line, '--snapshot-move-data');
    expect(moving.status, moving.err).toBe(0);
    const within = stored('rbac.authorization.k8s.io/roles', 'disks', 'nowwhat:schedule:shop:cut')?.['rules'];
    const passing = '"resources":["persistentvolumeclaims","pods"],"verbs":["get","list","watch","create","delete"]';
    expect(JSON.stringify(within)).toContain(passing);
    expect(JSON.stringify(within)).toContain('"pods/exec"');
    expect((await run('describe', 'cut', '--no-store')).out).toMatch(/moved\s+into\s+the\s+store/);
    // Without snapshots, none of it.
    const without = await create('cut', ...line, '--snapshot-volumes', 'false');
    expect(without.status, without.err).toBe(0);
    const left = stored('rbac.authorization.k8s.io/clusterroles', '', 'nowwhat:schedule:shop:cut')?.['rules'];
    expect(JSON.stringify(left)).not.toMatch(/volumesnapshot|csidrivers/);
    expect((await run('delete', 'cut', '--yes')).status).toBe(0);
  });

  it('lets its account run commands where databases are held still', async () => {
    const held = ['--hold', 'auto', '--hold-for', '5m', '--include-namespaces', 'cache'];
    const ran = await create('held', '--schedule', '@daily', ...withSecret, ...held, '--skip-immediately', '--yes');
    expect(ran.status, ran.err).toBe(0);
    expect(wordsOf(stored('batch/cronjobs', 'shop', 'held'))).toContain('--hold auto --hold-for 300s');
    const role = stored('rbac.authorization.k8s.io/roles', 'cache', 'nowwhat:schedule:shop:held');
    expect(JSON.stringify(role)).toContain('pods/exec');
    expect(await run('delete', 'held', '--yes')).toMatchObject({ status: 0 });
  });

  it('makes nothing where nobody agrees', async () => {
    const ran = await create('asked', '--schedule', '@daily', ...withSecret);
    expect(ran).toMatchObject({ status: 2, out: '' });
    expect(ran.err).toContain('[not-agreed]');
    expect(stored('batch/cronjobs', 'shop', 'asked')).toBeUndefined();
  });

  it('makes it, with a Secret whose values are nowhere else, and begins a first run', async () => {
    const ran = await create('nightly', '--schedule', '0 2 * * *', '--copy-credentials', '--keep-daily', '7', '--yes');
    expect(ran.status, ran.err).toBe(0);
    expect(ran.out).toContain('Applied: 7 steps');
    expect(ran.out).toMatch(/Job shop\/nightly-by-hand-\w+ {2}begun/);
    const cronJob = stored('batch/cronjobs', 'shop', 'nightly');
    expect(wordsOf(cronJob)).toContain('--keep-daily 7 --time-zone Etc/UTC');
    const made = stored('/secrets', 'shop', 'nowwhat-schedule-nightly');
    expect(Buffer.from(asString(asObject(made?.['data'])['cloud']) ?? '', 'base64').toString()).toContain(secret);
    expect(valueAt(made, ['metadata', 'ownerReferences', 0, 'name'])).toBe('nightly');
    expect(ran.out + ran.err + JSON.stringify(cronJob) + recordsIn(join(folder, '.nowwhat'))).not.toContain(secret);
  });

  it('changes one that is there by a diff, and takes away what it needs no more', async () => {
    const first = await create(
      'wide',
      '--schedule',
      '@daily',
      ...withSecret,
      '--include-namespaces',
      'shop,queue',
      '--yes',
      '--paused',
    );
    expect(first.status, first.err).toBe(0);
    expect(first.out).not.toContain('begun');
    const role = 'nowwhat:schedule:shop:wide';
    expect(stored('rbac.authorization.k8s.io/roles', 'queue', role)).toBeDefined();
    const second = await create('wide', '--schedule', '@weekly', ...withSecret, '--yes', '--paused');
    expect(second.out).toContain('-  schedule: 0 0 * * *');
    expect(second.out).toContain('+  schedule: 0 0 * * 0');
    expect(second.out).toContain(`Delete Role queue/${role}`);
    expect(stored('rbac.authorization.k8s.io/roles', 'queue', role)).toBeUndefined();
    const third = await create('wide', '--schedule', '@weekly', ...withSecret, '--yes', '--paused');
    expect(third.status, third.err).toBe(0);
    expect(third.out).toContain('is there already as it is wanted');
  });

  it("takes Velero's file, and names what it cannot keep", async () => {
    const file = join(folder, 'schedule.yaml');
    const spec = {
      schedule: 'CRON_TZ=Europe/Berlin 30 3 * * *',
      paused: true,
      template: { includedNamespaces: ['queue'], datamover: 'other', ttl: '720h0m0s' },
    };
    const object = { apiVersion: 'velero.io/v1', kind: 'Schedule', metadata: { name: 'from-velero' }, spec };
    writeFileSync(file, JSON.stringify(object));
    const ran = await run('create', '-f', file, ...where, ...withSecret, '--yes');
    expect(ran.status, ran.err).toBe(0);
    expect(ran.out).toContain('not kept of the file: spec.template.datamover');
    const cronJob = stored('batch/cronjobs', 'shop', 'from-velero');
    expect(cronJob?.['spec']).toMatchObject({ schedule: '30 3 * * *', timeZone: 'Europe/Berlin', suspend: true });
  });

  it('takes resource policies along, and the rights that they leave over', async () => {
    const file = join(folder, 'policies.yaml');
    writeFileSync(file, 'version: v1\nincludeExcludePolicy:\n  excludedNamespaceScopedResources: [secrets]\n');
    const ran = await create(
      'ruled',
      '--schedule',
      '@daily',
      ...withSecret,
      '--resource-policies',
      file,
      '--yes',
      '--paused',
    );
    expect(ran.status, ran.err).toBe(0);
    expect(ran.out).not.toContain('Secrets among them');
    expect(wordsOf(stored('batch/cronjobs', 'shop', 'ruled'))).toContain(
      '--resource-policies /etc/nowwhat/policies.yaml',
    );
    const role = stored('rbac.authorization.k8s.io/roles', 'shop', 'nowwhat:schedule:shop:ruled');
    expect(JSON.stringify(role)).not.toContain('"secrets"');
    expect((await run('describe', 'ruled', '--no-store')).out).not.toContain('may not do all');
    expect((await run('delete', 'ruled', '--yes')).status).toBe(0);
  });

  it('tells all that is missing at once', async () => {
    const ran = await run('create', '--yes', '--account-annotation', 'odd');
    expect(ran.status).toBe(2);
    for (const message of [
      'the schedule has no name',
      'nothing says when it runs',
      'no store was named',
      'no image was named',
    ])
      expect(ran.err).toContain(message);
    expect(ran.err.match(/\[invalid-option\]/g)?.length).toBeGreaterThanOrEqual(5);
  });

  it.each([
    [['x', '--schedule', '@daily', '--store', 's3://kept'], 'no image was named: nowwhat is in no registry'],
    [['x', '--schedule', '@daily', ...where], 'nothing says how runs open the store'],
    [['x', '--schedule', '@daily', ...where, ...withSecret, '--copy-credentials'], 'in one way, not in two'],
    [['x', '--schedule', '@daily', ...where, '--credentials-secret', 'nowhere'], 'there is no Secret shop/nowhere'],
    [['x', '--schedule', '@daily', ...where, '--credentials-secret', 'useless'], 'its keys are other'],
    [['x', '--schedule', '@every 5h', ...where, ...withSecret], '@every 4h or @every 6h'],
    [['x', ...where, ...withSecret], 'nothing says when it runs'],
    [['x', '--schedule', '@daily', ...where, ...withSecret, '-n', 'nowhere'], 'there is no namespace nowhere'],
    [['theirs', '--schedule', '@daily', ...where, ...withSecret], '[not-a-schedule]'],
    [['x', '--schedule', '@daily', '--image', 'a', '--store', './kept', ...withSecret], 'a folder of this machine'],
  ])('refuses %j', async (words, message) => {
    const ran = await run('create', ...words, '--yes');
    expect(ran.status).toBe(2);
    expect(ran.err).toContain(message);
  });
});

/** All that a folder holds, as one text. */
function recordsIn(path: string): string {
  if (!existsSync(path)) return '';
  const files = readdirSync(path, { recursive: true, withFileTypes: true }).filter((each) => each.isFile());
  return files.map((each) => readFileSync(join(each.parentPath, each.name), 'utf8')).join('');
}

/** A run that does not end by itself. */
function underWay(cronJob: JsonObject | undefined): JsonObject {
  const { name, uid, labels } = asObject(cronJob?.['metadata']);
  const ownerReferences = [{ apiVersion: 'batch/v1', kind: 'CronJob', name: name ?? '', uid: uid ?? '' }];
  const { template } = asObject(valueAt(cronJob, ['spec', 'jobTemplate', 'spec']));
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'wide-1', namespace: 'shop', uid: 'running', labels: labels ?? {}, ownerReferences },
    spec: { suspend: true, template: template ?? {} },
  };
}

describe('schedule drill', () => {
  const drill = (name: string, ...more: string[]): Promise<Ran> =>
    run(
      'drill',
      name,
      '--of',
      'nightly',
      '--schedule',
      '0 4 * * 0',
      ...where,
      ...withSecret,
      '--skip-immediately',
      ...more,
    );

  it('shows where the backup comes back, and what its account may do there and nowhere else', async () => {
    const { status, out, err } = await drill('dry', '--include-namespaces', 'queue', '--dry-run');
    expect(status, err).toBe(0);
    const text = out.replaceAll(/\s+/g, ' ');
    expect(text).toContain('the newest whole backup of nightly, with the data of volumes');
    expect(text).toContain('queue into queue-drill-dry, which is closed and emptied');
    expect(text).toContain('give rights in there. Outside of it, it may do nothing in the cluster but what is listed');
    expect(stored('/namespaces', '', 'queue-drill-dry')).toBeUndefined();
  });

  it('asks for the namespaces where no schedule beside it names them', async () => {
    const ran = await drill('dry', '--of', 'absent', '--dry-run');
    expect(ran.status).toBe(2);
    expect(ran.err).toContain('there is no backup schedule shop/absent that says which namespaces');
  });

  it('has a namespace stand ready, with the fence, and is a schedule like others', async () => {
    const ran = await drill('weekly', '--include-namespaces', 'queue', '--no-restore-volumes', '--yes');
    expect(ran.status, ran.err).toBe(0);
    const fence = 'queue-drill-weekly';
    expect(valueAt(stored('/namespaces', '', fence), ['metadata', 'labels', 'nowwhat.dev/drill'])).toBe('true');
    expect(stored('networking.k8s.io/networkpolicies', fence, 'nowwhat-drill')).toBeDefined();
    expect(stored('rbac.authorization.k8s.io/roles', fence, 'nowwhat:schedule:shop:weekly')).toBeDefined();
    expect(stored('rbac.authorization.k8s.io/clusterroles', '', 'nowwhat:schedule:shop:weekly')).toBeUndefined();
    const words = wordsOf(stored('batch/cronjobs', 'shop', 'weekly'));
    expect(words).toContain(`drill --from-schedule nightly --schedule weekly --into queue:${fence}`);
    const described = await run('describe', 'weekly', '--no-store');
    expect(described.status, described.err).toBe(0);
    expect(described.out.replaceAll(/\s+/g, ' ')).toContain(`restores queue into ${fence}`);
    expect((await run('delete', 'weekly', '--yes')).status).toBe(0);
    await opened.playground.settled();
    expect(stored('/namespaces', '', fence)).toBeUndefined();
  });

  it('never takes a namespace that somebody else has made', async () => {
    opened.playground.store.put('/namespaces', {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'queue-drill-taken' },
    });
    const ran = await drill('taken', '--include-namespaces', 'queue', '--yes');
    expect(ran.status).toBe(2);
    expect(ran.err).toContain('the namespace queue-drill-taken is there, and was not made for these drills');
  });
});

describe('a schedule that is there', () => {
  it('is listed and described, also where its store does not answer', async () => {
    const listed = await run('get');
    expect(listed.status, listed.err).toBe(0);
    expect(listed.out).toMatch(/shop\/nightly +0 2 \* \* \*, UTC/);
    expect(listed.out).toMatch(/shop\/wide .* paused/);
    expect(listed.out).not.toContain('theirs');
    expect(listed.out).toContain('--store names it as this machine reaches it');
    const json = await run('get', '--no-store', '-o', 'json');
    expect(JSON.parse(json.out)).toMatchObject({ schema: 'nowwhat.dev/schedules/v1' });
    const described = await run('describe', 'nightly', '--no-store');
    expect(described.out).toContain('the newest of each of 7 days');
    expect(described.out).toContain('by hand');
    expect(described.out).not.toContain('may not do all');
  });

  it('is told to lack rights once the cluster knows more kinds', async () => {
    const definition = {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: 'carts.shop.test' },
      spec: {
        group: 'shop.test',
        scope: 'Namespaced',
        names: { plural: 'carts', kind: 'Cart', singular: 'cart', listKind: 'CartList' },
        versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }],
      },
    };
    opened.playground.store.put('apiextensions.k8s.io/customresourcedefinitions', definition);
    await opened.playground.settled();
    const { out } = await run('describe', 'nightly', '--no-store');
    expect(out).toMatch(/may not do all that a run needs by now: carts\.shop\.test/);
  });

  it('is paused and unpaused', async () => {
    const paused = await run('pause', 'nightly', '--yes');
    expect(paused.status, paused.err).toBe(0);
    expect(valueAt(stored('batch/cronjobs', 'shop', 'nightly'), ['spec', 'suspend'])).toBe(true);
    expect((await run('pause', 'nightly', '--yes')).out).toContain('it is paused already');
    await run('unpause', 'nightly', '--yes', '--skip-immediately');
    const spec = asObject(stored('batch/cronjobs', 'shop', 'nightly')?.['spec']);
    expect(spec).toMatchObject({ suspend: false, startingDeadlineSeconds: 300 });
  });

  it('is deleted with all that was made for it, and nothing else', async () => {
    const names = () => [...opened.playground.store.list('/secrets')].length;
    const secrets = names();
    const running = underWay(stored('batch/cronjobs', 'shop', 'wide'));
    opened.playground.store.put('batch/jobs', running);
    for (const word of ['run', 'delete']) expect((await run(word, 'wide', '--yes')).err).toContain('[schedule-busy]');
    opened.playground.store.remove('batch/jobs', stored('batch/jobs', 'shop', 'wide-1') ?? {});
    for (const name of ['wide', 'nightly', 'from-velero']) {
      const ran = await run('delete', name, '--yes');
      expect(ran.status, ran.err + ran.out).toBe(0);
    }
    await opened.playground.settled();
    expect(names()).toBe(secrets - 1);
    for (const kind of [
      'batch/cronjobs',
      'networking.k8s.io/networkpolicies',
      'rbac.authorization.k8s.io/roles',
      'rbac.authorization.k8s.io/clusterrolebindings',
    ])
      expect(JSON.stringify(opened.playground.store.list(kind))).not.toContain('nowwhat.dev/schedule');
    expect((await run('describe', 'nightly')).err).toContain('[schedule-missing]');
  });
});
