import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../model/index.ts';
import { applyModifiers } from './apply-modifiers.ts';
import { readyModifiers } from './merge-strategically.ts';
import { parseModifiers } from './parse-modifiers.ts';

const place = { groupResource: 'deployments.apps', namespace: 'shop', name: 'web' };
const web = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'copy', labels: { app: 'web' } },
  spec: {
    replicas: 3,
    template: { spec: { containers: [{ name: 'c', image: 'old', env: [{ name: 'A', value: '1' }] }, { name: 'd' }] } },
  },
};

interface Rule {
  readonly conditions?: string;
  readonly patch?: string;
}

function rulesOf({
  conditions = 'groupResource: deployments.apps',
  patch = 'mergePatches: [{ patchData: "spec: { replicas: 1 }" }]',
}: Rule) {
  const indent = (text: string, by: string): string => text.split('\n').join(`\n${by}`);
  return parseModifiers(
    `version: v1\nresourceModifierRules:\n- conditions:\n    ${indent(conditions, '    ')}\n  ${indent(patch, '  ')}\n`,
    'rules.yaml',
  );
}

async function modified(rule: Rule, object: JsonObject = web, at = place): Promise<JsonObject> {
  return applyModifiers(await readyModifiers(rulesOf(rule), async () => 34), at, object);
}

const changed = { ...web, spec: { ...web.spec, replicas: 1 } };

describe('the conditions of a resource modifier', () => {
  it.each([
    ['groupResource: deployments.apps', true],
    ['groupResource: "*.apps"', true],
    ['groupResource: "**"', true],
    ['groupResource: "*"', false],
    ['groupResource: pods', false],
    ['groupResource: deployments.apps\nresourceNameRegex: ^w', true],
    ['groupResource: deployments.apps\nresourceNameRegex: ^x', false],
    ['groupResource: deployments.apps\nnamespaces: [shop, other]', true],
    ['groupResource: deployments.apps\nnamespaces: [copy]', false],
    ['groupResource: deployments.apps\nlabelSelector: { matchLabels: { app: web } }', true],
    ['groupResource: deployments.apps\nlabelSelector: { matchLabels: { app: db } }', false],
    ['groupResource: deployments.apps\nmatches: [{ path: /spec/replicas, value: "3" }]', true],
    ['groupResource: deployments.apps\nmatches: [{ path: /spec/replicas, value: "4" }]', false],
    ['groupResource: deployments.apps\nmatches: [{ path: /spec/nothing, value: "3" }]', false],
    ['groupResource: deployments.apps\nmatches: [{ path: /metadata/namespace, value: shop }]', true],
  ])('%j: %s', async (conditions, isMeant) => {
    expect(await modified({ conditions })).toEqual(isMeant ? changed : web);
  });
});

describe('the patch of a resource modifier', () => {
  it.each([
    ['"3"', 3],
    ['"\\"3\\""', '3'],
    ['"true"', true],
    ['"\\"true\\""', 'true'],
    ['"null"', null],
    ['some text', 'some text'],
    ['""', ''],
    ['\'{"a": [1]}\'', { a: [1] }],
    ['1.5', 1.5],
  ])('writes the value %s as Velero does', async (value, written) => {
    const patch = `patches:\n- operation: add\n  path: /spec/new\n  value: ${value}`;
    expect(await modified({ patch })).toEqual({ ...web, spec: { ...web.spec, new: written } });
  });

  it('may move, copy, remove, replace', async () => {
    const patch = [
      'patches:',
      '- { operation: copy, from: /spec/replicas, path: /spec/old }',
      '- { operation: replace, path: /spec/template/spec/containers/0/image, value: new }',
      '- { operation: remove, path: /spec/replicas }',
    ].join('\n');
    const after = await modified({ patch });
    expect(after).toMatchObject({ spec: { old: 3, template: { spec: { containers: [{ image: 'new' }, {}] } } } });
    expect(after['spec']).not.toHaveProperty('replicas');
  });

  it('whose own test fails changes nothing', async () => {
    const patch =
      'patches:\n- { operation: test, path: /spec/replicas, value: "9" }\n- { operation: remove, path: /spec/replicas }';
    expect(await modified({ patch })).toEqual(web);
  });

  it('that has no place in the object is an error with the rule', async () => {
    const patch = 'patches:\n- { operation: remove, path: /spec/nothing }';
    await expect(modified({ patch })).rejects.toThrow('resourceModifierRules[0] does not fit');
  });

  it('as a strategic one merges lists by their keys', async () => {
    const patch =
      'strategicPatches:\n- patchData: |\n    spec:\n      template:\n        spec:\n          containers:\n          - name: c\n            image: new\n';
    expect(await modified({ patch })).toMatchObject({
      spec: { template: { spec: { containers: [{ name: 'c', image: 'new', env: [{ name: 'A' }] }, { name: 'd' }] } } },
    });
  });

  it('as a strategic one is no patch for custom resources', async () => {
    const patch = 'strategicPatches:\n- patchData: "spec: { a: 1 }"';
    const widget = { apiVersion: 'shop.example.com/v1', kind: 'Widget', metadata: {}, spec: {} };
    const at = { ...place, groupResource: 'widgets.shop.example.com' };
    const conditions = 'groupResource: "**"';
    await expect(modified({ conditions, patch }, widget, at)).rejects.toThrow('use mergePatches');
  });

  it('does not decide where an object goes', async () => {
    const patch = 'mergePatches: [{ patchData: "metadata: { namespace: elsewhere, labels: { new: x } }" }]';
    expect(await modified({ patch })).toMatchObject({ metadata: { namespace: 'copy', labels: { new: 'x' } } });
  });
});

describe('rules that are wrong', () => {
  it.each<[string, Rule, string]>([
    ['a word that nobody knows', { conditions: 'groupResources: pods' }, 'conditions'],
    ['no resource', { conditions: 'namespaces: [a]' }, 'groupResource'],
    [
      'two kinds of patches',
      { patch: 'mergePatches: [{ patchData: "a: 1" }]\npatches: [{ operation: remove, path: /a }]' },
      'one of patches',
    ],
    ['an expression that is none', { conditions: 'groupResource: pods\nresourceNameRegex: "("' }, 'regular expression'],
    ['a patch that is no object', { patch: 'mergePatches: [{ patchData: "5" }]' }, 'no object'],
  ])('are refused: %s', (_what, rule, words) => {
    expect(() => rulesOf(rule)).toThrow(words);
  });

  it('are refused in another version', () => {
    expect(() => parseModifiers('version: v2\nresourceModifierRules: []', 'f')).toThrow('version');
  });
});
