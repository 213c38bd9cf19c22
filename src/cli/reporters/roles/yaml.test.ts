import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RolesAnswer } from '../../../app/roles/roles-answer.ts';
import { inferRoles, type Need } from '../../../inference/index.ts';
import { parseYaml, splitDocuments } from '../../../kube/yaml/index.ts';
import type { Json } from '../../../model/index.ts';
import { renderRolesYaml } from './yaml.ts';

function answerFor(user: string, needs: readonly Need[]): RolesAnswer {
  const uses = needs.map((need) => ({ need, events: 1, declared: [] }));
  const { subject, roles, proof } = inferRoles({ name: user, groups: [] }, uses, { widen: [], given: [] });
  const views = roles.map((each) => ({
    ...each,
    restOn: each.restOn.map((list) => list.map(({ need }) => ({ ...need, requests: 1 }))),
  }));
  const { needs: count, allowedNeeds: allowed, granted, beyond } = proof;
  const told = { needs: count, allowed, granted, beyond, missing: [] };
  const one = { subject, roles: views, given: [], proof: told, notes: [`a note on ${user}`] };
  return { schema: 'nowwhat.dev/roles/v1', widened: [], subjects: [one], leftOut: [] };
}

function parse(text: string): Json[] {
  return splitDocuments(text).flatMap((range) => {
    const parsed = parseYaml(text, range);
    if (!parsed.ok) throw new Error(`${parsed.failure.reason}\n${text}`);
    return parsed.parsed.values.filter((value) => value !== null && value !== undefined);
  });
}

describe('roles of nobody', () => {
  const empty = { schema: 'nowwhat.dev/roles/v1', widened: [], subjects: [], leftOut: [] } as const;

  it('say why nobody has some, and what would tell', () => {
    expect(renderRolesYaml(empty)).toMatch(/no kubectl[\s\S]*--audit-log FILE/);
    expect(renderRolesYaml(answerFor('a', []))).not.toContain('--audit-log');
  });
});

const anyText = fc.oneof(
  fc.string({ unit: 'grapheme', minLength: 1 }),
  fc.constantFrom(
    'yes',
    'null',
    '1.0',
    '1e3',
    '0x1f',
    '# a',
    'a: b',
    '- a',
    '"',
    "'",
    '\n---\n',
    'a #b',
    '~',
    '<<',
    '\u2028',
    '2026-01-01',
    '.inf',
    '/',
  ),
);

describe('YAML of roles', () => {
  it('reads back as the objects, whatever names a log holds', () => {
    const need = fc.record({ verb: anyText, group: anyText, resource: anyText, namespace: anyText, name: anyText });
    const url = fc.record({ verb: anyText, url: anyText });
    fc.assert(
      fc.property(anyText, fc.array(fc.oneof(need, url), { minLength: 1, maxLength: 4 }), (user, needs) => {
        const answer = answerFor(user, needs);
        const objects = answer.subjects.flatMap(({ roles }) => roles.flatMap(({ role, binding }) => [role, binding]));
        expect(parse(renderRolesYaml(answer))).toEqual(objects);
      }),
    );
  });

  it('keeps long lists of names readable', () => {
    const names = Array.from({ length: 30 }, (_, index) => `a-config-with-a-long-name-${index}`);
    const text = renderRolesYaml(
      answerFor(
        'jana',
        names.map((name) => ({ verb: 'get', group: '', resource: 'configmaps', namespace: 'shop', name })),
      ),
    );
    expect(Math.max(...text.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(110);
    expect(text).toContain('      - a-config-with-a-long-name-0\n');
  });
});
