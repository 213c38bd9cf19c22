// Policies tried on an app that runs: what it needs stays open, what nobody needs is refused, no stand-in ever gets traffic, and nothing stays, however it ends.

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { readConnection } from '../../src/api/index.ts';
import { performLiveRehearsal, prepareLiveRehearsal } from '../../src/app/network/rehearse-live.ts';
import type { RehearsalReport } from '../../src/app/network/rehearsal/report.ts';
import { asArray, asObject, asString, type JsonObject } from '../../src/model/index.ts';
import { nowwhat, root } from '../e2e/run-cli.ts';
import { untilReady } from './stand-in/deploy.ts';
import { kubeconfig, openNamespace, type TestNamespace } from './test-cluster.ts';

const image = process.env['NOWWHAT_TEST_IMAGE'];

interface Program {
  readonly name: string;
  readonly port: number;
  readonly calls?: string;
  /** Ready only while its calls get through. */
  readonly needsIt?: boolean;
}

function deployment({ name, port, calls, needsIt = false }: Program): JsonObject {
  const call = `while :; do nc -w 2 ${(calls ?? '').replace(':', ' ')} -e true && touch /tmp/ok || rm -f /tmp/ok; sleep 1; done &`;
  const serve = `nc -ll -p ${port} -e echo hello`;
  const probe = needsIt ? { exec: { command: ['ls', '/tmp/ok'] } } : { tcpSocket: { port } };
  const container = {
    name,
    image,
    command: ['sh', '-c', calls === undefined ? serve : `${call} ${serve}`],
    ports: [{ name: 'main', containerPort: port }],
    readinessProbe: { ...probe, periodSeconds: 1, failureThreshold: 2 },
    ...(calls === undefined ? {} : { env: [{ name: 'PEER_ADDR', value: calls }] }),
  };
  const labels = { app: name };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: {
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { terminationGracePeriodSeconds: 0, containers: [container] } },
    },
  };
}

async function deploy(space: TestNamespace, program: Program): Promise<void> {
  const { name, port } = program;
  await space.create('apis/apps/v1:deployments', deployment(program));
  const spec = {
    selector: { app: name },
    ports: [
      { port: 80, targetPort: 'main' },
      { name: 'own', port },
    ],
  };
  const named = spec.ports.map((each, index) => ({ name: `p${index}`, ...each }));
  await space.create('api/v1:services', {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name },
    spec: { ...spec, ports: named },
  });
}

describe.runIf(kubeconfig !== undefined && image !== undefined)('a rehearsal beside an app that runs', () => {
  const home = mkdtempSync(join(tmpdir(), 'nowwhat-live-'));
  let front: TestNamespace;
  let back: TestNamespace;

  const list = async (space: TestNamespace, path: string): Promise<JsonObject[]> => {
    const [prefix = '', resource = ''] = path.split(':');
    const { items } = await space.client.request({ path: `/${prefix}/namespaces/${space.name}/${resource}` });
    return asArray(items).map(asObject);
  };
  const nameOf = ({ metadata }: JsonObject): string => asString(asObject(metadata)['name']) ?? '';
  /** What a rehearsal has made and is still there. */
  const left = async (): Promise<string[]> => {
    const kinds = [
      'api/v1:pods',
      'api/v1:configmaps',
      'apis/batch/v1:jobs',
      'apis/networking.k8s.io/v1:networkpolicies',
    ];
    const lists = await Promise.all([front, back].flatMap((space) => kinds.map((kind) => list(space, kind))));
    return lists
      .flat()
      .map(nameOf)
      .filter((name) => name.startsWith('nowwhat-'));
  };
  const policiesNow = async (): Promise<number> =>
    (await list(front, 'apis/networking.k8s.io/v1:networkpolicies')).length;
  const ready = async (space: TestNamespace, name: string): Promise<boolean> => {
    const found = (await list(space, 'apis/apps/v1:deployments')).find((each) => nameOf(each) === name);
    return asObject(found?.['status'])['readyReplicas'] === 1;
  };

  beforeAll(async () => {
    [front, back] = [await openNamespace(), await openNamespace()];
    await deploy(back, { name: 'db', port: 5432 });
    await deploy(front, { name: 'web', port: 8080, calls: `db.${back.name}:5432` });
    await deploy(front, { name: 'strict', port: 8081, calls: `db.${back.name}:5432`, needsIt: true });
    await Promise.all([untilReady(back, 240_000), untilReady(front, 240_000)]);
    mkdirSync(join(home, '.nowwhat'));
  });

  afterEach(async () => {
    expect(await left()).toEqual([]);
  });

  afterAll(async () => {
    await Promise.all([front.close(), back.close()]);
    rmSync(home, { recursive: true });
  });

  const source = (): string[] => [
    '--context',
    '.',
    '--kubeconfig',
    kubeconfig ?? '',
    '-n',
    `${front.name},${back.name}`,
  ];
  const words = (...more: string[]): string[] => [
    'network',
    'rehearse',
    ...source(),
    '--live',
    '--image',
    image ?? '',
    ...more,
  ];

  function start(...more: string[]): {
    child: ChildProcess;
    ended: Promise<{ status: number | null; out: string; err: string }>;
  } {
    const child = spawn(process.execPath, [join(root, 'bin/nowwhat.js'), ...words('--yes', '-o', 'json', ...more)], {
      cwd: home,
    });
    let [out, err] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
    const ended = new Promise<{ status: number | null; out: string; err: string }>((resolve) => {
      child.once('close', (status) => resolve({ status, out, err }));
    });
    return { child, ended };
  }

  /** Addresses that Services of both namespaces send traffic to. */
  async function endpoints(): Promise<string[]> {
    const slices = (
      await Promise.all([front, back].map((space) => list(space, 'apis/discovery.k8s.io/v1:endpointslices')))
    ).flat();
    return slices
      .flatMap((slice) => asArray(slice['endpoints']).map(asObject))
      .filter(({ conditions }) => asObject(conditions)['ready'] !== false)
      .flatMap(({ addresses }) => asArray(addresses).flatMap((each) => asString(each) ?? []));
  }

  it('shows what it would do and does nothing without a yes', () => {
    const run = (...more: string[]) => nowwhat(words(...more), { cwd: home });
    const { status, out } = run('--plan');
    expect([status, out]).toEqual([0, expect.stringContaining('beside the app itself')]);
    expect(run().err).toContain('[not-agreed]');
  });

  it('keeps what is needed and refuses the rest; no stand-in gets traffic, and the app stays ready', async () => {
    const app = new Set((await list(front, 'api/v1:pods')).concat(await list(back, 'api/v1:pods')).map(nameOf));
    const { ended } = start();
    const seen = { standIns: 0, policies: 0, strays: [] as string[], adopted: [] as string[] };
    let isOver = false;
    void ended.then(() => (isOver = true));
    while (!isOver) {
      const others = (await list(front, 'api/v1:pods')).filter((pod) => !app.has(nameOf(pod)));
      const addresses = others.flatMap(({ status }) => asString(asObject(status)['podIP']) ?? []);
      const open = await endpoints();
      seen.strays.push(...open.filter((address) => addresses.includes(address)));
      const owners = others.flatMap(({ metadata }) => asArray(asObject(metadata)['ownerReferences']).map(asObject));
      seen.adopted.push(...owners.flatMap(({ kind }) => (kind === 'ConfigMap' ? [] : [asString(kind) ?? ''])));
      seen.standIns = Math.max(seen.standIns, addresses.length);
      seen.policies = Math.max(seen.policies, await policiesNow());
    }
    const { status, out, err } = await ended;
    expect(status, err).toBe(0);
    // The looking has seen them: web, strict and a stranger with addresses, and the policies of this namespace.
    expect(seen).toEqual({ standIns: 3, policies: 3, strays: [], adopted: [] });
    const report: RehearsalReport = JSON.parse(out);
    expect(report).toMatchObject({
      mode: 'live',
      counts: true,
      surprises: [],
      control: { before: 'open', closed: 'closed' },
    });
    const kept = report.asked.filter(({ kind }) => kind === 'kept');
    expect(kept.map(({ from, to, port, before, after }) => [from, to, port, before, after])).toEqual(
      ['strict', 'web'].map((name) => [`${front.name}/${name}`, `${back.name}/db`, 5432, 'open', 'open']),
    );
    const forbidden = report.asked.filter(({ kind }) => kind === 'forbidden');
    expect(forbidden.length).toBeGreaterThan(3);
    expect(forbidden.every(({ before, after }) => before === 'open' && after === 'closed')).toBe(true);
    expect(await ready(front, 'strict')).toBe(true);
    const listed = nowwhat(['proofs', ...source(), '-o', 'json'], { cwd: home });
    expect(JSON.parse(listed.out).proofs).toMatchObject([
      {
        proof: { kind: 'network-rehearsal', result: 'holds', figures: { 'got through': 2 } },
        freshness: { state: 'fresh' },
      },
    ]);
  });

  /** With policies that somebody has edited. */
  async function performEdited(
    spaces: readonly TestNamespace[],
    edit: (policies: JsonObject[]) => JsonObject[],
  ): Promise<RehearsalReport> {
    const cluster = {
      context: '.',
      kubeconfig,
      namespaces: spaces.map(({ name }) => name),
      allNamespaces: false,
      concurrency: 8,
    };
    const reading = { inputs: [], values: [], set: [], allowRemote: false, maxFileBytes: 1 << 24, cluster };
    const policies = { traffic: { reading, flows: [] }, answers: new Map(), keepsUncalled: false };
    const outside = {
      stdin: () => Promise.resolve(new Uint8Array()),
      environment: {},
      today: '2026-11-20',
      progress: () => undefined,
      agree: () => Promise.resolve(false),
    };
    const wish = { policies, image: image ?? '', mostForbidden: 4, within: 60_000 };
    const { plan } = await prepareLiveRehearsal(wish, outside);
    const connection = await readConnection({ path: kubeconfig ?? '', environment: {} });
    const edited = { ...plan, policies: edit([...plan.policies]) };
    return performLiveRehearsal({ ...wish, plan: edited, connection, source: 'edited' }, outside, () => undefined);
  }

  it('ends at once where the app is not ready any more, and the app is well again', async () => {
    const report = await performEdited([front, back], (policies) =>
      policies.filter((raw) => !nameOf(raw).endsWith('-db')),
    );
    expect(report.trouble).toMatch(/^Pod \S+\/strict-\S+ was not ready any more$/);
    expect(report).toMatchObject({ counts: false, asked: [] });
    await expect.poll(() => ready(front, 'strict'), { timeout: 120_000 }).toBe(true);
  });

  it('takes everything back where a signal ends it while the policies hold the app', async () => {
    const { child, ended } = start();
    await expect.poll(policiesNow, { timeout: 240_000, interval: 100 }).toBeGreaterThan(0);
    child.kill('SIGINT');
    const { status, err } = await ended;
    expect(status, err).toBe(130);
    expect(err).not.toContain('what may be left');
  });

  it('is taken back by the cluster where it was killed', async () => {
    const { child, ended } = start('--within', '10s');
    await expect.poll(policiesNow, { timeout: 240_000, interval: 100 }).toBeGreaterThan(0);
    child.kill('SIGKILL');
    await ended;
    expect(await policiesNow()).toBeGreaterThan(0);
    await expect.poll(left, { timeout: 240_000, interval: 1000 }).toEqual([]);
  });

  it('makes nothing where the quota leaves no room, and says so', async () => {
    const pods = (await list(front, 'api/v1:pods')).length;
    const quota = {
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: { name: 'full' },
      spec: { hard: { pods: String(pods) } },
    };
    await front.create('api/v1:resourcequotas', quota);
    const isCounted = async () =>
      asObject((await list(front, 'api/v1:resourcequotas'))[0]?.['status'])['used'] !== undefined;
    await expect.poll(isCounted, { timeout: 120_000 }).toBe(true);
    const { status, err } = nowwhat(words('--yes'), { cwd: home });
    expect([status, err]).toEqual([2, expect.stringContaining('exceeded quota: full')]);
    await front.client.request({ method: 'DELETE', path: `/api/v1/namespaces/${front.name}/resourcequotas/full` });
  });

  it('tells which call a missing policy cuts, where the app itself does not notice', async () => {
    await front.client.request({ method: 'DELETE', path: `/apis/apps/v1/namespaces/${front.name}/deployments/strict` });
    const isGone = async () => (await list(front, 'api/v1:pods')).length;
    await expect.poll(isGone, { timeout: 60_000 }).toBe(1);
    const report = await performEdited([front, back], (policies) =>
      policies.filter((raw) => !nameOf(raw).endsWith('-db')),
    );
    expect(report.counts).toBe(true);
    expect(report.surprises).toMatchObject([
      { kind: 'kept', from: `${front.name}/web`, to: `${back.name}/db`, before: 'open', after: 'closed' },
    ]);
    // Nothing that is forbidden is open and refused then: policies that hold nobody do not count.
    const toothless = await performEdited([front, back], () => []);
    expect(toothless.counts).toBe(false);
    expect(toothless.surprises.every(({ kind, after }) => kind === 'forbidden' && after === 'open')).toBe(true);
  });
});
