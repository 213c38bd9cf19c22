// A published app of twelve services, with a stand-in for every image, as it runs on a real cluster: seen by an administrator, and by a user with one
// namespaced Role who may not even list namespaces. The audit log is witness that only reads were made.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { captureInPod, discover } from '../../src/api/index.ts';
import type { JsonObject, Unreadable } from '../../src/model/index.ts';
import { nowwhat } from '../e2e/run-cli.ts';
import { sharedFile } from '../exam/shared-folder.ts';
import { auditLog, isRead, watchAuditLog } from './audit-log.ts';
import { createAdministrator, createOneRoleUser, type ReaderUser } from './reader-user.ts';
import { applyAll, readObjects, untilReady } from './stand-in/deploy.ts';
import { standIn } from './stand-in/stand-in.ts';
import { ofLastingKinds } from './take-turn.ts';
import { kubeconfig, openNamespace, type TestNamespace } from './test-cluster.ts';

const app = sharedFile('Online Boutique on a cluster', 'apps/online-boutique/kubernetes-manifests.yaml');
const image = process.env['NOWWHAT_TEST_IMAGE'];

const workloads = [
  'adservice',
  'cartservice',
  'checkoutservice',
  'currencyservice',
  'emailservice',
  'frontend',
  'loadgenerator',
  'paymentservice',
  'productcatalogservice',
  'recommendationservice',
  'redis-cart',
  'shippingservice',
];

/** What a user needs to see his own app, and no more. */
const rules: readonly JsonObject[] = [
  {
    apiGroups: ['', 'apps', 'networking.k8s.io'],
    resources: ['pods', 'services', 'serviceaccounts', 'deployments', 'replicasets', 'networkpolicies'],
    verbs: ['get', 'list'],
  },
  // To look at sockets in his own containers.
  { apiGroups: [''], resources: ['pods/exec'], verbs: ['create', 'get'] },
];

interface Edge {
  readonly from: { readonly name: string };
  readonly to: { readonly name: string };
  readonly status: string;
}

/** Who calls whom, as the manifests' environments declare it. */
const calls: Readonly<Record<string, readonly string[]>> = {
  frontend: [
    'adservice',
    'cartservice',
    'checkoutservice',
    'currencyservice',
    'productcatalogservice',
    'recommendationservice',
    'shippingservice',
  ],
  cartservice: ['redis-cart'],
  checkoutservice: [
    'cartservice',
    'currencyservice',
    'emailservice',
    'paymentservice',
    'productcatalogservice',
    'shippingservice',
  ],
  loadgenerator: ['frontend'],
  recommendationservice: ['productcatalogservice'],
};

describe.runIf(kubeconfig !== undefined && app !== undefined && image !== undefined)('Online Boutique', () => {
  const folder = mkdtempSync(join(tmpdir(), 'nowwhat-boutique-'));
  const log = kubeconfig === undefined ? undefined : auditLog();
  const askedBy = log === undefined ? undefined : watchAuditLog(log);
  const saved = join(folder, 'minikube.snapshot');
  let space: TestNamespace;
  let administrator: Awaited<ReturnType<typeof createAdministrator>>;
  let oneRole: ReaderUser;

  beforeAll(async () => {
    space = await openNamespace();
    administrator = await createAdministrator(space, folder);
    oneRole = await createOneRoleUser(space, folder, rules);
    const objects = standIn(await readObjects(app ?? ''), image ?? '');
    await applyAll(space, await discover(space.client), objects);
    await untilReady(space, 240_000);
  });

  afterAll(async () => {
    await administrator?.close();
    await space?.close();
    rmSync(folder, { recursive: true });
  });

  function run(user: ReaderUser, args: readonly string[]) {
    const ran = nowwhat([...args, '--kubeconfig', user.kubeconfig, '-n', space.name]);
    expect([0, 1], ran.err).toContain(ran.status);
    return ran;
  }

  const json = (user: ReaderUser, args: readonly string[]) => JSON.parse(run(user, [...args, '-o', 'json']).out);

  it('runs with all of its services ready', async () => {
    const path = `/apis/apps/v1/namespaces/${space.name}/deployments`;
    const { items } = (await space.client.request({ path })) as { items: { metadata: { name: string } }[] };
    expect(items.map(({ metadata }) => metadata.name)).toEqual(workloads);
  });

  it('really calls: connections of every caller are held', async () => {
    const { items } = (await space.client.request({ path: `/api/v1/namespaces/${space.name}/pods` })) as {
      items: { metadata: { name: string } }[];
    };
    const podOf = (app: string) => items.find(({ metadata }) => metadata.name.startsWith(`${app}-`))?.metadata.name;
    const remotePorts = async (app: string): Promise<number[]> => {
      const command = ['cat', '/proc/net/tcp'];
      const { stdout } = await captureInPod(space.client, { namespace: space.name, pod: podOf(app) ?? '', command });
      const established = stdout.matchAll(/ [0-9A-F]{8}:[0-9A-F]{4} [0-9A-F]{8}:([0-9A-F]{4}) 01 /g);
      return [...established].map(([, port = '']) => Number.parseInt(port, 16));
    };
    for (const [caller, ports] of Object.entries({
      frontend: [3550, 7000, 7070, 8080, 50051, 5050, 9555],
      cartservice: [6379],
      checkoutservice: [3550, 50051, 5000, 7000, 7070],
      loadgenerator: [80],
      recommendationservice: [3550],
    }))
      await expect.poll(() => remotePorts(caller), { timeout: 60_000 }).toEqual(expect.arrayContaining(ports));
  });

  it('has a journey, for an administrator', () => {
    const report = json(administrator, ['journey', '--context', '.']);
    expect(ofLastingKinds(report.source.cluster.notListed)).toEqual([]);
    const unreadable: readonly Unreadable[] = report.unreadable;
    expect(unreadable.filter(({ code }) => code !== 'list-failed')).toEqual([]);
    expect(report.legs).toHaveLength(4);
    const judged = new Set(report.findings.map(({ subject }: { subject: { name: string } }) => subject.name));
    expect(workloads.filter((name) => !judged.has(name))).toEqual([]);
    expect(run(administrator, ['journey', '--context', '.']).out).toContain('Next');
  });

  it('has a journey, for a user with one Role: what he may not see is unknown, and the right to it is named', () => {
    const report = json(oneRole, ['journey', '--context', '.']);
    const hidden = report.source.cluster.notListed.map(({ resource }: { resource: string }) => resource);
    expect(hidden).toEqual(expect.arrayContaining(['nodes', 'namespaces', 'secrets', 'roles']));
    for (const { resources = [] } of rules as { resources: string[] }[])
      for (const resource of resources) expect(hidden).not.toContain(resource);
    const verdicts = Object.assign({}, ...report.legs.map(({ checks }: { checks: object }) => checks));
    expect(verdicts['ingress-not-isolated'].verdict).toBe('fail');
    expect(verdicts['namespace-without-quota'].verdict).toBe('unknown');
    expect(run(oneRole, ['request', '--role', 'cluster-administrator', '--context', '.']).out).toContain(
      'nowwhat-read',
    );
  });

  it('is compared with another place, as a saved snapshot that holds no secret', () => {
    run(administrator, ['snapshot', '--context', '.', '--output-file', saved]);
    for (const user of [administrator, oneRole]) {
      const answer = json(user, ['compare', '--from', saved, '--to', space.name]);
      expect(answer.schema).toBe('nowwhat.dev/compare/v1');
      // The same cluster on both sides: nothing is otherwise for the one who sees all of it.
      if (user === administrator) expect(JSON.stringify(answer)).not.toContain('"verdict":"fail"');
    }
  });

  it.each(['administrator', 'user with one Role'])(
    'has its traffic told to the %s: all that is declared is seen, and nothing else',
    { timeout: 300_000 },
    (who) => {
      const user = who === 'administrator' ? administrator : oneRole;
      const report = json(user, ['traffic', '--context', '.', '--for', '10s', '--every', '500ms', '--yes']);
      expect(report.window.notSampled).toEqual([]);
      expect(report.window.sampled).toHaveLength(workloads.length);
      const seen = report.edges.map(({ from, to, status }: Edge) => `${from.name} > ${to.name} ${status}`);
      const declared = Object.entries(calls).flatMap(([caller, called]) =>
        called.map((name) => `${caller} > ${name} declared-and-seen`),
      );
      // The manifests name an assistant that is not among them: nobody can have called it.
      const never = 'frontend > shoppingassistantservice declared-not-seen';
      expect(seen.sort()).toEqual([...declared, never].sort());
    },
  );

  it('has its doors tried from outside', { timeout: 300_000 }, () => {
    const doorsOf = (user: ReaderUser): Record<string, string> => {
      const { looks } = json(user, ['probe', '--context', '.', '--from', 'outside', '--yes']);
      const results: { door: string; state: string }[] = looks[0].results;
      return Object.fromEntries(results.map(({ door, state }) => [door, state]));
    };
    const guarded = { 'apiserver-anonymous': 'guarded', kubelet: 'guarded', 'kubelet-read-only': 'closed' };
    // The load balancer that never comes has node ports already.
    expect(doorsOf(administrator)).toMatchObject({ ...guarded, service: 'answers' });
    expect(doorsOf(oneRole)).toMatchObject(guarded);
  });

  it.runIf(log !== undefined)('was only read', () => {
    for (const { name } of [administrator, oneRole]) {
      const requests = askedBy?.(name) ?? [];
      expect(requests.length, name).toBeGreaterThan(50);
      const others = requests.filter((request) => !isRead(request));
      // The look at sockets, which was agreed to, runs a program in each pod; the test for it says what that reads.
      expect(others.filter(({ what, userAgent }) => what !== 'pods/exec' || userAgent !== 'nowwhat')).toEqual([]);
    }
  });
});
