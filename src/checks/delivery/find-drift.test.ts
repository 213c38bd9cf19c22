import { describe, expect, it } from 'vitest';
import { joinedOf } from '../../../test/kubernetes/cluster-snapshot.ts';
import { prepareInventory } from '../../inventory/index.ts';
import type { Snapshot } from '../../model/index.ts';
import { runChecks } from '../run-checks.ts';
import { deliveryChecks } from './index.ts';

const drift: readonly string[] = ['field-drifted', 'not-applied', 'not-declared'];

async function judge(snapshot: Snapshot) {
  const options = { minor: 34, today: '2026-01-15', allowedRegistries: [] };
  const inventory = await prepareInventory(snapshot);
  return runChecks(deliveryChecks, inventory, options).findings.filter(({ check }) => drift.includes(check));
}

const deployment = (spec: string, metadata = ''): string =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, namespace: shop${metadata}}\nspec: ${spec}\n`;

describe('drift', () => {
  it('names who wrote what is there now, and the line of the files', async () => {
    const managed = `, managedFields: [{manager: kubectl-edit, operation: Update, time: "2026-01-10T08:00:00Z", fieldsV1: {"f:spec": {"f:replicas": {}}}}]`;
    const [finding, ...others] = await judge(
      joinedOf(`${deployment('{replicas: 2}')}# In the cluster\n${deployment('{replicas: 5}', managed)}`),
    );
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      message: '/spec/replicas of Deployment "web" is 2 in the files and 5 in the cluster',
      evidence: 'last written by kubectl-edit on 2026-01-10',
      path: '/spec/replicas',
      position: { file: 'app.yaml', line: 4 },
    });
  });

  it("is not kubectl's copy of the object, which a file saved from a cluster has", async () => {
    const annotations = (more: string): string =>
      `{kubectl.kubernetes.io/last-applied-configuration: '{"stringData":{"a":"geheim"}}'${more}}`;
    const secret = (noted: string): string =>
      `apiVersion: v1\nkind: Secret\nmetadata: {name: db, namespace: shop${noted}}\ndata: {a: Z2VoZWlt}\n`;
    const judged = (more: string) =>
      judge(joinedOf(`${secret(`, annotations: ${annotations(more)}`)}# In the cluster\n${secret('')}`));
    expect(await judged('')).toEqual([]);
    const [other, ...none] = await judged(', team: shop');
    expect(none).toEqual([]);
    expect(other?.message).toContain('team');
    expect(JSON.stringify(other)).not.toContain('geheim');
  });

  it('is not what an autoscaler counts', async () => {
    const scaler =
      'apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {name: web, namespace: shop}\nspec: {scaleTargetRef: {kind: Deployment, name: web}, maxReplicas: 9}\n';
    const files = `${deployment('{replicas: 2}')}---\n${scaler}`;
    const live = `${deployment('{replicas: 5}')}---\n${scaler}`;
    expect(await judge(joinedOf(`${files}# In the cluster\n${live}`))).toEqual([]);
  });

  it('never shows what looks like a secret', async () => {
    const env = (value: string): string =>
      deployment(
        `{template: {spec: {containers: [{name: web, image: "web:1", env: [{name: DB_PASSWORD, value: ${value}}]}]}}}`,
      );
    const findings = await judge(joinedOf(`${env('hunter2hunter2')}# In the cluster\n${env('swordfish-1234')}`));
    expect(findings).toHaveLength(1);
    expect(JSON.stringify(findings)).not.toMatch(/hunter2|swordfish/);
    expect(findings[0]?.message).toContain('(withheld)');
  });

  it('of an object whose kind may not be listed is not known', async () => {
    const notListed = [{ group: 'apps', kind: 'Deployment', resource: 'deployments', namespace: 'shop' }];
    const findings = await judge(joinedOf(`${deployment('{}')}# In the cluster\n`, { notListed }));
    expect(findings.filter(({ check }) => check === 'not-applied').map(({ verdict }) => verdict)).toContain('unknown');
    expect(findings.filter(({ verdict }) => verdict === 'fail')).toEqual([]);
  });

  it('is not a hook of a chart that has run', async () => {
    const snapshot = joinedOf(`${deployment('{}')}# In the cluster\n`);
    const objects = snapshot.objects.map((object) => ({
      ...object,
      source: { ...object.source, origin: { kind: 'helm' as const, unit: 'chart', hook: 'pre-install' } },
    }));
    expect(await judge({ ...snapshot, objects })).toEqual([]);
  });

  it('is not asked where files stand alone', async () => {
    const { facts, ...rest } = joinedOf(`${deployment('{}')}# In the cluster\n`);
    const { cluster: _, joined: __, ...files } = facts;
    expect(await judge({ ...rest, facts: files })).toEqual([]);
  });
});
