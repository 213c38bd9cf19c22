// Dumps on a real cluster, by stand-ins for the programs of PostgreSQL: shell scripts in a pod, which keep their table in a file.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { captureInPod } from '../../src/api/index.ts';
import type { JsonObject } from '../../src/model/index.ts';
import { nowwhat } from '../e2e/run-cli.ts';
import { untilPodReady } from './s3-pod.ts';
import { kubeconfig, openNamespace, type TestNamespace } from './test-cluster.ts';

const image = process.env['NOWWHAT_TEST_IMAGE'] ?? 'nowwhat.test/busybox:1';

/** `psql` answers who is asking and takes what it is given; `pg_dump` prints the table; both know the password. */
const programs: Readonly<Record<string, string>> = {
  psql: `[ "$PGPASSWORD" = geheim ] || { echo 'password authentication failed' >&2; exit 2; }
case "$*" in *rolsuper*) echo t;; *pg_database*) ;; *) cat > /data/table.new && mv /data/table.new /data/table; sed -n 's/^.echo //p' /data/table;; esac`,
  pg_dumpall: `echo 'CREATE ROLE app;'`,
  pg_dump: `[ -e /data/broken ] && { head -c 100 /data/table; echo 'connection lost' >&2; exit 1; }; cat /data/table`,
};

const start = [
  'mkdir -p /tmp/bin /data',
  ...Object.entries(programs).map(
    ([name, script]) => `cat > /tmp/bin/${name} <<'END'\n#!/bin/sh\n${script}\nEND\nchmod 755 /tmp/bin/${name}`,
  ),
  'seq 1 200000 > /data/table',
  'exec sleep 3600',
].join('\n');

function database(name: string, password: string): JsonObject {
  const env = [
    { name: 'POSTGRES_PASSWORD', valueFrom: { secretKeyRef: { name: 'db', key: password } } },
    { name: 'PATH', value: '/tmp/bin:/usr/bin:/bin' },
  ];
  const container = {
    name: 'main',
    image,
    env,
    command: ['sh', '-c', start],
    ports: [{ containerPort: 5432 }],
    imagePullPolicy: 'IfNotPresent',
    readinessProbe: { exec: { command: ['grep', '-q', '200000', '/data/table'] }, periodSeconds: 1 },
  };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name },
    spec: { containers: [container], terminationGracePeriodSeconds: 0 },
  };
}

describe.skipIf(kubeconfig === undefined)('dumps in a cluster (NOWWHAT_TEST_KUBECONFIG)', () => {
  let space: TestNamespace;
  const folder = mkdtempSync(join(tmpdir(), 'nowwhat-dumps-'));
  const run = (...args: string[]) =>
    nowwhat([...args, '--context', '.', '--kubeconfig', kubeconfig ?? '', '-n', space.name, '--store', folder]);
  const inPod = async (pod: string, script: string): Promise<string> =>
    (await captureInPod(space.client, { namespace: space.name, pod, command: ['sh', '-c', script] })).stdout;

  beforeAll(async () => {
    space = await openNamespace();
    const data = { good: 'Z2VoZWlt', wrong: 'd3Jvbmc=' };
    await space.create('api/v1:secrets', { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'db' }, data });
    await space.create('api/v1:pods', database('db', 'good'));
    await space.create('api/v1:pods', database('locked', 'wrong'));
    for (const name of ['db', 'locked']) await untilPodReady(space.client, space.name, name);
  });

  afterAll(async () => {
    await space.close();
    rmSync(folder, { recursive: true });
  });

  it('are shown, and nothing runs where nobody agrees', () => {
    const asked = run('backup', 'create', 'asked', '--dump', 'auto');
    expect(asked.status).toBe(2);
    expect(asked.err).toContain('PostgreSQL in main');
    expect(asked.err).toContain('[not-agreed]');
  });

  it('are saved whole, come back whole, and tell of a database that does not let in', async () => {
    const made = run('backup', 'create', 'one', '--dump', 'auto', '--yes', '-o', 'json');
    const { phase, dumps, problems } = JSON.parse(made.out) as JsonObject;
    expect(phase).toBe('PartiallyFailed');
    expect(dumps).toMatchObject([{ pod: 'db', recipe: 'postgresql' }]);
    expect(problems).toMatchObject([{ message: expect.stringContaining('password authentication failed') }]);
    expect(nowwhat(['backup', 'verify', 'one', '--store', folder])).toMatchObject({ status: 0 });
    expect(nowwhat(['backup', 'describe', 'one', '--store', folder]).out).toContain('dump of postgresql');
    const before = await inPod('db', 'md5sum < /data/table');
    await inPod('db', 'echo lost > /data/table');
    expect(run('restore', 'dump', '--from-backup', 'one')).toMatchObject({ status: 2 });
    expect(await inPod('db', 'cat /data/table')).toBe('lost\n');
    expect(run('restore', 'dump', 'db', '--from-backup', 'one', '--yes')).toMatchObject({ status: 0, err: '' });
    // What came back is the dump: roles, the table, the mark of its end.
    expect(await inPod('db', "grep '^[0-9][0-9]*$' /data/table | md5sum")).toBe(before);
    expect(await inPod('db', 'tail -n 1 /data/table')).toBe('\\echo nowwhat: end of dump\n');
    const wrong = run('restore', 'dump', 'db', '--from-backup', 'one', '--to', 'locked', '--yes');
    expect(wrong.status).toBe(2);
    // A command that ends while its input is on the way may take its last words with it: that it failed is always told.
    expect(wrong.err).toContain('the database did not take the dump');
  });

  it('that break off are not kept, and told', async () => {
    await inPod('db', 'touch /data/broken');
    const made = run('backup', 'create', 'two', '--dump', 'db', '--yes', '--width', '300');
    expect(made.status).toBe(1);
    expect(made.out).toContain('exit status 1: connection lost');
    expect(nowwhat(['backup', 'describe', 'two', '--store', folder, '-o', 'json']).out).not.toContain('dump-1');
  });
});
