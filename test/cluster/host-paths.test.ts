// Directories of a node that a pod names itself, as apps on Minikube have them: saved, lost, and brought back to the same path where somebody wants it.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { captureInPod } from '../../src/api/index.ts';
import type { JsonObject } from '../../src/model/index.ts';
import { type Answer, dataContainer, filesOf, runProgram, untilPodReady, volumeImage } from './s3-pod.ts';
import { kubeconfig, openNamespace, type TestNamespace } from './test-cluster.ts';

const base = process.env['NOWWHAT_TEST_LOCAL_VOLUMES'] ?? '/var/tmp/nowwhat-test-volumes';

function podOn(path: string): JsonObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'web', annotations: { 'backup.velero.io/backup-volumes': 'data' } },
    spec: {
      terminationGracePeriodSeconds: 0,
      containers: [
        {
          ...dataContainer('c', 'echo started >> /d/starts; exec sleep 3600'),
          readinessProbe: { exec: { command: ['true'] }, periodSeconds: 1 },
        },
      ],
      volumes: [{ name: 'data', hostPath: { path, type: 'DirectoryOrCreate' } }],
    },
  };
}

describe.runIf(kubeconfig !== undefined && volumeImage !== undefined)('directories of a node', () => {
  const folder = mkdtempSync(join(tmpdir(), 'nowwhat-host-paths-'));
  let space: TestNamespace;

  beforeAll(async () => {
    space = await openNamespace();
    await space.create('api/v1:pods', podOn(`${base}/${space.name}`));
    await untilPodReady(space.client, space.name, 'web');
  });

  const inPod = (command: string) =>
    captureInPod(space.client, { namespace: space.name, pod: 'web', container: 'c', command: ['sh', '-c', command] });

  afterAll(async () => {
    await inPod('rm -rf /d/*').catch(() => undefined);
    await space?.close();
    rmSync(folder, { recursive: true });
  });

  function run(...args: string[]): Promise<Answer> {
    const place = ['--store', join(folder, 'KEPT'), '--context', '.', '--volume-image', volumeImage ?? '', '--yes'];
    return runProgram(folder, [...args, ...place]);
  }

  /** As it stands, however it is broken into lines. */
  const words = ({ out }: Answer): string => out.replace(/\s+/g, ' ');

  it('come back to the same path, where it is empty and somebody wants it', async () => {
    await inPod('mkdir -p "/d/a b" && echo one > "/d/a b/one" && chmod 0640 "/d/a b/one" && chown -R 33:34 "/d/a b"');
    const before = await filesOf(space.client, space.name, 'web');
    expect(before).toContain('640 33 34');
    const saved = await run('backup', 'create', 'kept', '-n', space.name);
    expect(saved.status, saved.out).toBe(0);

    const described = await runProgram(folder, ['backup', 'describe', 'kept', '--store', join(folder, 'KEPT')]);
    expect(described.out).toContain(`directory ${base}/${space.name} of the node`);

    const restore = ['restore', 'create', '--from-backup', 'kept'];
    const there = await run(...restore, '--host-paths');
    expect(words(there)).toContain('it holds files, and stays as it is');

    await inPod('rm -rf /d/*');
    const unasked = await run(...restore);
    expect(words(unasked)).toContain('--host-paths brings it back there');
    expect(await filesOf(space.client, space.name, 'web')).toBe('');

    const restored = await run(...restore, '--host-paths');
    expect(restored.status, restored.out).toBe(0);
    expect(await filesOf(space.client, space.name, 'web')).toBe(before);
  }, 400_000);

  it('are drilled: their files are compared and used, and nothing is written on the node', async () => {
    const before = await filesOf(space.client, space.name, 'web');
    const probe = {
      name: 'has its file',
      in: 'pod/web',
      exec: { command: ['sh', '-c', 'cat "/d/a b/one"; wc -l < /d/starts'], matches: '^one$' },
    };
    writeFileSync(join(folder, 'probes.json'), JSON.stringify({ probes: [probe] }));
    const drilled = await run('drill', '--from-backup', 'kept', '--probes', 'probes.json', '-o', 'json');
    expect(drilled.status, drilled.out).toBe(0);
    expect(JSON.parse(drilled.out.slice(drilled.out.indexOf('{')))).toMatchObject({
      holds: true,
      claims: 0,
      probes: [{ holds: true }],
      files: { volumes: 1, directories: 1, differences: [], control: { found: true } },
    });
    expect(await filesOf(space.client, space.name, 'web')).toBe(before);
  }, 400_000);
});
