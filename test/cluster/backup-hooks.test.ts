// Hooks on a real cluster: what they do to a pod's files, and what becomes of those that fail or hang.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { captureInPod } from '../../src/api/index.ts';
import { asArray, asObject, type JsonObject } from '../../src/model/index.ts';
import { nowwhat } from '../e2e/run-cli.ts';
import { kubeconfig, openNamespace, type TestNamespace } from './test-cluster.ts';
import { until } from './until.ts';

const image = process.env['NOWWHAT_TEST_IMAGE'] ?? 'nowwhat.test/busybox:1';

function pod(name: string, annotations: Record<string, string>): JsonObject {
  const container = { name: 'main', image, command: ['sleep', '3600'], imagePullPolicy: 'IfNotPresent' };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, annotations },
    spec: { containers: [container], terminationGracePeriodSeconds: 0 },
  };
}

const shell = (script: string): string => JSON.stringify(['sh', '-c', script]);
const pre = 'pre.hook.backup.velero.io';
const post = 'post.hook.backup.velero.io';
const pods = [
  pod('good', {
    [`${pre}/command`]: shell('echo frozen >> /tmp/log'),
    [`${post}/command`]: shell('echo thawed >> /tmp/log'),
  }),
  pod('failing', {
    [`${pre}/command`]: shell('echo disk is full >&2; exit 7'),
    [`${post}/command`]: shell('echo thawed >> /tmp/log'),
  }),
  pod('hanging', { [`${pre}/command`]: shell('sleep 600'), [`${pre}/timeout`]: '2s', [`${pre}/on-error`]: 'Continue' }),
  pod('lost', { [`${pre}/command`]: 'no-such-program' }),
];

describe.skipIf(kubeconfig === undefined)('hooks in a cluster (NOWWHAT_TEST_KUBECONFIG)', () => {
  let space: TestNamespace;
  const folder = mkdtempSync(join(tmpdir(), 'nowwhat-hooks-'));

  beforeAll(async () => {
    space = await openNamespace();
    for (const each of pods) await space.create('api/v1:pods', each);
    await until('the running of all pods', async () => {
      const list = await space.client.request({ path: `/api/v1/namespaces/${space.name}/pods` });
      const phases = asArray(list['items']).map((each) => asObject(asObject(each)['status'])['phase']);
      return phases.length === pods.length && phases.every((phase) => phase === 'Running') ? true : undefined;
    });
  }, 300_000);

  afterAll(async () => {
    await space.close();
    rmSync(folder, { recursive: true });
  });

  it('run around what is saved; pods that fail are left out, and told', async () => {
    const words = ['--context', '.', '--kubeconfig', kubeconfig ?? '', '-n', space.name, '--store', folder];
    const made = nowwhat(['backup', 'create', 'b', ...words, '--hooks', '-o', 'json']);
    expect(made.err).toBe('');
    const { phase, problems } = JSON.parse(made.out) as { phase: string; problems: { message: string }[] };
    expect(phase).toBe('PartiallyFailed');
    const told = problems.map(({ message }) => message).join('\n');
    expect(told).toContain(
      'pod "failing" is not in the backup: its pre hook in main failed: exit status 7: disk is full',
    );
    expect(told).toContain('pod "hanging": a pre hook in main failed: did not end within 2 s');
    expect(told).toContain('pod "lost" is not in the backup');
    expect(problems).toHaveLength(3);
    const described = nowwhat(['backup', 'describe', 'b', '--store', folder, '-o', 'json']);
    const { kinds } = JSON.parse(described.out) as { kinds: [string, number][] };
    expect(kinds).toContainEqual(['v1/Pod', 2]);
    const log = async (name: string): Promise<string> =>
      (await captureInPod(space.client, { namespace: space.name, pod: name, command: ['cat', '/tmp/log'] })).stdout;
    expect(await log('good')).toBe('frozen\nthawed\n');
    expect(await log('failing')).toBe('thawed\n');
  });
});
