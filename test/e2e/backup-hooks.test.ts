// Hooks as a user meets them: the built program shows the commands that would run in pods, and runs none before somebody agrees.

import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ExecCall, ExecResult } from '../../src/playground/index.ts';
import { openPlaygroundFolder, type PlaygroundFolder } from '../kubernetes/playground-folder.ts';
import { type Ran, root } from './run-cli.ts';

const db = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'db-0', namespace: 'shop', labels: { app: 'db' } },
  spec: { containers: [{ name: 'main', image: 'r.test/db:1' }] },
  status: { phase: 'Running' },
};

const backup = `apiVersion: velero.io/v1
kind: Backup
metadata: { name: from-file }
spec:
  includedNamespaces: [shop]
  hooks:
    resources:
      - name: freeze
        labelSelector: { matchLabels: { app: db } }
        pre: [{ exec: { container: main, command: [fsfreeze, --freeze, /data] } }]
        post: [{ exec: { command: [fsfreeze, --unfreeze, /data], timeout: 1m, onError: Continue } }]
`;

const calls: string[] = [];
let opened: PlaygroundFolder;

beforeAll(async () => {
  const result = ({ command }: ExecCall): ExecResult => {
    calls.push(command.join(' '));
    return {};
  };
  opened = await openPlaygroundFolder([db], { controllers: false, scripts: { exec: [{ result }] } });
  writeFileSync(join(opened.folder, 'backup.yaml'), backup);
  writeFileSync(join(opened.folder, 'misspelt.yaml'), backup.replace('labelSelector', 'selector'));
});

afterAll(() => opened.close());

function create(name: string, ...args: string[]): Promise<Ran> {
  const { folder, kubeconfig } = opened;
  const env = { PATH: process.env['PATH'] ?? '', HOME: folder, KUBECONFIG: kubeconfig };
  const words = ['backup', 'create', name, '--context', '.', '--store', join(folder, 'kept'), ...args];
  return new Promise((done) => {
    execFile(process.execPath, [join(root, 'bin/nowwhat.js'), ...words], { env }, (error, out, err) => {
      done({ status: error === null ? 0 : Number(error.code), out, err });
    });
  });
}

const file = (name = 'backup.yaml'): string[] => ['--file', join(opened.folder, name)];

describe('hooks of a backup', () => {
  it('are shown, and not run where nobody agrees', async () => {
    const ran = await create('one', ...file());
    expect(ran.status).toBe(2);
    expect(ran.err).toContain('shop/db-0');
    expect(ran.err).toContain('before  in main: fsfreeze --freeze /data  (30 s at most, from hook freeze)');
    expect(ran.err).toContain('[not-agreed]');
    expect(calls).toEqual([]);
  });

  it('run where they were agreed to beforehand', async () => {
    expect(await create('two', ...file(), '--hooks')).toMatchObject({ status: 0, err: '' });
    expect(calls.splice(0)).toEqual(['fsfreeze --freeze /data', 'fsfreeze --unfreeze /data']);
  });

  it('are left out on request', async () => {
    expect(await create('three', ...file(), '--no-hooks')).toMatchObject({ status: 0, err: '' });
    expect(calls).toEqual([]);
  });

  it('are refused where they are misspelt, before anything is saved', async () => {
    const ran = await create('four', ...file('misspelt.yaml'), '--hooks');
    expect(ran).toMatchObject({ status: 2, out: '' });
    expect(ran.err).toContain('spec.hooks.resources.0');
  });
});
