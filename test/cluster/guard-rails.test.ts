// Guard rails on a real API server: for every one of them the bad manifests of its check's page are refused, and the good ones admitted.

import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiClient, ApiError } from '../../src/api/index.ts';
import { parseCheckPage } from '../../src/checks/check-pages.ts';
import { assemblePolicies, builtInRails, type GuardRail } from '../../src/checks/guard-rails/index.ts';
import { requestFor } from '../../src/checks/guard-rails/rail-request.ts';
import { builtInChecks } from '../../src/checks/index.ts';
import { runChecks } from '../../src/checks/run-checks.ts';
import { prepareInventory } from '../../src/inventory/index.ts';
import { snapshotOf } from '../../src/inventory/snapshot-builder.ts';
import { isClusterScoped } from '../../src/kube/scope.ts';
import { systemNamespaces } from '../../src/kube/system-namespaces.ts';
import { asArray, asObject, type JsonObject, type KubeObject, toText } from '../../src/model/index.ts';
import { kubeconfig, openNamespace, type TestNamespace } from './test-cluster.ts';

const label = 'nowwhat-guard-test';
const run = randomBytes(3).toString('hex');
const policies = '/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies';
const bindings = '/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicybindings';
const allowedRegistries = ['registry.example.com'];
const byId = new Map(builtInChecks.map((check) => [check.meta.id, check]));
/** Kinds that the API server may not have: they are those of definitions. */
const custom = ['gateway.networking.k8s.io'];
const servedRails = builtInRails.filter(({ kinds }) => kinds.some(({ group }) => !custom.includes(group)));
/** What the check finds the API server refuses itself, since 1.34. */
const refusedAnyway = ['proc-mount'];

interface Example {
  readonly kind: 'good' | 'bad' | 'unknown';
  readonly object: KubeObject;
  /** The check finds something in it. */
  readonly found: boolean;
}

async function examplesOf(rail: GuardRail, minor: number): Promise<Example[]> {
  const check = byId.get(rail.check);
  if (check === undefined) return [];
  const file = new URL(`../../src/checks/${check.meta.family}/${rail.check}.md`, import.meta.url);
  const examples = parseCheckPage(readFileSync(file, 'utf8')).examples.filter(
    (example) => (example.minor ?? minor) >= 30 && example.live !== true,
  );
  const judged = examples.map(async ({ kind, text }) => {
    const inventory = await prepareInventory(snapshotOf(text));
    const { findings } = runChecks([check], inventory, { minor, today: '2026-01-15', allowedRegistries });
    const subjects = findings.filter(({ verdict }) => verdict === 'fail').map(({ subject }) => subject);
    return inventory.objects
      .filter((object) => !custom.includes(object.group) && requestFor(rail, object) !== undefined)
      .map((object) => ({
        kind,
        object,
        found: subjects.some(
          ({ kind: subject, namespace, name }) =>
            subject === object.kind && namespace === object.namespace && name === object.name,
        ),
      }));
  });
  return (await Promise.all(judged)).flat();
}

/** Binds a policy to the objects that bear its name as a label, so that no other test and no other policy is touched. */
function narrowed(rail: GuardRail, minor: number): { policy: JsonObject; binding: JsonObject } | undefined {
  const check = byId.get(rail.check);
  if (check === undefined) return undefined;
  const options = { minor, allowedRegistries };
  const made = assemblePolicies({ rail, meta: check.meta, options, exceptions: [], action: 'refuse', namespaces: [] });
  if (made === undefined) return undefined;
  const name = `nowwhat-guard-${run}-${rail.check}`;
  const { matchResources: _, ...spec } = asObject(made.binding['spec']);
  const objectSelector = { matchLabels: { [label]: `${run}-${rail.check}` } };
  return {
    policy: { ...made.policy, metadata: { name, labels: { [label]: run } } },
    binding: {
      ...made.binding,
      metadata: { name, labels: { [label]: run } },
      spec: { ...spec, policyName: name, matchResources: { objectSelector } },
    },
  };
}

describe.runIf(kubeconfig !== undefined)('guard rails on a cluster', () => {
  let space: TestNamespace;
  let client: ApiClient;
  let minor = 0;

  /** What the API server says to the object, without storing it: nothing where it admits it. */
  async function ask(rail: GuardRail, object: KubeObject): Promise<string | undefined> {
    const known = requestFor(rail, object);
    if (known === undefined) throw new Error('not of this rail');
    const metadata = asObject(object.raw['metadata']);
    const isCluster = isClusterScoped(object.group, object.kind);
    const namespace = object.namespace === 'default' && rail.check === 'default-namespace' ? 'default' : space.name;
    const { namespace: _, ...rest } = metadata;
    const isNew = isCluster && !systemNamespaces.has(object.name);
    const named = { ...rest, name: isNew ? `${object.name}-${run}` : object.name };
    const labels = { ...asObject(metadata['labels']), [label]: `${run}-${rail.check}` };
    const group = object.group === '' ? `/api/${known.version}` : `/apis/${object.group}/${known.version}`;
    const path = `${group}/${isCluster ? '' : `namespaces/${namespace}/`}${known.resource}`;
    const body = { ...object.raw, metadata: { ...named, labels } };
    try {
      await client.request({ method: 'POST', path, query: { dryRun: 'All' }, body });
      return undefined;
    } catch (error) {
      if (error instanceof ApiError) return error.message;
      throw error;
    }
  }

  beforeAll(async () => {
    space = await openNamespace();
    client = space.client;
    const version = await client.request({ method: 'GET', path: '/version' });
    minor = Number.parseInt(toText(version['minor']), 10);
    for (const rail of builtInRails) {
      const made = narrowed(rail, minor);
      if (made === undefined) continue;
      await client.request({ method: 'POST', path: policies, body: made.policy });
      await client.request({ method: 'POST', path: bindings, body: made.binding });
    }
  });

  afterAll(async () => {
    const query = { labelSelector: `${label}=${run}` };
    await client?.request({ method: 'DELETE', path: bindings, query });
    await client?.request({ method: 'DELETE', path: policies, query });
    await space?.close();
  });

  it.each(servedRails.map((rail) => [rail.check, rail] as const))('%s', async (id, rail) => {
    const name = `nowwhat-guard-${run}-${id}`;
    const examples = await examplesOf(rail, minor);
    const bad = examples.filter(({ found }) => found);
    const byPolicy = (answer: string | undefined): boolean => answer?.includes(`'${name}'`) === true;
    const askAll = async (list: readonly Example[]): Promise<{ answer: string | undefined; object: string }[]> => {
      const answers = [];
      for (const { object } of list)
        answers.push({ object: `${object.kind} ${object.name}`, answer: await ask(rail, object) });
      return answers;
    };
    // Policies count a moment after they are stored. Some of what checks find the API server refuses by itself.
    const notRefused = async (): Promise<unknown[]> =>
      (await askAll(bad)).filter(({ answer = '' }) => !byPolicy(answer) && !/ is invalid: |Forbidden: /.test(answer));
    await expect.poll(notRefused, { timeout: 120_000 }).toEqual([]);
    if (!refusedAnyway.includes(id))
      expect((await askAll(bad)).filter(({ answer }) => byPolicy(answer))).not.toEqual([]);
    const good = await askAll(examples.filter(({ kind, found }) => kind !== 'unknown' && !found));
    expect(good.filter(({ answer }) => byPolicy(answer))).toEqual([]);
    expect(good.filter(({ answer }) => answer !== undefined).length).toBeLessThan(good.length);
  });

  it('are typed as the API server likes it: it has no warning for any of them', async () => {
    const warningsOf = async (): Promise<unknown[]> => {
      const list = await client.request({ method: 'GET', path: policies, query: { labelSelector: `${label}=${run}` } });
      const statuses = asArray(list['items']).map((item) => asObject(asObject(item)['status']));
      expect(statuses.every((status) => status['observedGeneration'] !== undefined)).toBe(true);
      return statuses.flatMap((status) => asArray(asObject(status['typeChecking'])['expressionWarnings']));
    };
    await expect.poll(warningsOf, { timeout: 200_000 }).toEqual([]);
  });
});
