// Tidying a store as a user does it: the built program, a folder, a rule.

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPlaygroundFolder, type PlaygroundFolder } from '../kubernetes/playground-folder.ts';
import { type Ran, root } from './run-cli.ts';

let opened: PlaygroundFolder;

function run(...args: string[]): Promise<Ran> {
  const { folder, kubeconfig } = opened;
  const env = { PATH: process.env['PATH'] ?? '', HOME: folder, KUBECONFIG: kubeconfig };
  const words = ['backup', ...args, '--store', join(folder, 'kept')];
  return new Promise((done) => {
    execFile(process.execPath, [join(root, 'bin/nowwhat.js'), ...words], { env }, (error, out, err) => {
      done({ status: error === null ? 0 : Number(error.code), out, err });
    });
  });
}

beforeAll(async () => {
  const map = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'm', namespace: 'shop' } };
  opened = await openPlaygroundFolder([map], { controllers: false });
  const create = (name: string, ...more: string[]) => run('create', name, '--context', '.', '-n', 'shop', ...more);
  await create('by-hand');
  for (const each of ['first', 'second', 'third']) await create(each, '--label', 'velero.io/schedule-name=nightly');
});

afterAll(() => opened.close());

async function names(): Promise<string[]> {
  const { backups } = JSON.parse((await run('get', '-o', 'json')).out) as { backups: { name: string }[] };
  return backups.map(({ name }) => name).toSorted();
}

describe('backup prune', () => {
  it('wants to know what to keep', async () => {
    const ran = await run('prune', '--yes');
    expect(ran).toMatchObject({ status: 2, out: '' });
    expect(ran.err).toContain('nothing says what to keep');
  });

  it.each([
    ['--keep-daily', 'many'],
    ['--keep-within', '30 days'],
  ])('refuses %s %s', async (option, value) => {
    const ran = await run('prune', option, value);
    expect(ran.status).toBe(2);
    expect(ran.err).toContain('[invalid-option]');
  });

  it('shows what would go, and deletes nothing where nobody agrees', async () => {
    const shown = await run('prune', '--keep-daily', '1', '--dry-run');
    expect(shown).toMatchObject({ status: 0, err: '' });
    expect(shown.out).toContain('schedule nightly');
    expect(shown.out.match(/goes/g)).toHaveLength(2);
    expect(shown.out).toContain('not looked at: 1 backup of other schedules or of none');
    const asked = await run('prune', '--keep-daily', '1');
    expect(asked.status).toBe(2);
    expect(asked.err).toContain('[not-agreed]');
    expect(await names()).toHaveLength(4);
  });

  it('deletes what goes, and leaves alone what no schedule has made', async () => {
    const ran = await run('prune', '--keep-daily', '1', '--yes', '-o', 'json');
    const { schema, pruned } = JSON.parse(ran.out) as { schema: string; pruned: { result: string }[] };
    expect(schema).toBe('nowwhat.dev/prune/v1');
    expect(pruned.map(({ result }) => result)).toEqual(['deleted', 'deleted']);
    expect(await names()).toEqual(['by-hand', 'third']);
    const again = await run('prune', '--keep-daily', '1', '--yes');
    expect(again.out).toContain('nothing to delete');
  });
});
