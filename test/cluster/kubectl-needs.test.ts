// What kubectl asks for, held to a real kubectl: with the roles that are inferred from a command, and nothing else, the command must work.

import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inferRoles, declaredNeeds } from '../../src/inference/index.ts';
import { createInventory } from '../../src/inventory/index.ts';
import { snapshotOf } from '../../src/inventory/snapshot-builder.ts';
import { accountGroups, accountUserName } from '../../src/kube/rbac-authorizer.ts';
import { rightsOfEverybody } from '../../src/kube/rbac-defaults.ts';
import { asObject, type JsonObject } from '../../src/model/index.ts';
import { toolPaths } from '../programs/tool-paths.ts';
import { kubeconfig, openNamespace, type TestNamespace } from './test-cluster.ts';

const image = process.env['NOWWHAT_TEST_IMAGE'];

/** In an order in which each finds what it is for. */
const commands = [
  'get pods',
  'get pod web -o name',
  'get deployments,configmaps',
  'get all',
  'get ns NAMESPACE',
  'get --raw /api/v1/namespaces/NAMESPACE/pods',
  'logs web',
  'exec web -- true',
  'label pod web a=b',
  'annotate deploy/web a=b',
  'patch deployment web -p {"metadata":{"labels":{"c":"d"}}}',
  'set image deploy/web a=nowwhat.test/busybox:2',
  'scale --replicas=0 deployment/web',
  'rollout restart deployment web',
  'rollout status deployment web --timeout=100s',
  'rollout undo deployment web',
  'wait --for=condition=Ready pod/web --timeout=100s',
  'create configmap made --from-literal=a=b',
  'create job made --from=cronjob/nightly',
  'delete configmap made',
  'delete jobs --all',
  'create token default',
  'auth can-i list pods',
  'version',
];

function podText(namespace: string, command: string): string {
  const container = { name: 'a', image: 'a', command: ['kubectl', ...command.split(' ')] };
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'a', namespace },
    spec: { serviceAccountName: 'tried', containers: [container] },
  });
}

describe.runIf(kubeconfig !== undefined && image !== undefined)('kubectl with what its command declares', () => {
  const { kubectl } = toolPaths();
  let space: TestNamespace;

  function run(args: readonly string[], input?: string) {
    const all = ['--kubeconfig', kubeconfig ?? '', '-n', space.name, ...args];
    return spawnSync(kubectl, all, { encoding: 'utf8', timeout: 240_000, ...(input === undefined ? {} : { input }) });
  }

  function apply(objects: readonly JsonObject[]): void {
    const { status, stderr } = run(['apply', '-f', '-'], objects.map((each) => JSON.stringify(each)).join('\n---\n'));
    if (status !== 0) throw new Error(stderr);
  }

  beforeAll(async () => {
    space = await openNamespace();
    const containers = [{ name: 'a', image, command: ['sleep', '3600'], imagePullPolicy: 'IfNotPresent' }];
    const labels = { app: 'deployed' };
    const template = { metadata: { labels }, spec: { containers } };
    const job = { template: { spec: { containers, restartPolicy: 'Never' } } };
    apply([
      {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'web' },
        spec: { containers, terminationGracePeriodSeconds: 0 },
      },
      {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: 'web' },
        spec: { replicas: 0, selector: { matchLabels: labels }, template },
      },
      {
        apiVersion: 'batch/v1',
        kind: 'CronJob',
        metadata: { name: 'nightly' },
        spec: { schedule: '0 0 1 1 *', jobTemplate: { spec: job } },
      },
    ]);
    expect(run(['wait', '--for=condition=Ready', 'pod/web', '--timeout=200s']).status).toBe(0);
  });

  afterAll(() => space?.close());

  it.each(commands)('kubectl %s', async (template) => {
    const command = template.replaceAll('NAMESPACE', space.name);
    const name = `tried-${commands.indexOf(template)}`;
    const user = { name: accountUserName(space.name, name), groups: accountGroups(space.name) };
    const [declared] = declaredNeeds(createInventory(snapshotOf(podText(space.name, command))));
    expect(declared?.notes ?? []).toEqual([]);
    const { roles } = inferRoles(user, declared?.uses ?? [], { widen: [], given: rightsOfEverybody });
    const objects = roles.flatMap(({ role, binding }) => [role, binding]);
    for (const object of objects) expect(asObject(object['metadata'])['namespace']).toBe(space.name);
    const words = command.split(' ');
    const asUser = [...words.slice(0, 1), '--as', user.name, ...words.slice(1)];
    if (objects.length > 0) {
      // The control: without the roles it does not work.
      expect(run(asUser).stderr).toMatch(/forbidden/i);
      apply(objects);
    }
    const tries = async (left: number): Promise<ReturnType<typeof run>> => {
      const tried = run(asUser);
      // An authorizer sees new roles a moment later.
      if (left === 0 || !/forbidden/i.test(tried.stderr)) return tried;
      await new Promise((resolve) => setTimeout(resolve, 500));
      return tries(left - 1);
    };
    const { status, stderr } = await tries(objects.length > 0 ? 60 : 0);
    expect(stderr).not.toMatch(/forbidden/i);
    expect(status, stderr).toBe(template.startsWith('auth can-i') ? 1 : 0);
  });
});
