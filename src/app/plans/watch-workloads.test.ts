import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createManualClock } from '../../../test/kubernetes/manual-clock.ts';
import { openPlaygroundFolder, type PlaygroundFolder } from '../../../test/kubernetes/playground-folder.ts';
import { type Said, sayOfPods } from '../../../test/kubernetes/stand-in-kubelet.ts';
import { type ApiClient, createClient, readConnection } from '../../api/index.ts';
import { asObject, type JsonObject, valueAt } from '../../model/index.ts';
import { applyPlan } from './apply-plan.ts';
import { planClusterFix } from './cluster/fix-cluster.ts';
import { usualPatience } from './watch-workloads.ts';

function deployment(name: string): JsonObject {
  const labels = { app: name };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: 'shop', labels },
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: 'c', image: 'registry.test/c:1' }] } },
    },
  };
}

const reading = { values: [], set: [], allowRemote: false, maxFileBytes: 1 << 20, inputs: [], takeOver: [] };

let root: string;
let cluster: PlaygroundFolder;
let client: ApiClient;
beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'nowwhat-'));
  cluster = await openPlaygroundFolder([deployment('api'), deployment('web')]);
  client = createClient(await readConnection({ path: cluster.kubeconfig, environment: {} }));
});
afterEach(async () => {
  await client.close();
  await cluster.close();
  rmSync(root, { recursive: true });
});

const isFixed = (name: string): boolean => {
  const stored = cluster.playground.store.get('apps/deployments', 'shop', name) ?? {};
  return valueAt(stored, ['spec', 'template', 'spec', 'securityContext', 'seccompProfile']) !== undefined;
};

const up = (restarts: number): Said => ({ up: true, restarts });
const down = (restarts: number): Said => ({ up: false, restarts });

/** What the kubelet says of the pods of `api` by the second after its change, as long as it is changed. */
async function fix(script: Readonly<Record<number, Said>>) {
  const wish = { kubeconfig: cluster.kubeconfig, namespaces: ['shop'], allNamespaces: false, concurrency: 4 };
  const clock = createManualClock(Date.parse('2026-11-29T12:00:00Z'));
  const told: string[] = [];
  const outside = {
    stdin: () => Promise.resolve(new Uint8Array()),
    environment: {},
    today: '2026-11-29',
    progress: (text: string) => void told.push(text),
  };
  const { plan } = await planClusterFix(
    {
      ...reading,
      cluster: { ...wish, context: '.' },
      only: ['seccomp-unset'],
      making: { command: 'nowwhat fix', version: '0', now: '2026-11-29T12:00:00Z' },
    },
    outside,
  );
  expect(plan.steps.map(({ title }) => title)).toEqual(['Change Deployment shop/api', 'Change Deployment shop/web']);
  let second = 0;
  const sleep = async (milliseconds: number): Promise<void> => {
    await clock.sleep(milliseconds);
    if (!isFixed('api')) return;
    second += 1;
    const said = script[second];
    if (said !== undefined) await sayOfPods(client, cluster.playground, 'api', said);
  };
  const { journal } = await applyPlan(
    plan,
    { root, cluster: wish, keep: false, patience: usualPatience },
    { ...outside, clock: { ...clock, sleep } },
  );
  return { journal, told, seconds: clock.slept.length };
}

describe('workloads that a plan has changed', () => {
  it('are looked at for ten seconds in the end, all of them at once', async () => {
    const { journal, told, seconds } = await fix({});
    expect(journal).toMatchObject({ state: 'applied' });
    expect(journal.trouble).toBeUndefined();
    expect(told).toContain('looking whether 2 workloads stay ready');
    expect(seconds).toBeLessThanOrEqual(12);
  });

  it('are taken back where one is ready only for the moment between its start and its end, over and over', async () => {
    const { journal } = await fix({ 1: down(1), 11: up(1), 12: down(2), 32: up(2), 33: down(3) });
    expect(journal).toMatchObject({
      state: 'undone',
      trouble: expect.stringContaining('Deployment shop/api: container "c" ends again and again'),
    });
    expect([isFixed('api'), isFixed('web')]).toEqual([false, false]);
  });

  it('stay changed where a container was restarted before it stayed up', async () => {
    const { journal, seconds } = await fix({ 1: down(1), 8: up(1) });
    expect(journal).toMatchObject({ state: 'applied' });
    expect(seconds).toBeGreaterThanOrEqual(18);
    expect(isFixed('api')).toBe(true);
  });

  it('are taken back where a container is started again all the time, and nobody sees it down', async () => {
    const script = Object.fromEntries(Array.from({ length: 320 }, (_, index) => [index + 1, up(index + 1)]));
    const { journal } = await fix(script);
    expect(asObject({ ...journal })).toMatchObject({
      state: 'undone',
      trouble: expect.stringContaining('Deployment shop/api is not ready after 300 s: container "c" does not stay up'),
    });
  });
});
