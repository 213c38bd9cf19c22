import { describe, expect, it } from 'vitest';
import { createInventory } from '../../inventory/index.ts';
import { snapshotOf } from '../../inventory/snapshot-builder.ts';
import { runChecks } from '../run-checks.ts';
import { parseCustomChecks } from './index.ts';

const options = { minor: 34, today: '2026-01-01', allowedRegistries: [] };
const rule = {
  id: 'team-label',
  title: 'Workloads carry a team label',
  leg: 'deployment',
  level: 2,
  match: { kinds: ['Deployment'] },
  expression: "'team' in object.metadata.?labels.orValue({})",
  path: 'metadata.labels',
  remediation: 'Add it.',
};
const manifests = (labels: string): string =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\n  labels: {${labels}}\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n`;

function run(check: object, text: string) {
  const checks = parseCustomChecks([check], new Set(['built-in']));
  return runChecks(checks, createInventory(snapshotOf(text)), options);
}

describe('custom checks', () => {
  it('judge the objects they match, with position and evidence', () => {
    const { findings, outcomes } = run(rule, manifests('app: web'));
    expect(findings).toMatchObject([
      {
        check: 'team-label',
        verdict: 'fail',
        owner: 'developer',
        severity: 'medium',
        position: { line: 5 },
        message: 'Deployment "web": Workloads carry a team label',
      },
    ]);
    expect(outcomes).toMatchObject([{ subjects: 1, failed: 1 }]);
    expect(run(rule, manifests('team: shop')).findings).toEqual([]);
  });

  it('compute variables in order, and messages', () => {
    const withVariables = {
      ...rule,
      variables: [
        { name: 'labels', expression: 'object.metadata.labels' },
        { name: 'count', expression: 'variables.labels.size()' },
      ],
      expression: 'variables.count > params.min',
      messageExpression: '"has %d labels".format([variables.count])',
      params: { min: 3 },
    };
    expect(run(withVariables, manifests('a: b')).findings[0]?.message).toBe('Deployment "web": has 1 labels');
  });

  it('do not know where the expression fails', () => {
    const { findings } = run({ ...rule, expression: 'object.spec.replicas > 1' }, manifests('a: b'));
    expect(findings).toMatchObject([{ verdict: 'unknown', evidence: expect.stringContaining('spec') }]);
  });

  it.each([
    [{ match: { kinds: ['apps/Deployment'] } }, 1],
    [{ match: { kinds: ['apps/v1/Deployment'] } }, 1],
    [{ match: { kinds: ['batch/Deployment'] } }, 0],
    [{ match: { kinds: ['*'] } }, 2],
    [{ match: { kinds: ['Deployment'], namespaces: ['shop'] } }, 0],
    [{ match: { kinds: ['Deployment'], labels: { matchLabels: { app: 'web' } } } }, 1],
    [{ match: { kinds: ['Deployment'], labels: { matchLabels: { app: 'api' } } } }, 0],
  ])('match %j', (match, subjects) => {
    expect(run({ ...rule, ...match }, manifests('app: web')).outcomes[0]?.subjects).toBe(subjects);
  });

  it.each([
    [{ ...rule, id: 'built-in' }, 'exists already'],
    [{ ...rule, id: 'Not Kebab' }, 'lower-case words'],
    [{ ...rule, level: 5 }, 'level'],
    [{ ...rule, expresion: 'true' }, 'expresion'],
    [{ ...rule, expression: 'object.' }, 'customChecks team-label: expression'],
  ])('are refused with the reason: %#', (check, reason) => {
    expect(() => parseCustomChecks([check], new Set(['built-in']))).toThrow(reason);
  });
});
