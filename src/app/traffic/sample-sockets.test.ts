import { afterEach, describe, expect, it } from 'vitest';
import { type PlaygroundFolder, openPlaygroundFolder } from '../../../test/kubernetes/playground-folder.ts';
import { type ApiClient, createClient, readConnection, systemClock } from '../../api/index.ts';
import { asArray, asObject, type JsonObject } from '../../model/index.ts';
import type { ExecResult } from '../../playground/index.ts';
import { type Sampled, sampleSockets } from './sample-sockets.ts';

let cluster: PlaygroundFolder;
let client: ApiClient;
afterEach(async () => {
  await client.close();
  await cluster.close();
});

const pod = (name: string): JsonObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'shop' },
  spec: { nodeName: 'n1', containers: [{ name: 'main', image: 'a' }] },
});

/** A table with one connection, to 10.0.0.2:8080. */
const table = `  sl  local_address rem_address   st
   0: 0100000A:9C40 0200000A:1F90 01 00000000:00000000 00:00000000 00000000     0        0 1 1 0 20 4 30 10 -1
`;

/** `answer` is asked for each try of `cat`, from 1, for each pod by itself. */
async function look(
  names: readonly string[],
  answer: (pod: string, time: number) => Promise<ExecResult> | ExecResult,
  times: { readonly duration: number; readonly every: number },
): Promise<Sampled> {
  const tries = new Map<string, number>();
  const result = (call: { readonly pod: string }): Promise<ExecResult> | ExecResult => {
    const time = (tries.get(call.pod) ?? 0) + 1;
    tries.set(call.pod, time);
    return answer(call.pod, time);
  };
  const objects = [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } }, ...names.map(pod)];
  cluster = await openPlaygroundFolder(objects, { scripts: { exec: [{ command: /^cat /, result }] } });
  client = createClient(await readConnection({ path: cluster.kubeconfig, environment: {} }));
  return await sampleSockets({
    client,
    clock: systemClock,
    concurrency: 8,
    listPods: async () => {
      const { items } = await client.request({ path: '/api/v1/namespaces/shop/pods' });
      return asArray(items).map(asObject);
    },
    orderOf: () => 'little',
    progress: () => undefined,
    ...times,
  });
}

const samplesOf = ({ pods }: Sampled, name: string): number =>
  pods.find((each) => each.pod === name)?.samples.length ?? 0;

describe('looks into pods', () => {
  it('go on where the first was broken off: a busy node is no lack of a program', async () => {
    // Nothing printed, and content with it: as where the stream was lost.
    const sampled = await look(['web'], (_, time) => ({ stdout: time < 3 ? '' : table }), {
      duration: 600,
      every: 100,
    });
    expect(sampled.notSampled).toEqual([]);
    expect(sampled.pods).toMatchObject([{ pod: 'web', by: 'cat' }]);
    expect(samplesOf(sampled, 'web')).toBeGreaterThanOrEqual(3);
  });

  it('end where there is no program to look with, and say so', async () => {
    const sampled = await look(['web'], () => ({ exitCode: 1, stderr: 'cat: what?' }), { duration: 300, every: 100 });
    expect(sampled.pods).toEqual([]);
    expect(sampled.notSampled).toMatchObject([{ pod: 'web', reason: expect.stringContaining('no program') }]);
  });

  it('are not held up by a pod that is slow, which is waited for and told', async () => {
    const slow = (name: string): Promise<ExecResult> =>
      new Promise((resolve) => setTimeout(() => resolve({ stdout: table }), name === 'slow' ? 700 : 0));
    const sampled = await look(['quick', 'slow'], slow, { duration: 1000, every: 50 });
    expect(samplesOf(sampled, 'quick')).toBeGreaterThan(samplesOf(sampled, 'slow') * 2);
    expect(samplesOf(sampled, 'slow')).toBeGreaterThanOrEqual(3);
    expect(sampled.end - sampled.start).toBeGreaterThan(1400);
    expect(sampled.slow.map((each) => each.pod)).toContain('slow');
  });

  it('tell of trouble that did not pass', async () => {
    const sampled = await look(['web', 'stuck'], (name) => ({ stdout: name === 'stuck' ? '' : table }), {
      duration: 200,
      every: 100,
    });
    expect(sampled.notSampled).toMatchObject([{ pod: 'stuck', reason: expect.stringContaining('broken off') }]);
    expect(samplesOf(sampled, 'web')).toBeGreaterThan(2);
  }, 60_000);
});
