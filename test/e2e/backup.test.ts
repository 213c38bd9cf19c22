// Backups as a user makes them: the built program against a cluster in memory, into a folder and into a bucket.

import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asObject } from '../../src/model/index.ts';
import { type Playground, startPlayground } from '../../src/playground/index.ts';
import { type MemoryS3, startMemoryS3 } from '../s3/memory-s3.ts';
import { type Ran, root } from './run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'nowwhat-backup-'));
const kubeconfig = join(folder, 'kubeconfig');
const kept = join(folder, 'kept');
const credentials = { AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'geheim' };
let playground: Playground;
let s3: MemoryS3;
const closing: (() => Promise<void>)[] = [];

beforeAll(async () => {
  const secret = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 's', namespace: 'shop' },
    data: { p: 'cGFzc3dvcmQ=' },
  };
  const map = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'm', namespace: 'shop' }, data: { a: 'b' } };
  const claim = {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: 'data', namespace: 'full' },
    spec: { volumeName: 'pv-1', accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
  };
  const volume = {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name: 'pv-1' },
    spec: { claimRef: { namespace: 'full', name: 'data' }, capacity: { storage: '1Gi' } },
  };
  playground = await startPlayground({ seed: [secret, map, claim, volume], controllers: false });
  s3 = await startMemoryS3();
  writeFileSync(kubeconfig, playground.kubeconfig());
});

afterAll(async () => {
  await playground.close();
  await s3.close();
  for (const close of closing) await close();
  rmSync(folder, { recursive: true });
});

/** Not in the way of the servers, which run in this very process. */
function run(...args: string[]): Promise<Ran> {
  return start('backup', ...args);
}

function start(...args: string[]): Promise<Ran> {
  const env = { PATH: process.env['PATH'] ?? '', HOME: folder, KUBECONFIG: kubeconfig, ...credentials };
  return new Promise((done) => {
    execFile(process.execPath, [join(root, 'bin/nowwhat.js'), ...args], { env }, (error, out, err) => {
      done({ status: error === null ? 0 : Number(error.code), out, err });
    });
  });
}

describe.each([
  ['a folder', () => kept],
  ['a bucket', () => `s3://backups/team?endpoint=${s3.endpoint}`],
])('a backup in %s', (_kind, place) => {
  it('is made, found, described, verified and deleted', async () => {
    const store = ['--store', place()];
    const made = await run('create', 'one', '--context', '.', '-n', 'shop', ...store);
    expect(made).toMatchObject({ status: 0, err: '' });
    expect(made.out).toMatch(/one {2}saved: \d+ objects/);
    expect((await run('get', ...store)).out).toMatch(/one +Completed +\d+ .* nowwhat +never/);
    expect((await run('describe', 'one', ...store)).out).toMatch(/1 {2}v1\/ConfigMap/);
    expect((await run('logs', 'one', ...store)).out).toContain('listed configmaps');
    expect(await run('verify', 'one', ...store)).toMatchObject({ status: 0 });
    expect(await run('create', 'one', '--context', '.', '-n', 'shop', ...store)).toMatchObject({ status: 2 });
    expect(await run('delete', 'one', ...store)).toMatchObject({ status: 2 });
    expect(await run('delete', 'one', '--yes', ...store)).toMatchObject({ status: 0 });
    expect((await run('get', ...store)).out).toContain('holds no backup');
  });

  it('says whose data it lacks, what stands in it in plain text, and what comes next', async () => {
    const store = ['--store', place()];
    const lacks = 'without the data of 1 volume, which would come back empty: full/data';
    const made = await run('create', 'lacking', '--context', '.', '-n', 'full', ...store, '--width', '200');
    expect(made.out).toContain(lacks);
    expect(made.out).toContain('--default-volumes-to-fs-backup');
    expect(made.out).not.toContain('plain text');
    expect(made.out).toMatch(/nowwhat drill --from-backup lacking --context \. --store/);
    expect((await run('describe', 'lacking', ...store)).out).toContain(lacks);
    const { withoutData } = JSON.parse((await run('describe', 'lacking', ...store, '-o', 'json')).out);
    expect(withoutData).toMatchObject([{ namespace: 'full', claim: 'data', volume: 'pv-1' }]);
    const secrets = await run('create', 'plain', '--context', '.', '-n', 'shop', ...store);
    expect(secrets.out).toContain('1 Secret is in it in plain text');
    expect(secrets.out).not.toContain('without the data');
    for (const name of ['lacking', 'plain']) await run('delete', name, '--yes', ...store);
  });

  it('takes what a Velero Backup says', async () => {
    const file = join(folder, 'backup.yaml');
    writeFileSync(
      file,
      'apiVersion: velero.io/v1\nkind: Backup\nmetadata: {name: asked}\nspec: {includedNamespaces: [shop], includedResources: [configmaps], ttl: 24h}\n',
    );
    const store = ['--store', place()];
    expect(await run('create', '-f', file, '--context', '.', ...store, '-q')).toMatchObject({ status: 0, out: '' });
    const told = (await run('describe', 'asked', ...store)).out;
    expect(told).toMatch(/ namespaces +shop\n +resources +configmaps\n +expires +20/);
    expect((await run('get', ...store)).out).toMatch(/asked +Completed .* shop\n/);
    const { kinds, expiration } = JSON.parse((await run('describe', 'asked', ...store, '-o', 'json')).out);
    expect(Object.keys(Object.fromEntries(kinds))).toEqual(['v1/ConfigMap', 'v1/Namespace']);
    expect(Date.parse(expiration)).toBeGreaterThan(Date.now() + 23 * 3_600_000);
  });

  it('is never shown with a value of a Secret', async () => {
    const store = ['--store', place()];
    await run('create', 'secret', '--context', '.', '-n', 'shop', ...store);
    for (const words of [['get'], ['describe', 'secret'], ['logs', 'secret'], ['verify', 'secret']])
      for (const output of words[0] === 'logs' ? ['text'] : ['text', 'json']) {
        const { out, err } = await run(...words, ...store, '-o', output);
        expect(out + err).not.toMatch(/cGFzc3dvcmQ|password|geheim/);
      }
  });
});

/** The kubeconfig of somebody who may list two kinds of one namespace, and read no namespace. */
async function openFewRights(): Promise<string> {
  const rule = (verbs: readonly string[], resources: readonly string[]) => ({ apiGroups: [''], resources, verbs });
  const role = { apiVersion: 'rbac.authorization.k8s.io/v1', metadata: { name: 'few', namespace: 'shop' } };
  const own = await startPlayground({
    seed: [
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'm', namespace: 'shop' } },
      { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's', namespace: 'shop' } },
      { ...role, kind: 'Role', rules: [rule(['list'], ['configmaps', 'services'])] },
      {
        ...role,
        kind: 'RoleBinding',
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'few' },
        subjects: [{ kind: 'User', name: 'jane' }],
      },
    ],
    users: [{ name: 'jane' }],
    controllers: false,
  });
  closing.push(() => own.close());
  const file = join(folder, 'few');
  writeFileSync(file, own.kubeconfig('jane'));
  return file;
}

describe('a user who may list some kinds only', () => {
  it('saves those, and is told what is missing, why, and which role to ask for', async () => {
    const at = ['--context', '.', '--kubeconfig', await openFewRights(), '--store', join(folder, 'few-kept')];
    const made = await run('create', 'few', '-n', 'shop', ...at, '--width', '200');
    expect(made).toMatchObject({ status: 1, err: '' });
    expect(made.out).toMatch(/few {2}saved in part: 1 object/);
    expect(made.out).toMatch(/shop: \d+ kinds are not in the backup, because you may not list [^]*pods,[^]*secrets/);
    expect(made.out).toContain('data of volumes are not saved where pods could not be listed');
    expect(made.out).toMatch(/kubectl create role nowwhat-list -n shop --verb=list --resource=\S*pods,\S*secrets/);
    expect(made.out).not.toMatch(/--resource=\S*configmaps/);
    const described = JSON.parse((await run('describe', 'few', '--store', join(folder, 'few-kept'), '-o', 'json')).out);
    expect(described).toMatchObject({ phase: 'PartiallyFailed', items: 1 });
    expect(JSON.stringify(described.results)).toContain('may not list secrets (API group core)');
  });

  it('sees the same beforehand, and the rights in JSON', async () => {
    const at = ['--context', '.', '--kubeconfig', await openFewRights(), '-n', 'shop'];
    const dry = await run('create', '--dry-run', ...at, '--width', '200');
    expect(dry).toMatchObject({ status: 1 });
    expect(dry.out).toContain('kubectl create role nowwhat-list -n shop --verb=list');
    const json = await run('create', 'json', ...at, '--store', join(folder, 'few-json'), '-o', 'json');
    const { rightsToAsk, phase } = JSON.parse(json.out);
    expect(phase).toBe('PartiallyFailed');
    expect(rightsToAsk).toContainEqual({ namespace: 'shop', verb: 'get', resources: ['namespaces'] });
    const list = rightsToAsk.find((each: { verb: string }) => each.verb === 'list');
    expect(list.resources).toContain('secrets');
    expect(list.resources).not.toContain('services');
  });

  it('is sent to the namespaces by name where nothing of the whole cluster may be seen', async () => {
    const at = ['--context', '.', '--kubeconfig', await openFewRights(), '--store', join(folder, 'few-all')];
    const made = await run('create', 'all', '-A', ...at, '--width', '200');
    expect(made).toMatchObject({ status: 1 });
    expect(made.out).toContain('nothing was saved: 0 objects');
    expect(made.out).toContain('with -n NAMESPACE');
    expect(made.out).not.toContain('nowwhat drill');
  });

  it('is told so where a database is to be dumped by name', async () => {
    const at = ['--context', '.', '--kubeconfig', await openFewRights(), '--store', join(folder, 'few-dump')];
    const made = await run('create', 'dump', '-n', 'shop', '--dump', 'db', '--yes', ...at);
    expect(made.status).toBe(2);
    expect(made.err).toMatch(/"db" was not found: pods could not be listed[^]*\[cluster-forbidden\]/);
  });
});

describe('a restore', () => {
  it('is shown, agreed to, made, and made again without any change', async () => {
    const at = ['--store', kept, '--context', '.'];
    await run('create', 'back', '--context', '.', '-n', 'shop', '--store', kept);
    const restore = ['restore', 'create', '--from-backup', 'back', '--namespace-mappings', 'shop:copy', ...at];
    expect(await start(...restore)).toMatchObject({ status: 2 });
    const dry = await start(...restore, '--dry-run');
    expect(dry.out).toMatch(/would be: \d+ created/);
    const namespaces = playground.store.list('/namespaces').map(({ metadata }) => asObject(metadata)['name']);
    expect(namespaces).not.toContain('copy');
    expect(await start(...restore, '--yes')).toMatchObject({ status: 0 });
    const again = JSON.parse((await start(...restore, '--yes', '-o', 'json')).out);
    expect(again).toMatchObject({ phase: 'Completed', counts: { created: 0, updated: 0, failed: 0 } });
    expect(again.counts.unchanged).toBeGreaterThan(2);
  });

  it('refuses an archive that is not the one that was written', async () => {
    await run('create', 'torn', '--context', '.', '-n', 'shop', '--store', kept);
    const file = join(kept, 'backups/torn/torn.tar.gz');
    const bytes = readFileSync(file);
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
    writeFileSync(file, bytes);
    const ran = await start('restore', 'create', '--from-backup', 'torn', '--store', kept, '--context', '.', '--yes');
    expect(ran.status).toBe(2);
    expect(ran.err).toContain('has other bytes than were written');
  });
});

describe('the journey', () => {
  it('sees what the store of the settings holds, and says so of one that it cannot read', async () => {
    const app = join(folder, 'app');
    mkdirSync(app);
    writeFileSync(join(app, 'web.yaml'), 'apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: []}\n');
    const settings = (store: string) => writeFileSync(join(app, 'nowwhat.yaml'), `namespace: shop\nstore: ${store}\n`);
    const judge = () => start('check', app, '--check', 'backup-missing', '--width', '200');
    settings('../kept-for-app');
    const before = await judge();
    expect(before).toMatchObject({ status: 1, out: expect.stringContaining('holds no backup that has completed') });
    expect(before.out).toContain('nowwhat backup create --context . -n shop --store STORE');
    await run('create', 'seen', '--context', '.', '-n', 'shop', '--store', join(folder, 'kept-for-app'));
    expect(await judge()).toMatchObject({ status: 0, out: expect.stringContaining('0 findings') });
    settings('s3://nowhere?endpoint=http://127.0.0.1:1');
    expect((await judge()).out).toContain('the backup store was not looked at');
  }, 60_000);
});

describe('what cannot work', () => {
  it.each([
    [['create', '--context', '.'], /no store was named/],
    [['create', 'Bad Name', '--context', '.', '--store', kept], /cannot be the name of a backup/],
    [['describe', 'nothing', '--store', kept], /there is no backup "nothing"/],
    [['get', '--store', 's3://'], /the bucket is missing/],
    [['get', '--store', join(folder, 'nothing')], /the folder .*nothing does not exist/],
    [['delete', 'nothing', '--store', kept], /there is no backup "nothing"/],
    [['delete', 'nothing', '-A', '--store', kept], /unknown option '-A'/],
    [['create', '--context', '.', '-n', 'nowhere', '--store', kept], /no namespace "nowhere" is in the cluster/],
    [['create', '--context', '.', '--store', kept, '-l', 'a b'], /not a selector/],
    [['create', '--context', '.', '--store', kept, '--ttl', 'soon'], /not a duration/],
  ])('%j is told, with what to do', async (args, words) => {
    const { status, err } = await run(...args);
    expect(status).toBe(2);
    expect(err).toMatch(words);
  });

  it('leaves nothing half-written in a folder', async () => {
    await run('create', 'gone', '--context', '.', '-n', 'shop,nowhere', '--store', join(folder, 'other'));
    const names = readdirSync(join(folder, 'other'), { recursive: true, encoding: 'utf8' });
    expect(names.filter((name) => name.includes('part'))).toEqual([]);
  });
});
