// The options of a restore as a user gives them: the built program against a cluster in memory.

import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asObject, asString, type JsonObject } from '../../src/model/index.ts';
import { openPlaygroundFolder, type PlaygroundFolder } from '../kubernetes/playground-folder.ts';
import { type Ran, root } from './run-cli.ts';

let cluster: PlaygroundFolder;

function map(place: string, data: JsonObject, labels: JsonObject = {}): JsonObject {
  const [namespace = '', name = ''] = place.split('/');
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace, labels }, data };
}

const claim = {
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name: 'data', namespace: 'shop' },
  spec: { storageClassName: 'slow', accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
};
const pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name: 'db',
    namespace: 'shop',
    annotations: { 'post.hook.restore.velero.io/command': '["load", "the dump"]' },
  },
  spec: { containers: [{ name: 'main', image: 'old.test/db:1' }] },
};
const user = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'user', namespace: 'shop' },
  spec: {
    containers: [{ name: 'main', image: 'old.test/user:1', envFrom: [{ configMapRef: { name: 'one' } }] }],
    volumes: [
      { name: 'data', persistentVolumeClaim: { claimName: 'data' } },
      { name: 'may-be', configMap: { name: 'nothing', optional: true } },
    ],
  },
};
const rules = `version: v1
resourceModifierRules:
- conditions: { groupResource: configmaps, resourceNameRegex: ^one$ }
  mergePatches: [{ patchData: "data: { a: modified }" }]
`;

beforeAll(async () => {
  const exec = [{ pod: 'db', container: 'main', command: 'load the dump', result: { stdout: 'loaded\n' } }];
  cluster = await openPlaygroundFolder(
    [
      map('shop/one', { a: '1' }, { app: 'web' }),
      map('shop/two', { a: '2' }, { app: 'db' }),
      map('shop/three', { a: '3' }),
      { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'secret', namespace: 'shop' }, data: { p: 'Z2VoZWlt' } },
      claim,
      pod,
      user,
      map('velero/rules', { 'rules.yaml': rules }),
      map(
        'velero/classes',
        { slow: 'standard' },
        {
          'velero.io/plugin-config': '',
          'velero.io/change-storage-class': 'RestoreItemAction',
        },
      ),
      map(
        'velero/images',
        { one: 'old.test,new.test' },
        {
          'velero.io/plugin-config': '',
          'velero.io/change-image-name': 'RestoreItemAction',
        },
      ),
    ],
    { scripts: { exec } },
  );
  const store = ['--context', '.', '-n', 'shop', '--store', kept(), '--no-hooks'];
  expect(
    await start('backup', 'create', 'kept-1', ...store, '--label', 'velero.io/schedule-name=nightly'),
  ).toMatchObject({
    status: 0,
  });
}, 60_000);

afterAll(() => cluster.close());

function kept(): string {
  return join(cluster.folder, 'kept');
}

function start(...args: string[]): Promise<Ran> {
  const env = { PATH: process.env['PATH'] ?? '', HOME: cluster.folder, KUBECONFIG: cluster.kubeconfig };
  return new Promise((done) => {
    execFile(process.execPath, [join(root, 'bin/nowwhat.js'), ...args], { env }, (error, out, err) => {
      done({ status: error === null ? 0 : Number(error.code), out, err });
    });
  });
}

function restore(...args: string[]): Promise<Ran> {
  return start('restore', 'create', '--context', '.', '--store', kept(), ...args);
}

function into(namespace: string): string[] {
  return ['--from-backup', 'kept-1', '--namespace-mappings', `shop:${namespace}`, '--yes'];
}

function stored(resource: string, namespace: string, name: string): JsonObject | undefined {
  return cluster.playground.store.get(`/${resource}`, namespace, name);
}

function file(name: string, text: string): string {
  const path = join(cluster.folder, name);
  writeFileSync(path, text);
  return path;
}

describe('a restore', () => {
  it('of a schedule takes its newest backup', async () => {
    const { status, out } = await restore(
      '--from-schedule',
      'nightly',
      '--namespace-mappings',
      'shop:s1',
      '--yes',
      '-o',
      'json',
    );
    expect(status, out).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ backup: 'kept-1' });
    const none = await restore('--from-schedule', 'weekly', '--yes');
    expect(none).toMatchObject({ status: 2, err: expect.stringContaining('the schedule "weekly" has no backup') });
  });

  it('by a file of Velero’s does what it says, and what the line says goes first', async () => {
    const path = file(
      'restore.yaml',
      JSON.stringify({
        apiVersion: 'velero.io/v1',
        kind: 'Restore',
        metadata: { name: 'by-file', namespace: 'velero' },
        spec: {
          backupName: 'kept-1',
          includedResources: ['configmaps'],
          namespaceMapping: { shop: 's2' },
          orLabelSelectors: [{ matchLabels: { app: 'web' } }, { matchLabels: { app: 'db' } }],
          existingResourcePolicy: 'update',
          resourceModifier: { kind: 'ConfigMap', name: 'rules' },
        },
      }),
    );
    const { status, out } = await restore('-f', path, '--yes', '-o', 'json');
    expect(status, out).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ name: 'by-file' });
    expect(stored('configmaps', 's2', 'one')).toMatchObject({ data: { a: 'modified' } });
    expect(stored('configmaps', 's2', 'two')).toBeDefined();
    expect(stored('configmaps', 's2', 'three')).toBeUndefined();
    expect(stored('secrets', 's2', 'secret')).toBeUndefined();
    await restore('-f', path, '--namespace-mappings', 'shop:s3', '--yes');
    expect(stored('configmaps', 's3', 'one')).toBeDefined();
  });

  it('refuses namespaces that the backup does not hold, before anything is written', async () => {
    for (const named of [
      ['--namespace-mappings', 'shpo:s0'],
      ['--include-namespaces', 'shpo'],
      ['--include-namespaces', 'sh*,x*'],
    ]) {
      const { status, err } = await restore('--from-backup', 'kept-1', ...named, '--yes');
      expect(status, named.join(' ')).toBe(2);
      expect(err).toMatch(/"kept-1" holds nothing of the namespace "(?:shpo|x\*)" .*\n {2}It holds shop\./);
    }
    expect((await restore('--from-backup', 'kept-1', '--include-namespaces', 'sh*', '--dry-run')).status).toBe(0);
  });

  it('by a file that is wrong says where', async () => {
    const path = file(
      'wrong.yaml',
      'apiVersion: velero.io/v1\nkind: Restore\nmetadata: {name: a}\nspec: {backup: x}\n',
    );
    expect(await restore('-f', path)).toMatchObject({ status: 2, err: expect.stringContaining('spec.backup') });
  });

  it('takes what fits one of several selectors', async () => {
    await restore(...into('s4'), '--or-selector', 'app=web or app=none');
    expect(stored('configmaps', 's4', 'one')).toBeDefined();
    expect(stored('configmaps', 's4', 'two')).toBeUndefined();
  });

  it('changes objects by rules in a file, once', async () => {
    const path = file('rules.yaml', rules);
    const { status, out } = await restore(...into('s5'), '--resource-modifiers', path);
    expect(status, out).toBe(0);
    expect(stored('configmaps', 's5', 'one')).toMatchObject({ data: { a: 'modified' } });
    const again = await restore(...into('s5'), '--resource-modifiers', path, '-o', 'json');
    const { counts, items } = JSON.parse(again.out);
    const changed = items.filter(({ result }: { result: string }) => result === 'differs');
    expect(changed).toEqual([]);
    expect(counts).toMatchObject({ created: 0, updated: 0, failed: 0 });
  });

  it('takes classes and images from the ConfigMaps of Velero’s plug-ins', async () => {
    const { status, out } = await restore(...into('s6'), '--plugin-configmaps');
    expect(status, out).toBe(0);
    expect(asObject(stored('persistentvolumeclaims', 's6', 'data')?.['spec'])).toMatchObject({
      storageClassName: 'standard',
    });
    expect(JSON.stringify(stored('pods', 's6', 'db'))).toContain('new.test/db:1');
  });

  it('runs hooks in pods that come back, or none', async () => {
    const report = JSON.parse((await restore(...into('s7'), '-o', 'json')).out);
    expect(report.hooks).toMatchObject([{ pod: 'db', command: ['load', 'the dump'], result: 'ran' }]);
    const without = JSON.parse((await restore(...into('s8'), '--no-hooks', '-o', 'json')).out);
    expect(without.hooks).toEqual([]);
  });

  it('removes what the backup does not hold, after it was shown, and nothing that it never looked at', async () => {
    await restore(...into('s9'));
    cluster.playground.seed([map('s9/extra', { a: 'b' })]);
    const shown = await restore('--from-backup', 'kept-1', '--namespace-mappings', 'shop:s9', '--prune');
    expect(shown).toMatchObject({ status: 2, err: expect.stringContaining('- configmaps s9/extra') });
    const dry = await restore(...into('s9'), '--prune', '--dry-run');
    expect(dry.out).toContain('configmaps s9/extra would be removed');
    expect(stored('configmaps', 's9', 'extra')).toBeDefined();
    const report = JSON.parse((await restore(...into('s9'), '--prune', '-o', 'json')).out);
    expect(report.items.filter(({ result }: { result: string }) => result === 'pruned')).toMatchObject([
      { groupResource: 'configmaps', name: 'extra' },
    ]);
    expect(stored('configmaps', 's9', 'extra')).toBeUndefined();
    expect(stored('configmaps', 's9', 'one')).toBeDefined();
  });

  it('as a dry run shows what would change, and no value of a Secret', async () => {
    await restore(...into('s10'));
    const secret = stored('secrets', 's10', 'secret') ?? {};
    const { store } = cluster.playground;
    store.put('/configmaps', { ...stored('configmaps', 's10', 'one'), data: { a: 'other' } });
    store.put('/secrets', { ...secret, data: { p: 'YW5kZXJz' } });
    const { out } = await restore(...into('s10'), '--existing-resource-policy', 'update', '--dry-run');
    expect(out).toContain('configmaps s10/one would be updated');
    expect(out).toContain('- "other"');
    expect(out).toContain('+ "1"');
    expect(out).toContain('/data/p (a value of a Secret)');
    expect(out).not.toMatch(/Z2VoZWlt|YW5kZXJz|geheim/);
    expect(asString(asObject(stored('configmaps', 's10', 'one')?.['data'])['a'])).toBe('other');
  });
});

describe('a restore that nobody can make', () => {
  it.each([
    [[], 'no backup was named'],
    [['--from-backup', 'a', '--from-schedule', 'b'], 'a backup and a schedule'],
    [['--from-backup', 'kept-1', '-l', 'a=b', '--or-selector', 'c=d'], 'both --selector and --or-selector'],
    [['--from-backup', 'kept-1', '--resource-modifiers', '/nowhere'], '/nowhere cannot be read'],
    [['--from-backup', 'kept-1', '--resource-modifier-configmap', 'nothing'], 'no ConfigMap "nothing"'],
  ])('%j is told', async (args, words) => {
    expect(await restore(...args)).toMatchObject({ status: 2, err: expect.stringContaining(words) });
  });
});

describe('a restore that was made', () => {
  function told(...args: string[]): Promise<Ran> {
    return start('restore', ...args, '--store', kept());
  }

  it('is listed, described, and its record deleted while its objects stay', async () => {
    await restore('made', ...into('told'));
    expect((await told('get', 'made')).out).toMatch(
      /Name +Backup +Phase +Started +Errors +Warnings\n +made +kept-1 +Completed/,
    );
    expect((await told('get', '-o', 'wide', '--width', '200')).out).toMatch(/made .* nowwhat +\S+\n/);
    expect((await told('get', 'made', '-o', 'name')).out).toBe('made\n');
    const listed = JSON.parse((await told('get', '-o', 'json')).out);
    expect(listed).toMatchObject({ schema: 'nowwhat.dev/restores/v1' });
    expect(listed.restores).toContainEqual(expect.objectContaining({ name: 'made', backup: 'kept-1' }));
    expect((await told('get', 'made', '-o', 'yaml')).out).toMatch(/^schema: nowwhat.dev\/restores\/v1\nrestores:\n/);
    const described = await told('describe', 'made');
    expect(described.out).toContain('shop became told');
    expect(described.out).toMatch(/v1\/ConfigMap +\d+ created/);
    expect((await told('logs', 'made')).out).toContain('starting restore');
    expect(await told('delete', 'made')).toMatchObject({ status: 2, err: expect.stringContaining('not-agreed') });
    expect(await told('delete', 'made', '--yes')).toMatchObject({ status: 0 });
    expect(await told('get', 'made')).toMatchObject({ status: 2, err: expect.stringContaining('store-key-missing') });
    expect(stored('configmaps', 'told', 'one')).toBeDefined();
  });

  it('says of no Secret what is in it', async () => {
    await restore('quiet', ...into('quiet'));
    for (const words of [['get'], ['describe', 'quiet'], ['logs', 'quiet']])
      expect((await told(...words)).out).not.toContain('Z2VoZWlt');
  });
});

describe('a restore of single objects', () => {
  const back = (...args: string[]) => restore('--from-backup', 'kept-1', '-n', 'shop', ...args);

  it('brings back that one object as it was, and touches nothing else', async () => {
    const dry = await back('configmap/one', '--namespace-mappings', 'shop:one-only', '--dry-run', '-o', 'json');
    const items = JSON.parse(dry.out).items.map(
      ({ groupResource, name }: JsonObject) => `${asString(groupResource)} ${asString(name)}`,
    );
    expect(items).toEqual(['configmaps one']);
    const done = await back('configmap/one', '--namespace-mappings', 'shop:one-only', '--yes');
    expect(done).toMatchObject({ status: 0 });
    expect(stored('configmaps', 'one-only', 'one')).toMatchObject({ data: { a: '1' } });
    expect(stored('configmaps', 'one-only', 'two')).toBeUndefined();
  });

  it('takes globs and several kinds, and shows beforehand which come', async () => {
    const asked = await back('cm/t*', 'secrets/secret', '--namespace-mappings', 'shop:several');
    expect(asked).toMatchObject({ status: 2, err: expect.stringContaining('not-agreed') });
    expect(asked.err).toContain('+ configmaps shop/two');
    expect(asked.err).toContain('+ secrets shop/secret');
    expect(asked.err).not.toContain('shop/one');
    await back('cm/t*', 'secrets/secret', '--namespace-mappings', 'shop:several', '--yes');
    expect(stored('configmaps', 'several', 'three')).toBeDefined();
    expect(stored('secrets', 'several', 'secret')).toBeDefined();
    expect(stored('configmaps', 'several', 'one')).toBeUndefined();
  });

  it('says what an object refers to and would not find, and brings it with --with-related', async () => {
    const alone = await back('pod/user', '--namespace-mappings', 'shop:alone', '--yes', '-o', 'json');
    expect(JSON.parse(alone.out).warnings).toEqual([
      'Pod shop/user refers to ConfigMap "one", which is not in the namespace "alone": --with-related brings it back too',
      'Pod shop/user refers to PersistentVolumeClaim "data", which is not in the namespace "alone": --with-related brings it back too',
    ]);
    expect(stored('configmaps', 'alone', 'one')).toBeUndefined();
    const whole = await back('pod/user', '--with-related', '--namespace-mappings', 'shop:whole', '--yes', '-o', 'json');
    expect(JSON.parse(whole.out).warnings).toEqual([]);
    for (const [kind, name] of [
      ['configmaps', 'one'],
      ['persistentvolumeclaims', 'data'],
      ['pods', 'user'],
    ] as const)
      expect(stored(kind, 'whole', name), kind).toBeDefined();
    expect(stored('configmaps', 'whole', 'two')).toBeUndefined();
  });

  it.each([
    [['configmap/oen'], /the backup holds no configmap\/oen[^]*Did you mean one\?/],
    [['confgimaps/one'], /the backup holds no confgimaps\/one[^]*Did you mean configmaps\?/],
    [['configmap/'], /"configmap\/" is no object/],
    [['configmap/one', '--prune'], /objects were named, and --prune/],
    [['a', 'b', 'configmap/one'], /"b" is no object/],
    [['--with-related'], /--with-related stands without objects/],
  ])('%j is refused, with what to do', async (args, words) => {
    const { status, err } = await back(...args, '--yes');
    expect(status).toBe(2);
    expect(err).toMatch(words);
  });
});
