import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../test/programs/temporary-folder.ts';
import { createClient, readConnection } from '../../api/index.ts';
import { asArray, type JsonObject } from '../../model/index.ts';
import { type ExecCall, type ExecResult, startPlayground } from '../../playground/index.ts';
import type { ClonedObject, ClonePlan, CloneSource } from './clone-plan.ts';
import { copyVolumes } from './copy-volumes.ts';
import { refusal } from './pack-files.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

function claim(namespace: string): JsonObject {
  const spec = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } };
  return { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name: 'data', namespace }, spec };
}

const pod: ClonedObject = {
  place: { groupResource: 'pods', namespace: 'shop', name: 'db-0' },
  object: {
    spec: { nodeName: 'playground', volumes: [{ name: 'd', persistentVolumeClaim: { claimName: 'data' } }] },
    status: { phase: 'Running' },
  },
};
const source: CloneSource = { namespace: 'shop', objects: [pod], problems: [], outside: [] };
const plan = { name: 'copy', volumes: [{ claim: 'data', from: 'original' }] } as unknown as ClonePlan;

type Meddle = (call: ExecCall, root: string) => ExecResult | undefined;

/** Commands of helpers run here, in a folder for each of the two volumes. */
async function open(meddle: Meddle = () => undefined) {
  const roots = { shop: temporaryFolder(), copy: temporaryFolder() };
  const calls: string[] = [];
  const result = (call: ExecCall): ExecResult => {
    const root = call.namespace === 'shop' ? roots.shop : roots.copy;
    const [program = '', ...args] = call.command.map((word) => word.replaceAll('/work/data', root));
    calls.push(`${call.namespace} ${call.command.join(' ')}`);
    const answer = meddle(call, root);
    if (answer !== undefined) return answer;
    const { stdout, stderr, status } = spawnSync(program, args, { input: call.stdin, maxBuffer: 1 << 26 });
    return { stdout: new Uint8Array(stdout), stderr: stderr.toString(), exitCode: status ?? 1 };
  };
  const playground = await startPlayground({
    seed: [claim('shop'), claim('copy')],
    scripts: { exec: [{ pod: /^nowwhat-volume-/, result }] },
  });
  const kubeconfig = join(temporaryFolder({ config: playground.kubeconfig() }), 'config');
  const client = createClient(await readConnection({ environment: { KUBECONFIG: kubeconfig } }));
  closing.push(
    () => playground.close(),
    () => client.close(),
  );
  const context = {
    client,
    sleep: (milliseconds: number) => setTimeout(Math.min(milliseconds, 20)),
    now: Date.now,
    signal: new AbortController().signal,
    helpers: new Set<() => Promise<void>>(),
  };
  const copy = copyVolumes({
    source,
    plan,
    from: context,
    to: context,
    image: 'r.test/busybox:1',
    timeout: 60_000,
    concurrency: 2,
    progress: () => undefined,
  });
  const fill = (claims: ReadonlyMap<string, 'made' | 'there'> = new Map([['copy/data', 'made']])) =>
    copy({ mapNamespace: (name) => name, claims, dryRun: false });
  const left = async (): Promise<number> => {
    await playground.settled();
    const lists = ['shop', 'copy'].flatMap((namespace) =>
      ['pods', 'secrets'].map((what) => client.request({ path: `/api/v1/namespaces/${namespace}/${what}` })),
    );
    return (await Promise.all(lists)).reduce((sum, { items }) => sum + asArray(items).length, 0);
  };
  return { roots, calls, fill, left };
}

/** As they stood a while ago: nothing of them changes while they are copied. */
async function fillSource(root: string): Promise<void> {
  mkdirSync(join(root, 'sub'));
  for (let n = 0; n < 20; n += 1) writeFileSync(join(root, 'sub', `page ${n}`), `text ${n}`.repeat(500));
  chmodSync(join(root, 'sub', 'page 1'), 0o640);
  symlinkSync('sub/page 2', join(root, 'latest'));
  await setTimeout(1100);
}

const isUnpack = ({ command }: ExecCall): boolean => command.join(' ').includes('-xpf');

describe('the volumes of a copy', () => {
  it('are filled from pod to pod, each file compared, and nothing is left behind', async () => {
    const { roots, fill, left, calls } = await open();
    await fillSource(roots.shop);
    expect(await fill()).toEqual([
      {
        namespace: 'copy',
        name: 'data',
        result: 'filled',
        message: '22 files and directories, each as in the original',
      },
    ]);
    expect(readFileSync(join(roots.copy, 'latest'), 'utf8')).toContain('text 2');
    expect(readdirSync(roots.copy)).toEqual(['latest', 'sub']);
    expect(calls.filter((each) => each.startsWith('shop ')).some((each) => /rm -|touch/.test(each))).toBe(false);
    expect(await left()).toBe(0);
  });

  it('are left alone where they hold files, and where the copy has no such claim', async () => {
    const { roots, fill, calls } = await open();
    writeFileSync(join(roots.copy, 'own'), '1');
    expect(await fill()).toMatchObject([{ result: 'there already' }]);
    expect(calls).toHaveLength(1);
    expect(await fill(new Map())).toEqual([]);
  });

  it('are begun anew where an earlier run broke off', async () => {
    const { roots, fill } = await open();
    await fillSource(roots.shop);
    for (const name of ['.nowwhat-unfinished', 'half']) writeFileSync(join(roots.copy, name), '1');
    expect(await fill()).toMatchObject([{ result: 'filled' }]);
    expect(readdirSync(roots.copy)).toEqual(['latest', 'sub']);
  });

  it('are not filled from a volume that is not whole itself', async () => {
    const { roots, fill } = await open();
    writeFileSync(join(roots.shop, '.nowwhat-unfinished'), '');
    await expect(fill()).rejects.toThrow('not whole itself');
  });

  it('that arrive otherwise three times end it, with the file, and keep the mark', async () => {
    let tries = 0;
    const { roots, fill, left } = await open((call, root) => {
      if (call.namespace === 'copy' && call.command.join(' ').includes('xargs -0 -n 200')) {
        tries += 1;
        appendFileSync(join(root, 'sub', 'page 3'), 'x');
      }
      return undefined;
    });
    await fillSource(roots.shop);
    await expect(fill()).rejects.toThrow('./sub/page 3 has another content');
    expect(tries).toBe(3);
    expect(existsSync(join(roots.copy, '.nowwhat-unfinished'))).toBe(true);
    expect(await left()).toBe(0);
  });

  it('that do not fit end it at once, in the words of the program', async () => {
    const { roots, fill, calls } = await open((call) =>
      isUnpack(call)
        ? { exitCode: 2, stderr: `tar: ./a: No space left on device, write failed\n${refusal}\n` }
        : undefined,
    );
    await fillSource(roots.shop);
    await expect(fill()).rejects.toThrow('No space left on device');
    expect(calls.filter((each) => each.includes('-xpf'))).toHaveLength(1);
  });

  it('tell of what changed meanwhile, and do not count it as another file', async () => {
    const { roots, fill } = await open((call, root) => {
      if (call.namespace === 'shop' && call.command.join(' ').includes('xargs -0 -n 200'))
        appendFileSync(join(root, 'sub', 'page 3'), 'x');
      return undefined;
    });
    await fillSource(roots.shop);
    expect((await fill())[0]?.message).toContain('1 changed meanwhile');
  });
});
