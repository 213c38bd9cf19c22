// A clone with data on a real cluster: files of many owners and modes go from pod to pod, each is as in the original, and nothing of the way is left.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { captureInPod, discover } from '../../src/api/index.ts';
import { asArray, asObject, type JsonObject } from '../../src/model/index.ts';
import { nowwhat } from '../e2e/run-cli.ts';
import { applyAll } from './stand-in/deploy.ts';
import { kubeconfig, openNamespace, type TestNamespace } from './test-cluster.ts';
import { until } from './until.ts';

/** Holds a shell, and programs for files. */
const image = process.env['NOWWHAT_TEST_VOLUME_IMAGE'];

/** The root of the volume belongs to a user of its own too, as that of a database does. */
const fill = `[ -e /d/there ] || {
  mkdir -p /d/mysql /d/html/uploads; echo 1 > /d/there
  for n in 1 2 3; do head -c 3000000 /dev/urandom > /d/mysql/t$n.ibd; echo "<p>$n" > "/d/html/uploads/page $n"; done
  ln -s uploads /d/html/latest; ln /d/mysql/t1.ibd /d/mysql/hard; : > /d/html/empty
  chown -R 999:999 /d/mysql; chown -R 33:33 /d/html; chmod 0750 /d/mysql; chmod 4711 /d/mysql/t1.ibd; chown 7:8 /d; chmod 0711 /d
}; exec sleep 3600`;

const container = {
  name: 'c',
  image: image ?? '',
  imagePullPolicy: 'IfNotPresent',
  command: ['sh', '-c', fill],
  // The last that it changes.
  readinessProbe: {
    exec: { command: ['sh', '-c', '[ "$(stat -c %a /d)" = 711 ]'] },
    periodSeconds: 1,
    timeoutSeconds: 30,
  },
  volumeMounts: [{ name: 'data', mountPath: '/d' }],
};

const app: JsonObject = {
  apiVersion: 'apps/v1',
  kind: 'StatefulSet',
  metadata: { name: 'db' },
  spec: {
    serviceName: 'db',
    selector: { matchLabels: { app: 'db' } },
    template: {
      metadata: { labels: { app: 'db' } },
      spec: { terminationGracePeriodSeconds: 0, containers: [container] },
    },
    volumeClaimTemplates: [
      {
        metadata: { name: 'data' },
        spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '50Mi' } } },
      },
    ],
  },
};

describe.runIf(kubeconfig !== undefined && image !== undefined)('a clone with the data of its volumes', () => {
  const folder = mkdtempSync(join(tmpdir(), 'nowwhat-clone-volumes-'));
  let space: TestNamespace;

  const run = (...args: string[]) =>
    nowwhat(['clone', ...args, '--context', '.', '--kubeconfig', kubeconfig ?? ''], { cwd: folder });
  const make = (name: string, ...args: string[]) =>
    run(space.name, name, '--yes', '--volume-image', image ?? '', '--ready-within', '5m', '-o', 'json', ...args);

  async function inPod(namespace: string, script: string): Promise<string> {
    const command = ['sh', '-c', script];
    const { stdout } = await captureInPod(space.client, { namespace, pod: 'db-0', container: 'c', command });
    return stdout;
  }

  /** Every file: what it is, whose, and its hash. */
  function filesOf(namespace: string): Promise<string> {
    const list =
      'cd /d && find . | sort | while read -r f; do stat -c "%n %a %u %g %h" "$f"; [ -L "$f" ] && readlink "$f"; [ -f "$f" ] && sha256sum "$f"; done; true';
    return inPod(namespace, list);
  }

  async function helpersIn(namespace: string): Promise<number> {
    const query = { labelSelector: 'app.kubernetes.io/name=nowwhat-volume' };
    const lists = ['pods', 'secrets'].map((what) =>
      space.client.request({ path: `/api/v1/namespaces/${namespace}/${what}`, query }),
    );
    return (await Promise.all(lists)).reduce((sum, { items }) => sum + asArray(items).length, 0);
  }

  beforeAll(async () => {
    space = await openNamespace();
    await applyAll(space, await discover(space.client), [app]);
    const path = `/apis/apps/v1/namespaces/${space.name}/statefulsets/db`;
    await until('the filling of the volume', async () =>
      asObject((await space.client.request({ path }))['status'])['readyReplicas'] === 1 ? true : undefined,
    );
  }, 600_000);

  afterAll(async () => {
    for (const end of ['copy', 'empty', 'saved']) run('delete', `${space.name}-${end}`, '--yes', '--force', '-q');
    await space?.close();
    rmSync(folder, { recursive: true });
  });

  it('tells what it would do in both namespaces, and does nothing', async () => {
    const { status, out, err } = run(space.name, `${space.name}-copy`, '--volume-image', image ?? '', '--dry-run');
    expect(status, out + err).toBe(0);
    expect(out).toContain('The data of 1 volume');
    expect(out).toContain('while db-0 may write to it');
    expect(await helpersIn(space.name)).toBe(0);
  });

  it('has every file as the original has it, with owner, mode and links, before its pod runs', async () => {
    const name = `${space.name}-copy`;
    const { status, out, err } = make(name);
    expect(status, out + err).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ unready: [], filled: [{ name: 'data-db-0', result: 'filled' }] });
    const before = await filesOf(space.name);
    expect(before.split('\n').length).toBeGreaterThan(20);
    expect(await filesOf(name)).toBe(before);
    expect([await helpersIn(space.name), await helpersIn(name)]).toEqual([0, 0]);
    const again = make(name);
    expect(JSON.parse(again.out)).toMatchObject({
      filled: [{ result: 'there already' }],
      counts: { failed: 0, created: 0 },
    });
  }, 600_000);

  it('begins with an empty volume where that is asked for', async () => {
    const name = `${space.name}-empty`;
    const { status, out, err } = make(name, '--no-volumes');
    expect(status, out + err).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ filled: [] });
    // The app fills an empty volume itself, with random bytes of its own.
    const own = await inPod(name, 'sha256sum < /d/mysql/t1.ibd');
    expect(own).not.toBe(await inPod(space.name, 'sha256sum < /d/mysql/t1.ibd'));
  }, 600_000);

  it('has the files that a backup holds, where it is made of one', async () => {
    const place = ['--store', join(folder, 'KEPT'), '--volume-image', image ?? ''];
    const saving = ['-n', space.name, '--default-volumes-to-fs-backup', '--context', '.', '--yes'];
    const saved = nowwhat(['backup', 'create', 'kept', ...saving, ...place], {
      cwd: folder,
      env: { KUBECONFIG: kubeconfig ?? '' },
    });
    expect(saved.status, saved.out + saved.err).toBe(0);
    const before = await filesOf(space.name);
    await inPod(space.name, 'echo later > /d/there; rm /d/html/empty');
    const name = `${space.name}-saved`;
    const { status, out, err } = make(name, '--from-backup', 'kept', '--store', join(folder, 'KEPT'));
    expect(status, out + err).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ unready: [], filled: [{ name: 'data-db-0', result: 'filled' }] });
    // kopia knows no hard links: each name of a file is one of its own.
    expect(await filesOf(name)).toBe(before.replace(/^(\.\/mysql\/(?:hard|t1\.ibd) .*) 2$/gmu, '$1 1'));
    expect(await helpersIn(name)).toBe(0);
  }, 600_000);
});
