// The page about a first backup: its sessions are run in their order, and print what the page shows, but for times and sizes.

import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPlaygroundFolder, type PlaygroundFolder } from '../kubernetes/playground-folder.ts';
import { root } from './run-cli.ts';

const page = readFileSync(join(root, 'docs/first-backup.md'), 'utf8');
const readme = readFileSync(join(root, 'README.md'), 'utf8');
let cluster: PlaygroundFolder;

beforeAll(async () => {
  const metadata = (name: string) => ({ name, namespace: 'shop' });
  const labels = { app: 'web' };
  const containers = [{ name: 'web', image: 'registry.example.com/web:1.4.0' }];
  cluster = await openPlaygroundFolder([
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } },
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: metadata('settings'), data: { motto: 'open all hours' } },
    { apiVersion: 'v1', kind: 'Secret', metadata: metadata('login'), data: { password: 'c2VjcmV0' } },
    { apiVersion: 'v1', kind: 'Service', metadata: metadata('web'), spec: { selector: labels, ports: [{ port: 80 }] } },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: metadata('web'),
      spec: {
        replicas: 2,
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers } },
      },
    },
  ]);
  writeFileSync(cluster.kubeconfig, cluster.playground.kubeconfig().replaceAll('"playground"', '"minikube"'));
});
afterAll(() => cluster.close());

/** `$ nowwhat …` with the lines below it. */
function sessions(text: string): [command: string, output: string][] {
  const blocks = [...text.matchAll(/^```shell-session\n([\s\S]*?)^```/gm)].map((match) => match[1] ?? '');
  return blocks.flatMap((block) =>
    block
      .split(/^\$ nowwhat /m)
      .slice(1)
      .map((part): [string, string] => [
        part.slice(0, part.indexOf('\n')),
        part.slice(part.indexOf('\n') + 1).trimEnd(),
      ]),
  );
}

/** Times, sizes and numbers of a run are its own. */
function comparable(text: string): string[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) =>
      line
        .trimEnd()
        .replaceAll(/\d+(?:\.\d+)?/g, '#')
        .replaceAll('second ', 'seconds '),
    );
}

function run(command: string): Promise<{ readonly out: string; readonly err: string }> {
  const env = { PATH: process.env['PATH'] ?? '', HOME: cluster.folder, KUBECONFIG: cluster.kubeconfig, COLUMNS: '100' };
  return new Promise((done) => {
    const words = [join(root, 'bin/nowwhat.js'), ...command.split(' ')];
    execFile(process.execPath, words, { env, cwd: cluster.folder }, (_, out, err) => done({ out, err }));
  });
}

/** As `kubectl delete` would. */
function forget(resource: string, name: string): void {
  const { store } = cluster.playground;
  const object = store.get(resource, 'shop', name);
  if (object === undefined) throw new Error(`there is no ${name}`);
  store.remove(resource, object);
}

describe('the page about a first backup', () => {
  it('shows what its commands print, in their order', async () => {
    const all = sessions(page);
    expect(all.map(([command]) => command.split(' ').slice(0, 2).join(' '))).toEqual([
      'backup create',
      'drill --from-backup',
      'backup diff',
      'restore create',
      'backup diff',
    ]);
    for (const [index, [command, output]] of all.entries()) {
      if (index === 2) forget('/configmaps', 'settings');
      const { out, err } = await run(command);
      expect(comparable(out), `${command}: ${err}`).toEqual(comparable(output));
    }
  }, 120_000);

  it('is what the README shows of it', () => {
    expect(sessions(readme).map(([command]) => command)).toHaveLength(2);
    for (const session of sessions(readme)) expect(sessions(page)).toContainEqual(session);
  });
});
