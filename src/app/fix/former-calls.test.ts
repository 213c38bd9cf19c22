import { expect, it } from 'vitest';
import { snapshotOf } from '../../inventory/snapshot-builder.ts';
import { valueAt } from '../../model/index.ts';
import { withFormerCalls } from './former-calls.ts';

const deployment = (env: string): string =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\nspec: {template: {spec: {containers: [{name: other}, {name: a, env: ${env}}]}}}\n`;

it('keeps the variables and objects that a fix has taken away, and no other field', () => {
  const former = snapshotOf(
    `${deployment('[{name: DB, value: db:5432}, {name: X, value: old}]')}---\n{apiVersion: v1, kind: Secret, metadata: {name: s}}\n`,
  );
  const now = snapshotOf(deployment('[{name: DB_FILE, value: /run/db}, {name: X, value: new}]'));
  const { objects } = withFormerCalls(now, former);
  expect(objects.map(({ kind }) => kind)).toEqual(['Deployment', 'Secret']);
  expect(valueAt(objects[0]?.raw, ['spec', 'template', 'spec', 'containers'])).toEqual([
    { name: 'other' },
    {
      name: 'a',
      env: [
        { name: 'DB_FILE', value: '/run/db' },
        { name: 'X', value: 'new' },
        { name: 'DB', value: 'db:5432' },
      ],
    },
  ]);
});
