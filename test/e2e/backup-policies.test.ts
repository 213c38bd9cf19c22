// Resource policies as a user writes them: the built program shows what becomes of each volume, and saves accordingly.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parsePolicies } from '../../src/backup/index.ts';
import { asArray, asObject, type JsonObject } from '../../src/model/index.ts';
import { type Playground, startPlayground } from '../../src/playground/index.ts';
import { type Ran, root } from './run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'nowwhat-policies-'));
const kubeconfig = join(folder, 'kubeconfig');
const store = join(folder, 'kept');
let playground: Playground;

const policies = `version: v1
volumePolicies:
- conditions:
    capacity: "100Gi,"
  action:
    type: skip
- conditions:
    storageClass: [cache]
  action:
    type: custom
includeExcludePolicy:
  excludedNamespaceScopedResources: [secrets]
`;

function volume(name: string, storage: string, storageClassName: string): JsonObject[] {
  const size = { storage };
  const modes = { accessModes: ['ReadWriteOnce'], storageClassName };
  return [
    {
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { name: `pv-${name}` },
      spec: { ...modes, capacity: size, hostPath: { path: '/x' }, claimRef: { namespace: 'shop', name } },
    },
    {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name, namespace: 'shop' },
      spec: { ...modes, resources: { requests: size }, volumeName: `pv-${name}` },
      status: { phase: 'Bound' },
    },
  ];
}

beforeAll(async () => {
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'velero' } };
  const map = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'policies', namespace: 'velero' },
    data: { 'p.yaml': policies },
  };
  const secret = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 's', namespace: 'shop' },
    data: { p: 'cGFzc3dvcmQ=' },
  };
  const volumes = [
    ...volume('films', '200Gi', 'slow'),
    ...volume('cache', '1Gi', 'cache'),
    ...volume('data', '1Gi', 'slow'),
  ];
  playground = await startPlayground({ seed: [namespace, map, secret, ...volumes], controllers: false });
  writeFileSync(kubeconfig, playground.kubeconfig());
  writeFileSync(join(folder, 'policies.yaml'), policies);
});

afterAll(async () => {
  await playground.close();
  rmSync(folder, { recursive: true });
});

function create(...args: string[]): Promise<Ran> {
  return run('backup', 'create', '--context', '.', '-n', 'shop', ...args);
}

function run(...args: string[]): Promise<Ran> {
  const env = { PATH: process.env['PATH'] ?? '', HOME: folder, KUBECONFIG: kubeconfig };
  const all = [join(root, 'bin/nowwhat.js'), ...args];
  return new Promise((done) => {
    execFile(process.execPath, all, { env, cwd: folder }, (error, out, err) => {
      done({ status: error === null ? 0 : Number(error.code), out, err });
    });
  });
}

describe.each([
  ['a file', ['--resource-policies', 'policies.yaml'], 'policies.yaml'],
  ['a ConfigMap', ['--resource-policies-configmap', 'policies'], 'policies'],
])('policies in %s', (kind, option, source) => {
  it('are shown by a dry run, which writes nothing', async () => {
    const { status, out, err } = await create('one', '--dry-run', ...option);
    expect({ status, err }).toEqual({ status: 0, err: '' });
    expect(out).toContain(`shop: claim films  not saved   volumePolicies[0] of ${source}:3 says to skip it`);
    expect(out).toContain(
      `shop: claim cache  not saved   volumePolicies[1] of ${source}:7 leaves it to another program`,
    );
    expect(out).toContain(
      'shop: claim data   not saved   only volumes of CSI drivers have snapshots, and no pod asks for',
    );
    expect(out).toMatch(/one {2}would hold \d+ objects: .*3 persistentvolumes/);
    const { resources, volumes } = JSON.parse((await create('--dry-run', '-o', 'json', ...option)).out);
    expect(resources).not.toContainEqual(expect.objectContaining({ resource: 'secrets' }));
    expect(volumes).toHaveLength(3);
  });

  it('are told in the backup for each volume without data', async () => {
    const name = kind === 'a file' ? 'file' : 'map';
    expect(await create(name, '--store', store, ...option)).toMatchObject({ status: 0, err: '' });
    const read = (side: string): unknown =>
      JSON.parse(gunzipSync(readFileSync(join(store, 'backups', name, `${name}-${side}.json.gz`))).toString());
    const reasons = asArray(read('volumeinfo') as [])
      .map(asObject)
      .map(({ pvName, skippedReason }) => [pvName, skippedReason]);
    expect(new Map(reasons as [string, string][])).toEqual(
      new Map([
        ['pv-films', `volumePolicies[0] of ${source}:3 says to skip it`],
        ['pv-cache', `volumePolicies[1] of ${source}:7 leaves it to another program`],
        ['pv-data', 'only volumes of CSI drivers have snapshots, and no pod asks for its files'],
      ]),
    );
    expect(Object.keys(read('resource-list') as object)).not.toContain('v1/Secret');
    const object = JSON.parse(readFileSync(join(store, 'backups', name, 'velero-backup.json'), 'utf8'));
    expect(object.spec.resourcePolicy).toEqual(kind === 'a file' ? undefined : { kind: 'configmap', name: 'policies' });
  });
});

it('a Velero Backup names the ConfigMap of its policies', async () => {
  writeFileSync(
    join(folder, 'backup.yaml'),
    'apiVersion: velero.io/v1\nkind: Backup\nmetadata: {name: asked}\nspec: {includedNamespaces: [shop], resourcePolicy: {kind: ConfigMap, name: policies}}\n',
  );
  expect((await create('--dry-run', '-f', 'backup.yaml')).out).toContain('of policies:3 says to skip it');
});

it('the policies that the docs show are some', () => {
  const section = /^## Policies\n[\s\S]*?^## /m.exec(readFileSync(join(root, 'docs/backups.md'), 'utf8'))?.[0] ?? '';
  const [volumes, filters] = [...section.matchAll(/^```yaml\n([\s\S]*?)^```/gm)].map(([, text]) =>
    parsePolicies(text ?? '', 'docs'),
  );
  expect(volumes?.volumePolicies).toHaveLength(2);
  expect(filters?.filters?.namespacedFilterPolicies).toHaveLength(2);
});

describe('filters of kinds', () => {
  const filters = `version: v1
namespacedFilterPolicies:
- namespaces: ["sh*"]
  resourceFilters:
  - {kinds: [PersistentVolumeClaim], names: [data, cache]}
  - {kinds: [Gadget]}
clusterScopedFilterPolicy:
  resourceFilters:
  - {kinds: [PersistentVolume], excludedNames: ["*-cache"]}
`;

  async function saved(...args: string[]): Promise<Ran> {
    writeFileSync(join(folder, 'filters.yaml'), filters);
    return await create('filtered', '--store', store, '--resource-policies', 'filters.yaml', ...args);
  }

  it('are shown by a dry run, with what has no effect', async () => {
    const { status, out } = await saved('--dry-run');
    expect(status).toBe(0);
    expect(out).toContain('2 persistentvolumeclaims');
    expect(out).toContain('1 persistentvolume');
    expect(out).not.toContain('secret');
    expect(out).toContain('namespacedFilterPolicies[0] filters Gadget, which the cluster does not serve');
  });

  it('decide what is in the backup, which remembers them', async () => {
    const { status, err } = await saved();
    expect({ status, err }).toEqual({ status: 0, err: '' });
    const list = gunzipSync(readFileSync(join(store, 'backups/filtered/filtered-resource-list.json.gz'))).toString();
    expect(JSON.parse(list)).toEqual({
      'v1/Namespace': ['shop'],
      'v1/PersistentVolume': ['pv-data'],
      'v1/PersistentVolumeClaim': ['shop/cache', 'shop/data'],
    });
    const { metadata, spec } = JSON.parse(readFileSync(join(store, 'backups/filtered/velero-backup.json'), 'utf8'));
    expect(spec).not.toHaveProperty('filters');
    expect(JSON.parse(metadata.annotations['nowwhat.dev/object-filters']).inNamespaces).toHaveLength(1);
  });

  it('are kept by a diff with the cluster, and by a prune', async () => {
    const live = await run('backup', 'diff', 'filtered', 'live', '--store', store, '--context', '.');
    expect(live.out).not.toContain('shop/films');
    const restoring = ['restore', 'create', '--from-backup', 'filtered', '--store', store, '--context', '.'];
    const pruned = await run(...restoring, '--prune', '--dry-run', '-o', 'json');
    expect(JSON.parse(pruned.out).items.filter(({ result }: { result: string }) => result === 'pruned')).toEqual([]);
  });

  it('decide what a restore takes', async () => {
    const one =
      'version: v1\nnamespacedFilterPolicies: [{namespaces: [shop], resourceFilters: [{kinds: [pvc], names: [d*]}]}]';
    writeFileSync(join(folder, 'restored.yaml'), one);
    const restoring = [
      'restore',
      'create',
      '--from-backup',
      'filtered',
      '--store',
      store,
      '--context',
      '.',
      '--dry-run',
    ];
    const mapped = ['--namespace-mappings', 'shop:copy', '--resource-policies', 'restored.yaml', '-o', 'json'];
    const { out } = await run(...restoring, ...mapped);
    const names = JSON.parse(out).items.map(({ kind, name }: Record<string, string>) => `${kind}/${name}`);
    expect(names).toContain('PersistentVolumeClaim/data');
    expect(names).not.toContain('PersistentVolumeClaim/cache');
    const refused = await run(...restoring, '--resource-policies', 'policies.yaml');
    expect(refused.err).toContain('volumePolicies of resource policies are for backups');
  });
});

describe('policies that cannot be followed', () => {
  it('end the command with their line', async () => {
    writeFileSync(join(folder, 'wrong.yaml'), `${policies}volumePolicie: []\n`);
    const { status, err } = await create('--dry-run', '--resource-policies', 'wrong.yaml');
    expect(status).toBe(2);
    expect(err).toContain('wrong.yaml:13 volumePolicie is no key of resource policies');
    expect(err).toContain('invalid-policies');
  });

  it.each([
    [['--resource-policies-configmap', 'shop/none'], 'there is no ConfigMap "none" in the namespace "shop"'],
    [
      ['--resource-policies', 'policies.yaml', '--resource-policies-configmap', 'policies'],
      'from a file or from a ConfigMap',
    ],
    [['--resource-policies', 'policies.yaml', '--include-resources', 'pods'], 'does not go together'],
    [['--resource-policies', 'none.yaml'], 'none.yaml cannot be read'],
  ])('end it for %j', async (option, words) => {
    const { status, err } = await create('--dry-run', ...option);
    expect(status).toBe(2);
    expect(err).toContain(words);
  });
});
