// A backup that is made as a run of a schedule: named and labelled by it, and older ones of it go afterwards.

import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/model/index.ts';
import { openPlaygroundFolder, type PlaygroundFolder } from '../kubernetes/playground-folder.ts';
import { type Ran, root } from './run-cli.ts';

let opened: PlaygroundFolder;

function run(...words: string[]): Promise<Ran> {
  return runWith({}, words);
}

function runWith(variables: Readonly<Record<string, string>>, words: readonly string[]): Promise<Ran> {
  const { folder, kubeconfig } = opened;
  const env = { PATH: process.env['PATH'] ?? '', HOME: folder, KUBECONFIG: kubeconfig, ...variables };
  return new Promise((done) => {
    execFile(process.execPath, [join(root, 'bin/nowwhat.js'), 'backup', ...words], { env }, (error, out, err) => {
      done({ status: error === null ? 0 : Number(error.code), out, err });
    });
  });
}

function create(...more: string[]): Promise<Ran> {
  return run('create', '--context', '.', '-n', 'shop', '--store', join(opened.folder, 'kept'), ...more);
}

beforeAll(async () => {
  const map = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'm', namespace: 'shop' } };
  opened = await openPlaygroundFolder([map], { controllers: false });
});

afterAll(() => opened.close());

interface Listed {
  readonly name: string;
  readonly schedule: string;
}

async function listed(): Promise<readonly Listed[]> {
  const ran = await run('get', '-o', 'json', '--store', join(opened.folder, 'kept'));
  return (JSON.parse(ran.out) as { backups: Listed[] }).backups;
}

describe('a run of a schedule', () => {
  it('is named after it and the time, and what its rule does not keep goes', async () => {
    expect((await create('--schedule', 'hourly')).status).toBe(0);
    const first = await create('--schedule', 'nightly');
    expect(first, first.err).toMatchObject({ status: 0 });
    await new Promise((later) => setTimeout(later, 1100));
    const second = await create('--schedule', 'nightly', '--keep-last', '1');
    expect(second.out).toContain('deleted 1 backup\n');
    const left = await listed();
    expect(left.map(({ schedule }) => schedule).toSorted()).toEqual(['hourly', 'nightly']);
    expect(left.every(({ name, schedule }) => new RegExp(`^${schedule}-\\d{14}$`).test(name))).toBe(true);
    const third = await create('--schedule', 'nightly', '--keep-last', '9', '-o', 'json');
    expect(JSON.parse(third.out)).toMatchObject({ schema: 'nowwhat.dev/backup/v1', tidied: { pruned: [] } });
  });

  it('takes nothing away where the backup has gaps', async () => {
    const before = await listed();
    const file = join(opened.folder, 'backup.yaml');
    const spec = 'spec: {includedNamespaces: [shop, gone]}';
    writeFileSync(file, `apiVersion: velero.io/v1\nkind: Backup\nmetadata: {name: x}\n${spec}\n`);
    const ran = await create('--schedule', 'nightly', '--keep-last', '1', '-f', file);
    expect(ran.status).toBe(1);
    expect(ran.out).not.toContain('deleted');
    expect(await listed()).toHaveLength(before.length + 1);
  });

  it('is left out where an earlier one is under way, and only then', async () => {
    const job = (name: string, minute: number, schedule = 'nightly', status: JsonObject = {}): JsonObject => ({
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: {
        name,
        namespace: 'default',
        uid: name,
        creationTimestamp: `2026-11-29T02:0${minute}:00Z`,
        labels: { 'nowwhat.dev/schedule': schedule },
      },
      status,
    });
    const done = { conditions: [{ type: 'Complete', status: 'True' }] };
    const jobs = [job('done', 0, 'nightly', done), job('first', 1), job('second', 2), job('other', 0, 'hourly')];
    for (const each of jobs) opened.playground.store.put('batch/jobs', each);
    const before = await listed();
    const words = [
      'create',
      '--context',
      '.',
      '-n',
      'shop',
      '--store',
      join(opened.folder, 'kept'),
      '--schedule',
      'nightly',
    ];
    const second = await runWith({ NOWWHAT_JOB: 'second' }, words);
    expect(second, second.err).toMatchObject({ status: 0 });
    expect(second.out).toBe('  left out: another run of nightly is under way, Job first\n');
    expect(await listed()).toHaveLength(before.length);
    const first = await runWith({ NOWWHAT_JOB: 'first' }, words);
    expect(first.status, first.err).toBe(0);
    expect(await listed()).toHaveLength(before.length + 1);
  });

  it.each([
    [['some-name', '--schedule', 'nightly'], 'a run of a schedule is named after it and the time'],
    [['--keep-last', '3'], 'what is kept is said of a schedule, and none is named'],
    [['--schedule', 'Nightly!'], 'cannot be the name of a schedule'],
  ])('refuses %j', async (words, message) => {
    const ran = await create(...words);
    expect(ran.status).toBe(2);
    expect(ran.err).toContain(message);
  });
});
