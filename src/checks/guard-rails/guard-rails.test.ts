// Holds every guard rail to its check: on each example of the check's page it refuses exactly the objects that the check finds.

import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compileAdmissionPolicy } from '../../kube/admission/admission-policy.ts';
import { prepareInventory } from '../../inventory/index.ts';
import { snapshotOf } from '../../inventory/snapshot-builder.ts';
import type { KubeObject } from '../../model/index.ts';
import { parseCheckPage } from '../check-pages.ts';
import { builtInChecks } from '../index.ts';
import { runChecks } from '../run-checks.ts';
import { assemblePolicies, builtInRails, type GuardRail } from './index.ts';
import { requestFor } from './rail-request.ts';

const allowedRegistries = ['registry.example.com'];
const byId = new Map(builtInChecks.map((check) => [check.meta.id, check]));

function policyOf(rail: GuardRail, minor: number) {
  const check = byId.get(rail.check);
  if (check === undefined) throw new Error(`no check ${rail.check}`);
  const wish = { rail, meta: check.meta, options: { minor, allowedRegistries }, exceptions: [], namespaces: [] };
  const assembled = assemblePolicies({ ...wish, action: 'refuse' });
  return assembled === undefined ? undefined : compileAdmissionPolicy(assembled.policy);
}

const nameOf = ({ kind, namespace, name }: KubeObject): string => `${kind} ${namespace}/${name}`;

describe('the list of guard rails', () => {
  it('names each check once, and has at least ninety', () => {
    const ids = builtInRails.map(({ check }) => check);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.filter((id) => !byId.has(id))).toEqual([]);
    expect(ids.length).toBeGreaterThanOrEqual(90);
  });
});

describe.each(builtInRails.map((rail) => [rail.check, rail] as const))('%s', (id, rail) => {
  const file = new URL(`../${byId.get(id)?.meta.family}/${id}.md`, import.meta.url);
  const examples = parseCheckPage(existsSync(file) ? readFileSync(file, 'utf8') : '').examples;

  it.each(examples.map((example, index) => [`${example.kind} example ${index + 1}`, example] as const))(
    'refuses what the check finds in its %s',
    async (_, { kind, text, live, minor = 34 }) => {
      // Policies of v1 exist from 1.30.
      if (live === true || minor < 30) return;
      const check = byId.get(id);
      const policy = policyOf(rail, minor);
      if (check === undefined || policy === undefined) throw new Error('no policy');
      const inventory = await prepareInventory(snapshotOf(text));
      const { findings } = runChecks([check], inventory, { minor, today: '2026-01-15', allowedRegistries });
      const found = findings
        .filter(({ verdict }) => verdict === 'fail')
        .map(({ subject: { kind, namespace, name } }) => `${kind} ${namespace}/${name}`);
      const answers = inventory.objects.flatMap((object) => {
        const request = requestFor(rail, object);
        return request === undefined ? [] : [{ object, answer: policy.judge(request) }];
      });
      expect(
        answers.filter(({ answer }) => answer.verdict === 'broken').map(({ answer }) => JSON.stringify(answer)),
      ).toEqual([]);
      const refused = answers.filter(({ answer }) => answer.verdict === 'refused').map(({ object }) => nameOf(object));
      // Where files leave it open, what is written to a cluster tells.
      if (kind !== 'unknown') expect(refused.sort()).toEqual([...new Set(found)].sort());
    },
  );
});
