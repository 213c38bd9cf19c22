import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { createClient, readConnection } from '../../api/index.ts';
import { asArray } from '../../model/index.ts';
import { openFolderStore } from '../store/folder-store.ts';
import { startPlayground } from '../../playground/index.ts';
import { fillVolumes } from './fill-volumes.ts';
import { parseRecord } from './velero-records.ts';

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

async function open(answers: Readonly<Record<string, Answer>>, records = [record(whole)]) {
  const calls: string[] = [];
  const script = {
    pod: /^nowwhat-volume-/,
    result: ({ command }: { readonly command: readonly string[] }): Answer => {
      const line = command.join(' ');
      calls.push(line);
      return answers[Object.keys(answers).find((each) => line.startsWith(each)) ?? ''] ?? {};
    },
  };
  const playground = await startPlayground({ seed: [claim], scripts: { exec: [script] } });
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
  const sleep = (milliseconds: number): Promise<void> => setTimeout(Math.min(milliseconds, 20));
  const how = {
    context: { client, sleep, now: Date.now, signal: stop.signal, helpers: new Set<() => Promise<void>>() },
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
    podSpecs: new Map(),
  };
  const fill = (claims: ReadonlyMap<string, 'made' | 'there'> = new Map([[`${namespace}/data`, 'made']])) =>
    fillVolumes(how, { mapNamespace: (name) => `${name}-copy`, claims, dryRun: false });
  const pods = async () => {
    await playground.settled();
    return asArray((await client.request({ path: `/api/v1/namespaces/${namespace}/pods` }))['items']).length;
  };
  return { fill, calls, pods };
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
    await expect(fill()).rejects.toThrow('no space left on device');
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
    const { fill, calls } = await open({}, records);
    const [left] = await fill(claims);
    expect(left).toMatchObject({ result: 'left out' });
    expect(left?.message).toContain(words);
    expect(calls).toEqual([]);
  });
});
