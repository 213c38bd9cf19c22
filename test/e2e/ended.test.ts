// A signal in the middle: what was made for a while is removed, in folders and in a cluster; a second signal ends at once and names what is left.

import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/model/index.ts';
import { openPlaygroundFolder, type PlaygroundFolder } from '../kubernetes/playground-folder.ts';
import { root } from './run-cli.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nowwhat-ended-'));
  mkdirSync(join(folder, 'temporary'));
});
afterEach(() => rmSync(folder, { recursive: true }));

interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<{ readonly status: number | null; readonly err: string }>;
  /** What it has said of itself until now. */
  readonly said: () => string;
}

function start(args: readonly string[], path = process.env['PATH'] ?? ''): Running {
  const env = { PATH: path, HOME: folder, TMPDIR: join(folder, 'temporary') };
  const child = spawn(process.execPath, [join(root, 'bin/nowwhat.js'), ...args], { cwd: folder, env });
  let err = '';
  child.stderr.on('data', (chunk: Buffer) => {
    err += chunk.toString();
  });
  child.stdout.resume();
  const ended = new Promise<{ status: number | null; err: string }>((resolve) => {
    child.once('close', (status) => resolve({ status, err }));
  });
  return { child, ended, said: () => err };
}

/** Waits until something is so, or the program has ended. */
async function until(isSo: () => boolean, { child }: Running): Promise<void> {
  while (!isSo() && child.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 10));
}

describe('a signal in the middle of fixes of a chart', () => {
  it('leaves no copy of the chart', async () => {
    const chart = join(folder, 'chart');
    mkdirSync(join(chart, 'templates'), { recursive: true });
    writeFileSync(join(chart, 'Chart.yaml'), 'apiVersion: v2\nname: web\nversion: 1.0.0\n');
    cpSync(join(root, 'examples/shop/k8s/redis.yaml'), join(chart, 'templates/redis.yaml'));
    // The first rendering is for reading; the one of the copy never ends.
    const helm = join(folder, 'bin/helm');
    mkdirSync(join(folder, 'bin'));
    const render = `cat ${join(chart, 'templates/redis.yaml')}`;
    const text = `#!/bin/sh\ncase "$*" in *nowwhat-trial*) sleep 60;; version*) echo v3.19.0;; *) echo "---"; echo "# Source: web/templates/redis.yaml"; ${render};; esac\n`;
    writeFileSync(helm, text);
    chmodSync(helm, 0o755);
    const running = start(['fix', 'chart'], `${join(folder, 'bin')}${delimiter}${process.env['PATH']}`);
    const copies = (): string[] => readdirSync(join(folder, 'temporary'));
    await until(() => copies().some((name) => name.startsWith('nowwhat-trial-')), running);
    expect(copies()).toHaveLength(1);
    running.child.kill('SIGINT');
    const { status, err } = await running.ended;
    expect([status, err]).toEqual([130, '']);
    expect(copies()).toEqual([]);
  });
});

const shop: JsonObject[] = [
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } },
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'db', namespace: 'shop' },
    spec: { selector: { app: 'db' }, ports: [{ port: 5432 }] },
  },
  ...['web', 'db'].map((name) => ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: 'shop' },
    spec: {
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: {
          containers: [
            {
              name,
              image: `registry.test/${name}:1`,
              ports: [{ containerPort: 5432 }],
              env: [{ name: 'DB', value: 'db:5432' }],
            },
          ],
        },
      },
    },
  })),
];

describe('a signal in the middle of work in a cluster', () => {
  let cluster: PlaygroundFolder;
  beforeEach(async () => {
    cluster = await openPlaygroundFolder(shop);
  });
  afterEach(() => cluster.close());

  const names = (kind: string): string[] =>
    [...cluster.playground.store.list(kind)].map(({ metadata }) => String((metadata as { name: string }).name));
  const made = (): string[] => [
    ...names('/namespaces').filter((name) => name !== 'shop' && !/^(?:kube-|default$)/.test(name)),
    ...['/pods', '/configmaps', 'batch/jobs', 'networking.k8s.io/networkpolicies'].flatMap((kind) =>
      names(kind).filter((name) => name.startsWith('nowwhat-')),
    ),
  ];
  const begin = (...args: string[]): Running =>
    start([...args, '--context', '.', '--kubeconfig', cluster.kubeconfig, '--yes']);
  const slow = (verb: string, resource: string, ms: number) =>
    cluster.playground.faults.add({ when: { verb, resource }, times: 9, effect: { kind: 'delay', ms } });
  const drill = async (): Promise<string[]> => {
    const store = `file:${join(folder, 'store')}`;
    const reach = ['--context', '.', '--kubeconfig', cluster.kubeconfig, '--store', store];
    const saved = await start(['backup', 'create', 'first', '--include-namespaces', 'shop', ...reach]).ended;
    expect(saved.status, saved.err).toBe(0);
    return ['drill', '--from-backup', 'first', '--store', store];
  };
  const work: [string, () => Promise<string[]>, string][] = [
    ['the probe', async () => ['probe', '--from', 'inside', '-n', 'shop'], 'pods'],
    ['a rehearsal of policies', async () => ['network', 'rehearse', '-n', 'shop'], 'namespaces'],
    ['a rehearsal beside the app', async () => ['network', 'rehearse', '-n', 'shop', '--live'], 'pods'],
    ['a drill', drill, 'namespaces'],
  ];

  it.each(work)('leaves nothing of %s, also of what is just being made', async (_, args, resource) => {
    const words = await args();
    slow('create', resource, 500);
    const running = begin(...words);
    await until(() => cluster.playground.faults.taken > 0, running);
    running.child.kill('SIGTERM');
    const { status, err } = await running.ended;
    expect(status, err).toBe(143);
    expect(err).toContain('Ending: what was made is removed first.');
    expect(err).not.toContain('what may be left');
    await cluster.playground.settled();
    expect(made()).toEqual([]);
  });

  it('a backup that is ended says how to go on with it, and so it goes on', async () => {
    const store = `file:${join(folder, 'store')}`;
    const words = ['backup', 'create', 'first', '--include-namespaces', 'shop', '--store', store];
    slow('list', 'deployments', 2000);
    const running = begin(...words);
    await until(() => cluster.playground.faults.taken > 0, running);
    running.child.kill('SIGINT');
    const { status, err } = await running.ended;
    expect(status, err).toBe(130);
    expect(err).toContain('The backup first is not finished. The same command, with its name and --take-over, goes on');
    expect(err).toContain(`nowwhat backup delete first --store ${store}`);
    const again = await begin(...words, '--take-over').ended;
    expect(again.status, again.err).toBe(0);
  });

  it.each(work)('a second signal ends %s at once, and what is left is named', async (_, args, resource) => {
    const words = await args();
    const running = begin(...words);
    await until(() => made().length > 0, running);
    slow('delete', resource, 60_000);
    slow('get', resource, 60_000);
    running.child.kill('SIGINT');
    // Two that come at once are one.
    await until(() => running.said().includes('Ending:'), running);
    running.child.kill('SIGINT');
    const { status, err } = await running.ended;
    expect(status, err).toBe(130);
    // Stand-ins beside an app go with the Job, whose name theirs begin with.
    const first = made()[0]?.replace(/-(?:\d|stranger)$/, '') ?? '';
    expect(err).toMatch(new RegExp(`what may be left:\\n  kubectl --context \\S+ --kubeconfig \\S+ delete .*${first}`));
  });
});
