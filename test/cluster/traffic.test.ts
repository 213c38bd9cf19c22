// The traffic of pods that really talk, on a real cluster: what is declared and seen, what is not, and what cannot be looked into.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/model/index.ts';
import { nowwhat, type Ran } from '../e2e/run-cli.ts';
import { kubeconfig, openNamespace, type TestNamespace } from './test-cluster.ts';
import { until } from './until.ts';

const image = process.env['NOWWHAT_TEST_IMAGE'] ?? '';

/** Connects and holds the line for some seconds, again and again. */
const call = (host: string, port: string): string => `(while true; do sleep 4 | nc ${host} ${port}; sleep 1; done) &`;

function deployment(name: string, container: JsonObject, more: JsonObject = {}): JsonObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: {
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: { terminationGracePeriodSeconds: 1, containers: [{ name, image, ...container }], ...more },
      },
    },
  };
}

function service(name: string, port: number, targetPort: number): JsonObject {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name },
    spec: { selector: { app: name }, ports: [{ port, targetPort }] },
  };
}

const listen = (port: string): JsonObject => ({ command: ['sh', '-c', `exec nc -ll -p ${port} -e cat`] });

/** A container in which /bin has nothing but what it serves with: there is no program to look at sockets with. */
const blind: JsonObject = {
  initContainers: [
    {
      name: 'copy',
      image,
      command: ['sh', '-c', 'for name in nc tail; do cp "$(readlink -f /bin/busybox)" /bare/$name; done'],
      volumeMounts: [{ name: 'bare', mountPath: '/bare' }],
    },
  ],
  volumes: [{ name: 'bare', emptyDir: {} }],
};

interface Told {
  readonly from: { readonly name: string };
  readonly to: { readonly name: string };
  readonly port?: number;
  readonly status: string;
  readonly isBlocked?: boolean;
  readonly seen: readonly { readonly outcome: string; readonly where: string }[];
}

interface Report {
  readonly edges: readonly Told[];
  readonly folded: readonly { readonly class: string }[];
  readonly window: {
    readonly sampled: readonly { readonly pod: string; readonly by: string; readonly samples: number }[];
    readonly notSampled: readonly { readonly pod: string; readonly reason: string }[];
    readonly notRun: readonly string[];
    readonly gaps: readonly string[];
  };
}

describe.skipIf(kubeconfig === undefined || image === '')('the traffic of a live cluster', () => {
  let space: TestNamespace;

  const traffic = (...more: string[]): Ran =>
    nowwhat(['traffic', '--kubeconfig', kubeconfig ?? '', '--context', '.', '-n', space.name, ...more]);
  const report = (): Report => JSON.parse(traffic('--for', '15s', '--yes', '-o', 'json').out);
  const edge = ({ edges }: Report, from: string, to: string): Told | undefined =>
    edges.find((each) => each.from.name === from && each.to.name === to);

  beforeAll(async () => {
    space = await openNamespace();
    const deployments = 'apis/apps/v1:deployments';
    const services = 'api/v1:services';
    await space.create(deployments, deployment('api', listen('9090')));
    await space.create(deployments, deployment('db', listen('5432')));
    await space.create(deployments, deployment('closed', listen('7000')));
    await space.create(
      deployments,
      deployment(
        'blind',
        {
          command: ['/bin/nc', '-ll', '-p', '6000', '-e', '/bin/tail', '-f', '/dev/null'],
          volumeMounts: [{ name: 'bare', mountPath: '/bin' }],
        },
        blind,
      ),
    );
    await space.create(services, service('api', 8080, 9090));
    await space.create(services, service('db', 5432, 5432));
    await space.create(services, service('blind', 6000, 6000));
    await space.create(services, service('closed', 7000, 7000));
    await space.create('apis/networking.k8s.io/v1:networkpolicies', {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: 'closed' },
      spec: { podSelector: { matchLabels: { app: 'closed' } }, policyTypes: ['Ingress'] },
    });
    await space.create('apis/batch/v1:cronjobs', {
      apiVersion: 'batch/v1',
      kind: 'CronJob',
      metadata: { name: 'nightly' },
      spec: {
        schedule: '0 3 1 1 *',
        jobTemplate: {
          spec: {
            template: { spec: { restartPolicy: 'Never', containers: [{ name: 'x', image, command: ['true'] }] } },
          },
        },
      },
    });
    const script = [call('api', '8080'), call('db', '5432'), call('blind', '6000'), call('closed', '7000')].join(' ');
    await space.create(
      deployments,
      deployment('web', {
        command: ['sh', '-c', `${script} exec nc -ll -p 8080 -e cat`],
        env: [
          { name: 'API_HOST', value: 'api' },
          { name: 'API_PORT', value: '8080' },
          { name: 'CLOSED_ADDR', value: 'closed:7000' },
          { name: 'NEVER_URL', value: 'http://db:9999' },
        ],
        ports: [{ name: 'http', containerPort: 8080 }],
        readinessProbe: { tcpSocket: { port: 'http' }, periodSeconds: 1 },
      }),
    );
    await until('five ready Deployments', async () => {
      const list = await space.client.request({ path: `/apis/apps/v1/namespaces/${space.name}/deployments` });
      const all = list['items'] as { status?: { readyReplicas?: number } }[];
      return all.filter(({ status }) => status?.readyReplicas === 1).length === 5 ? true : undefined;
    });
  });

  afterAll(async () => {
    await space?.close();
  });

  it('is joined with what is declared and with the policies', () => {
    const found = report();
    expect(edge(found, 'web', 'api')).toMatchObject({ status: 'declared-and-seen', port: 9090 });
    expect(edge(found, 'web', 'api')?.seen.map(({ where }) => where.split('/').at(-1))).toEqual(
      expect.arrayContaining(['web', 'api']),
    );
    expect(
      found.edges.find(({ from, to, port }) => from.name === 'web' && to.name === 'db' && port === 5432),
    ).toMatchObject({
      status: 'not-declared',
      isBlocked: false,
    });
    expect(edge(found, 'web', 'closed')).toMatchObject({ status: 'declared-and-seen', isBlocked: true });
    expect(edge(found, 'web', 'closed')?.seen.map(({ outcome }) => outcome)).toEqual(['attempted']);
    expect(found.edges.find(({ to, port }) => to.name === 'db' && port === 9999)).toMatchObject({
      status: 'declared-not-seen',
    });
    // Ports that are taken at random, and the kubelet, are nobody's edges.
    expect(found.edges.map(({ port }) => port).filter((port) => (port ?? 0) > 10_000)).toEqual([]);
    expect(found.edges.filter(({ from }) => from.name !== 'web')).toEqual([]);
    expect(found.window.notRun).toEqual([`CronJob ${space.name}/nightly`]);
  });

  it('is seen from the other end of a container without any program to look with, and that is told', () => {
    const found = report();
    expect(found.window.notSampled).toEqual([
      expect.objectContaining({ pod: expect.stringMatching(/^blind-/), reason: expect.stringContaining('no cat') }),
    ]);
    expect(edge(found, 'web', 'blind')).toMatchObject({ status: 'not-declared', port: 6000 });
    expect(found.window.sampled.map(({ by }) => by)).toEqual(['cat', 'cat', 'cat', 'cat']);
  });

  it('fails a pipeline where it is asked to', () => {
    expect(traffic('--for', '12s', '--yes', '-q', '--fail-on', 'undeclared').status).toBe(1);
  });

  it('runs nothing where nobody agreed, and says what would run', () => {
    const { status, err } = traffic('--for', '1s');
    expect(status).toBe(2);
    expect(err).toContain('cat /proc/net/tcp /proc/net/tcp6 /proc/net/udp /proc/net/udp6');
    expect(err).toContain('not-agreed');
  });

  it('says what a user without exec cannot see', async () => {
    const reader = `reader-${space.name}`;
    await space.create('apis/rbac.authorization.k8s.io/v1:rolebindings', {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata: { name: reader },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' },
      subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: reader }],
    });
    const { out } = traffic('--for', '1s', '--yes', '-o', 'json', '--as', reader);
    const { window } = JSON.parse(out) as Report;
    expect(window.sampled).toEqual([]);
    expect(window.notSampled.map(({ reason }) => reason)).toContain(
      'commands in its containers (pods/exec) are not permitted',
    );
    expect(window.gaps).toContain('pods of other namespaces may not be listed: their addresses are not known');
  });
});
