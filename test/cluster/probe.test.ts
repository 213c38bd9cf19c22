// Doors that are opened on purpose are found, from this machine and from a pod; closed ones are not, and nothing is left behind.

import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { asArray, asObject, asString, type JsonObject, toText } from '../../src/model/index.ts';
import { nowwhat } from '../e2e/run-cli.ts';
import { untilPodReady } from './s3-pod.ts';
import { kubeconfig, openNamespace, type TestNamespace } from './test-cluster.ts';

const image = process.env['NOWWHAT_TEST_IMAGE'] ?? 'docker.io/library/busybox:1.37';

interface Result {
  readonly address: string;
  readonly door: string;
  readonly title: string;
  readonly state: string;
  readonly named: string;
}
interface Report {
  readonly looks: readonly { readonly from: string; readonly results: readonly Result[] }[];
}

/** Files that a door serves, by path, and where it listens: `8000`, `$HOST:2379`. */
function door(
  name: string,
  listen: string,
  files: Readonly<Record<string, string>>,
  more: JsonObject = {},
): JsonObject {
  const makeFiles = Object.entries(files).map(
    ([path, text]) => `mkdir -p "$(dirname /tmp/www/${path})"; printf '%s' '${text}' > /tmp/www/${path}`,
  );
  const script = [...makeFiles, `exec httpd -f -h /tmp/www -p ${listen}`].join('; ');
  const hostAddress = { name: 'HOST', valueFrom: { fieldRef: { fieldPath: 'status.hostIP' } } };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, labels: { app: name } },
    spec: {
      terminationGracePeriodSeconds: 0,
      containers: [
        {
          name: 'door',
          image,
          command: ['sh', '-c', script],
          env: [hostAddress],
          readinessProbe: { tcpSocket: { port: Number(listen.replace('$HOST:', '')) }, periodSeconds: 1 },
        },
      ],
      ...more,
    },
  };
}

const onNode = { hostNetwork: true };

describe.runIf(kubeconfig !== undefined)('a probe of a live cluster', () => {
  let space: TestNamespace;
  let report: Report;

  function probe(...args: readonly string[]) {
    return nowwhat(['probe', '--kubeconfig', kubeconfig ?? '', '--context', '.', '-n', space.name, ...args]);
  }
  /** Through its node port, which the nodes open a moment after the pod is ready. */
  async function answersOutside(name: string): Promise<void> {
    const { spec } = await space.client.request({ path: `/api/v1/namespaces/${space.name}/services/${name}` });
    const { status } = await space.client.request({ path: `/api/v1/namespaces/${space.name}/pods/${name}` });
    const address = asString(asObject(status)['hostIP']) ?? '';
    const { nodePort } = asObject(asArray(asObject(spec)['ports'])[0]);
    expect((await fetch(`http://${address}:${toText(nodePort)}/`)).status).toBe(200);
  }

  beforeAll(async () => {
    space = await openNamespace();
    const page = (title: string) => ({ 'index.html': `<title>${title}</title>` });
    const pods = [
      door('etcd', '$HOST:2379', { version: '{"etcdserver":"3.6.0","etcdcluster":"3.6.0"}' }, onNode),
      door('kubelet', '$HOST:10255', { pods: '{"kind":"PodList"}' }, onNode),
      door('dashboard', '8000', { ...page('Kubernetes Dashboard'), 'api/v1/namespace': '{}' }),
      door('shop', '8000', page('Shop')),
    ];
    for (const pod of pods) await space.create('api/v1:pods', pod);
    for (const name of ['dashboard', 'shop'])
      await space.create('api/v1:services', {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name },
        spec: { type: 'NodePort', selector: { app: name }, ports: [{ port: 80, targetPort: 8000 }] },
      });
    for (const name of ['etcd', 'kubelet', 'dashboard', 'shop']) await untilPodReady(space.client, space.name, name);
    for (const name of ['dashboard', 'shop'])
      await vi.waitFor(() => answersOutside(name), { timeout: 120_000, interval: 500 });
    const run = probe('--from', 'both', '--image', image, '--yes', '-o', 'json');
    expect(run.status, run.err).toBe(1);
    report = JSON.parse(run.out) as Report;
  }, 600_000);
  afterAll(() => space.close());

  const openFrom = (from: string) =>
    report.looks.flatMap((look) => (look.from === from ? look.results : [])).filter(({ state }) => state === 'open');

  it.each(['outside', 'inside'])('finds the doors that are open, and no others, from %s', (from) => {
    const open = openFrom(from).map(({ door, title, named }) => (door === 'service' ? `${title} ${named}` : door));
    expect([...new Set(open)].sort()).toEqual([
      `Kubernetes Dashboard Service ${space.name}/dashboard`,
      'etcd-client',
      'kubelet-read-only',
    ]);
  });

  it('sees that the kubelets and the API server ask who is there', () => {
    for (const { results } of report.looks)
      for (const door of ['kubelet', 'apiserver-anonymous'])
        expect(results.filter((each) => each.door === door).map(({ state }) => state)).toContain('guarded');
  });

  it('leaves no pod behind', async () => {
    const left = await space.client.request({
      path: `/api/v1/namespaces/${space.name}/pods`,
      query: { labelSelector: 'app.kubernetes.io/name=nowwhat-probe' },
    });
    expect(asArray(left['items'])).toEqual([]);
  });

  it('settles checks as evidence', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'nowwhat-')), 'probe.json');
    writeFileSync(file, JSON.stringify(report));
    const source = ['--kubeconfig', kubeconfig ?? '', '--context', '.', '-n', space.name];
    const checks = 'control-plane-ports-closed,service-without-login';
    const { out } = nowwhat(['check', ...source, '--evidence', file, '--check', checks, '-o', 'json']);
    const { findings } = JSON.parse(out) as { findings: { check: string; verdict: string }[] };
    const failed = new Set(findings.filter(({ verdict }) => verdict === 'fail').map(({ check }) => check));
    expect(failed).toEqual(new Set(checks.split(',')));
  });

  it('asks nothing without agreement, and makes nothing for a plan', async () => {
    const refused = probe('--from', 'both', '--image', image);
    expect(refused.status).toBe(2);
    expect(refused.err).toContain('not-agreed');
    expect(refused.err).toContain('Makes this pod and deletes it again');
    const plan = probe('--from', 'inside', '--image', image, '--plan', '-o', 'json');
    expect(JSON.parse(plan.out)).toMatchObject({ schema: 'nowwhat.dev/probe-plan/v1' });
  });

  it('tells why its pod does not start, and takes it away', async () => {
    const run = probe('--from', 'inside', '--image', 'nowwhat.test/none:1', '--yes');
    expect(run.status).toBe(2);
    expect(run.err).toContain('probe-pod-failed');
    const { items } = await space.client.request({ path: `/api/v1/namespaces/${space.name}/pods` });
    const names = asArray(items).map((item) => asObject(asObject(item)['metadata'])['name']);
    expect(names.filter((name) => typeof name === 'string' && name.startsWith('nowwhat-probe'))).toEqual([]);
  });
});
