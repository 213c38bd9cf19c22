import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { createClient, readConnection } from '../../api/index.ts';
import { asArray, asObject, type JsonObject } from '../../model/index.ts';
import { openFolderStore } from '../store/folder-store.ts';
import { startPlayground } from '../../playground/index.ts';
import { fillVolumes } from './fill-volumes.ts';
import { parseRecord, type VolumeRecord } from './velero-records.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

type Answer = { readonly stdout?: string; readonly stderr?: string; readonly exitCode?: number };

const namespace = 'shop-copy';
const claim = {
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name: 'data', namespace },
  spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
};

function record(status: object, annotations: object = { 'velero.io/pvc-name': 'data' }, uploaderType = 'kopia') {
  const spec = { pod: { namespace: 'shop', name: 'db-0' }, volume: 'data', uploaderType };
  const parsed = parseRecord({ metadata: { annotations }, spec, status });
  if (parsed === undefined) throw new Error('it is a record');
  return parsed;
}

const whole = { phase: 'Completed', snapshotID: 'a1b2', progress: { totalBytes: 5 } };

interface Beginning {
  readonly records?: readonly VolumeRecord[];
  readonly seed?: readonly JsonObject[];
  readonly pods?: ReadonlyMap<string, JsonObject>;
  /** Time goes by as fast as anybody waits for it. */
  readonly isHurried?: boolean;
}

async function open(answers: Readonly<Record<string, Answer>>, beginning: Beginning = {}) {
  const {
    records = [record(whole)],
    seed = [claim],
    pods = new Map<string, JsonObject>(),
    isHurried = false,
  } = beginning;
  const calls: string[] = [];
  const script = {
    pod: /^nowwhat-volume-/,
    result: ({ command }: { readonly command: readonly string[] }): Answer => {
      const line = command.join(' ');
      calls.push(line);
      return answers[Object.keys(answers).find((each) => line.startsWith(each)) ?? ''] ?? {};
    },
  };
  const playground = await startPlayground({ seed, scripts: { exec: [script] } });
  const folder = mkdtempSync(join(tmpdir(), 'nowwhat-volumes-'));
  const file = join(folder, 'config');
  writeFileSync(file, playground.kubeconfig());
  const client = createClient(await readConnection({ environment: { KUBECONFIG: file } }));
  closing.push(
    () => rmSync(folder, { recursive: true }),
    () => playground.close(),
    () => client.close(),
  );
  const stop = new AbortController();
  let slept = 0;
  const sleep = (milliseconds: number): Promise<void> => {
    slept += milliseconds;
    return setTimeout(Math.min(milliseconds, isHurried ? 5 : 20));
  };
  const now = isHurried ? () => slept : Date.now;
  const how = {
    context: {
      client,
      sleep,
      now,
      signal: stop.signal,
      helpers: new Set<() => Promise<void>>(),
    },
    repository: {
      kind: 'bucket' as const,
      bucket: 'kept',
      prefix: '',
      endpoint: 'http://s3.test',
      region: 'eu',
      hasAuthority: false,
    },
    store: openFolderStore(join(folder, 'store')),
    secret: { KOPIA_PASSWORD: 'p' },
    image: 'r.test/kopia:1',
    timeout: 60_000,
    concurrency: 2,
    folder,
    progress: () => undefined,
    records,
    pods,
  };
  const fill = (claims: ReadonlyMap<string, 'made' | 'there'> = new Map([[`${namespace}/data`, 'made']])) =>
    fillVolumes(how, { mapNamespace: (name) => `${name}-copy`, claims, dryRun: false });
  const podsLeft = async () => {
    await playground.settled();
    return asArray((await client.request({ path: `/api/v1/namespaces/${namespace}/pods` }))['items']).length;
  };
  return { fill, calls, pods: podsLeft, client, settled: () => playground.settled() };
}

describe('bringing volumes back', () => {
  it('fills a claim that is empty, out of the repository of its old namespace, and leaves no helper', async () => {
    const { fill, calls, pods } = await open({ 'sh -c': { stdout: 'fill\n' } });
    expect(await fill()).toEqual([{ namespace, name: 'data', result: 'filled' }]);
    expect(calls.map((each) => each.split(' ').slice(0, 2).join(' ')).slice(1)).toEqual([
      'touch /work/data/.nowwhat-unfinished',
      'kopia repository',
      'kopia restore',
      'rm -f',
    ]);
    expect(calls.join('\n')).toContain('--prefix=kopia/shop/');
    expect(await pods()).toBe(0);
  });

  it('leaves a claim alone that holds files', async () => {
    const { fill, calls } = await open({ 'sh -c': { stdout: 'full\n' } });
    expect(await fill()).toMatchObject([{ result: 'there already' }]);
    expect(calls).toHaveLength(1);
  });

  it('ends where data do not come in, keeps the mark that says so, and leaves no helper', async () => {
    const { fill, calls, pods } = await open({
      'sh -c': { stdout: 'fill\n' },
      'kopia restore': { exitCode: 1, stderr: 'ERROR restore error: no space left on device' },
    });
    await expect(fill()).rejects.toMatchObject({
      code: 'volume-unreadable',
      message: expect.stringContaining('no space left on device'),
    });
    expect(calls.some((each) => each.startsWith('rm'))).toBe(false);
    expect(await pods()).toBe(0);
  });

  it.each([
    ['its claim is not restored', [record(whole)], new Map<string, 'made'>()],
    ['saved with restic', [record(whole, undefined, 'restic')], undefined],
    ['it was empty', [record({ phase: 'Completed' })], undefined],
    ['it is Failed: disk full', [record({ phase: 'Failed', message: 'disk full' })], undefined],
    ['of the pod db-0 alone', [record(whole, {})], undefined],
  ])('leaves out what it cannot bring back: %s', async (words, records, claims) => {
    const { fill, calls } = await open({}, { records });
    const [left] = await fill(claims);
    expect(left).toMatchObject({ result: 'left out' });
    expect(left?.message).toContain(words);
    expect(calls).toEqual([]);
  });
});

describe('claims that wait for their first pod', () => {
  const names = ['files', 'log', 'rows'];
  const nodes = ['a', 'b', 'c'].map((name) => ({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels: { disk: name === 'c' ? 'slow' : 'fast' } },
  }));
  const onDisk = {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name: 'on-disk' },
    provisioner: 'disk.test',
    volumeBindingMode: 'WaitForFirstConsumer',
  };
  const claims = names.map((name) => ({
    ...claim,
    metadata: { name, namespace },
    spec: { ...claim.spec, storageClassName: 'on-disk' },
  }));

  function pod(spec: JsonObject): JsonObject {
    const volumes = names.map((claimName) => ({ name: claimName, persistentVolumeClaim: { claimName } }));
    const containers = [{ name: 'c', image: 'r.test/db:1', volumeMounts: [] }];
    return {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'db-0', namespace: 'shop' },
      spec: { containers, volumes, ...spec },
    };
  }

  const all = new Map(names.map((name) => [`${namespace}/${name}`, 'made' as const]));
  // The last one has no data in the backup.
  const records = names.slice(0, 2).map((name) => record(whole, { 'velero.io/pvc-name': name }));

  async function fillFor(saved: JsonObject, there: readonly JsonObject[] = claims) {
    const opened = await open(
      { 'sh -c': { stdout: 'fill\n' } },
      { records, seed: [...nodes, onDisk, ...there], pods: new Map([['shop/db-0', saved]]), isHurried: true },
    );
    const filled = await opened.fill(all);
    await opened.settled();
    return { ...opened, filled };
  }

  it('have their volumes on one node where one pod mounts them, and the pod runs there', async () => {
    const saved = pod({ nodeSelector: { disk: 'fast' } });
    const { client, filled, pods, settled } = await fillFor(saved);
    expect(filled).toEqual(names.slice(0, 2).map((name) => ({ namespace, name, result: 'filled' })));
    expect(await pods()).toBe(0);
    const { items } = await client.request({ path: '/api/v1/persistentvolumes' });
    const affinities = asArray(items).map((each) => JSON.stringify(asObject(asObject(each)['spec'])['nodeAffinity']));
    expect(affinities).toHaveLength(3);
    expect(new Set(affinities).size).toBe(1);
    const body = { ...saved, metadata: { name: 'db-0', namespace } };
    await client.request({ method: 'POST', path: `/api/v1/namespaces/${namespace}/pods`, body });
    await settled();
    const { spec, status } = await client.request({ path: `/api/v1/namespaces/${namespace}/pods/db-0` });
    expect(status).toMatchObject({ phase: 'Running' });
    expect(['a', 'b']).toContain(asObject(spec)['nodeName']);
  });

  it('are placed each for itself where the pod could be nowhere, and that is said', async () => {
    const volumeOn = (node: string, name: string): JsonObject => ({
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { name },
      spec: {
        capacity: { storage: '1Gi' },
        accessModes: ['ReadWriteOnce'],
        storageClassName: 'on-disk',
        claimRef: { namespace, name },
        hostPath: { path: `/${name}` },
        nodeAffinity: {
          required: {
            nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: [node] }] }],
          },
        },
      },
    });
    const bound = claims.map((each) => {
      const volume = each.metadata.name === 'files' ? {} : { volumeName: each.metadata.name };
      return { ...each, spec: { ...each.spec, ...volume } };
    });
    const { filled, pods } = await fillFor(pod({}), [...bound, volumeOn('a', 'log'), volumeOn('b', 'rows')]);
    expect(filled).toEqual([
      {
        namespace,
        name: 'files',
        result: 'filled',
        message: expect.stringContaining('could not be placed: 0/3 nodes'),
      },
      { namespace, name: 'log', result: 'filled', message: expect.any(String) },
    ]);
    expect(await pods()).toBe(0);
  });
});
