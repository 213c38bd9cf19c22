import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../model/index.ts';
import { findPodHooks, parseCommand } from './find-hooks.ts';
import { parseHookSpecs } from './hook-spec.ts';

function pod(annotations: Record<string, string>, rest: JsonObject = {}): JsonObject {
  const metadata = { name: 'db-0', namespace: 'shop', labels: { app: 'db' }, annotations };
  return { metadata, spec: { containers: [{ name: 'first' }, { name: 'second' }] }, ...rest };
}

const resources = [
  {
    name: 'freeze',
    includedNamespaces: ['sh*'],
    labelSelector: { matchLabels: { app: 'db' } },
    pre: [{ exec: { command: ['one'] } }, { exec: { command: ['two'], container: 'second', onError: 'Continue' } }],
    post: [{ exec: { command: ['three'], timeout: '2m' } }],
  },
];
const specs = parseHookSpecs({ resources }, 'backup.yaml');

describe('the hooks of a pod', () => {
  it('are those of its annotations, with what Velero takes where they say nothing', () => {
    const found = findPodHooks(pod({ 'pre.hook.backup.velero.io/command': '["sh", "-c", "sync"]' }), []);
    expect(found).toMatchObject({
      namespace: 'shop',
      pod: 'db-0',
      pre: [{ container: 'first', command: ['sh', '-c', 'sync'], onError: 'Fail', timeout: 30_000 }],
      post: [],
      warnings: [],
    });
  });

  it('are what the annotations say', () => {
    const prefix = 'post.hook.backup.velero.io/';
    const found = findPodHooks(
      pod({
        [`${prefix}command`]: '/bin/thaw now',
        [`${prefix}container`]: 'second',
        [`${prefix}on-error`]: 'Continue',
        [`${prefix}timeout`]: '1m30s',
      }),
      [],
    );
    expect(found?.post).toEqual([
      {
        phase: 'post',
        source: 'annotation',
        container: 'second',
        command: ['/bin/thaw now'],
        onError: 'Continue',
        timeout: 90_000,
      },
    ]);
  });

  it('may have their oldest names, which are for before; the newer ones go first', () => {
    const old = { 'hook.backup.velero.io/command': 'old' };
    expect(findPodHooks(pod(old), [])).toMatchObject({ pre: [{ command: ['old'] }], post: [] });
    const both = { ...old, 'pre.hook.backup.velero.io/command': 'new' };
    expect(findPodHooks(pod(both), [])?.pre).toMatchObject([{ command: ['new'] }]);
  });

  it('are those of the spec, phase by phase, where no annotation says otherwise', () => {
    expect(findPodHooks(pod({}), specs)).toMatchObject({
      pre: [
        { command: ['one'], container: 'first', source: 'freeze' },
        { command: ['two'], container: 'second', onError: 'Continue' },
      ],
      post: [{ command: ['three'], timeout: 120_000 }],
    });
    expect(findPodHooks(pod({ 'pre.hook.backup.velero.io/command': 'mine' }), specs)).toMatchObject({
      pre: [{ command: ['mine'] }],
      post: [{ command: ['three'] }],
    });
  });

  it('are none for pods of other namespaces or labels, and for those that have ended', () => {
    const other = (changes: JsonObject): JsonObject => ({
      ...pod({}),
      metadata: { name: 'a', namespace: 'shop', labels: { app: 'db' }, ...changes },
    });
    expect(findPodHooks(other({}), specs)).toBeDefined();
    expect(findPodHooks(other({ namespace: 'other' }), specs)).toBeUndefined();
    expect(findPodHooks(other({ labels: { app: 'web' } }), specs)).toBeUndefined();
    const ended = pod({ 'pre.hook.backup.velero.io/command': 'x' }, { status: { phase: 'Succeeded' } });
    expect(findPodHooks(ended, specs)).toBeUndefined();
  });

  it('warn of annotations that are misspelt', () => {
    const prefix = 'pre.hook.backup.velero.io/';
    const found = findPodHooks(
      pod({ [`${prefix}command`]: 'x', [`${prefix}timeout`]: '30', [`${prefix}on-error`]: 'fail' }),
      [],
    );
    expect(found?.pre).toMatchObject([{ timeout: 30_000, onError: 'Fail' }]);
    expect(found?.warnings).toHaveLength(2);
  });
});

describe('a command of an annotation', () => {
  it('is the array of words that it was rendered from', () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 1 }), (words) => {
        expect(parseCommand(JSON.stringify(words))).toEqual(words);
      }),
    );
  });

  it('is one word where it is no array of words', () => {
    for (const text of ['ls -l', '["unclosed"', '[]', '[1]', '[["a"]]']) expect(parseCommand(text)).toEqual([text]);
  });
});

describe('hooks of a spec', () => {
  it.each<[string, unknown]>([
    ['resources.0.pre.0.exec.command', { resources: [{ name: 'a', pre: [{ exec: { command: [] } }] }] }],
    ['resources.0.pre.0.exec', { resources: [{ name: 'a', pre: [{ exec: { command: ['a'], comand: ['b'] } }] }] }],
    ['resources.0', { resources: [{ name: 'a', preHooks: [] }] }],
    ['timeout', { resources: [{ name: 'a', pre: [{ exec: { command: ['a'], timeout: '30' } }] }] }],
    [
      'labelSelector',
      { resources: [{ name: 'a', labelSelector: { matchExpressions: [{ key: 'a', operator: 'Is' }] } }] },
    ],
  ])('are refused with the place: %s', (place, value) => {
    expect(() => parseHookSpecs(value, 'b.yaml')).toThrow(place);
  });

  it('for other kinds never run', () => {
    const [spec] = parseHookSpecs(
      { resources: [{ name: 'a', includedResources: ['deployments'], pre: [] }] },
      'b.yaml',
    );
    expect(spec?.takes('shop', {}, {})).toBe(false);
    const [all] = parseHookSpecs({ resources: [{ name: 'a', includedResources: null }] }, 'b.yaml');
    expect(all?.takes('shop', {}, {})).toBe(true);
  });
});
