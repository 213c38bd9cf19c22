import { describe, expect, it } from 'vitest';
import type { PlanAction } from '../../model/index.ts';
import { diffToPatch } from '../../kube/live/json-patch.ts';
import { keepable, tellsSecret, withoutSecretTests } from './secret-free.ts';

const password = 'hunter2-Hunter2-xyz';
const ref = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'web' };
const container = (env: object[]) => ({ spec: { containers: [{ name: 'web', env }] } });
const patch = (before: object[], after: object[]): PlanAction => ({
  kind: 'patch',
  object: ref,
  patch: diffToPatch(container(before) as never, container(after) as never),
});
const edit = (remove: string[], add: string[]): PlanAction => ({
  kind: 'edit-file',
  file: 'a.yaml',
  before: '',
  after: '',
  changes: [{ line: 1, remove, add }],
});

describe('an action that would hold a secret', () => {
  it.each<[string, PlanAction]>([
    ['a patch of a variable', patch([{ name: 'DB_PASSWORD', value: password }], [{ name: 'DB_PASSWORD', value: 'x' }])],
    [
      'a patch that renames a variable',
      patch([{ name: 'DB_PASSWORD_FILE', value: '/run/secrets/db' }], [{ name: 'DB_PASSWORD', value: password }]),
    ],
    ['a patch that removes a variable', patch([{ name: 'DB_PASSWORD', value: password }], [])],
    ['a line that goes', edit([`password: ${password}\n`], [])],
    ['a variable on two lines', edit([], ['- name: DB_PASSWORD\n', `  value: "${password}"\n`])],
    [
      'a new Secret in a file',
      { kind: 'write-file', file: 'a.yaml', content: 'kind: Secret\nmetadata: {name: a}\nstringData:\n  a: b\n' },
    ],
    [
      'a Secret',
      { kind: 'create', object: { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'a' }, data: { a: 'Yg==' } } },
    ],
  ])('is told: %s', (_, action) => {
    expect(tellsSecret(action)).toBe(true);
    expect(keepable(action)).toMatchObject({ kind: 'none' });
  });

  it.each<[string, PlanAction]>([
    [
      'a reference to a secret',
      patch([], [{ name: 'DB_PASSWORD', valueFrom: { secretKeyRef: { name: 'db', key: 'p' } } }]),
    ],
    ['an ordinary variable', patch([{ name: 'MODE', value: 'test' }], [{ name: 'MODE', value: 'production' }])],
    ['ordinary lines', edit(['image: a:1\n'], ['image: a:2\n'])],
    [
      'a Secret without values',
      { kind: 'create', object: { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'a' } } },
    ],
  ])('is not every action: %s', (_, action) => {
    expect(tellsSecret(action)).toBe(false);
    expect(keepable(action)).toBe(action);
  });
});

describe('a patch that takes a secret away', () => {
  it('need not hold it', () => {
    const before = container([{ name: 'DB_PASSWORD', value: password }]);
    const after = container([{ name: 'DB_PASSWORD_FILE', value: '/run/secrets/db' }]);
    const whole = diffToPatch(before as never, after as never);
    const free = withoutSecretTests(whole);
    expect(free).toHaveLength(whole.length - 1);
    expect(tellsSecret({ kind: 'patch', object: ref, patch: free })).toBe(false);
  });
});
