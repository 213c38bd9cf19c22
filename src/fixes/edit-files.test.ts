import { describe, expect, it } from 'vitest';
import { snapshotOf } from '../inventory/snapshot-builder.ts';
import type { Change, Edit, KubeObject, Snapshot } from '../model/index.ts';
import { editFiles, withEditedFiles } from './edit-files.ts';

const text = `apiVersion: v1
kind: Service
metadata: {name: web, namespace: a}
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: b} # the other one
---
apiVersion: v1
kind: ServiceAccount
metadata: &shared {name: web}
labels: *shared
`;

function objectAt({ objects }: Snapshot, index: number): KubeObject {
  const object = objects[index];
  if (object === undefined) throw new Error(`no object ${index}`);
  return object;
}

const label = (value: string): Edit => ({ op: 'set', path: ['metadata', 'labels'], value: { app: value } });
const change = (...edits: Change['edits']): Change => ({ edits, create: [] });

describe('edits of several objects', () => {
  it('stand where they are meant, in whatever order they come', () => {
    const snapshot = snapshotOf(text);
    const [first, second] = [objectAt(snapshot, 0), objectAt(snapshot, 1)];
    const one = editFiles(snapshot, [
      change({ object: first, edits: [label('one')] }, { object: second, edits: [label('two')] }),
    ]);
    const two = editFiles(snapshot, [
      change({ object: second, edits: [label('two')] }),
      change({ object: first, edits: [label('one')] }),
    ]);
    expect(one.files).toEqual(two.files);
    expect(one.files[0]?.after).toBe(
      text
        .replace('namespace: a}', 'namespace: a, labels: {app: one}}')
        .replace('namespace: b}', 'namespace: b, labels: {app: two}}'),
    );
  });

  it('are made together or not at all', () => {
    const snapshot = snapshotOf(text);
    const tied: Edit = { op: 'set', path: ['labels', 'name'], value: 'other' };
    const wish = change(
      { object: objectAt(snapshot, 0), edits: [label('one')] },
      { object: objectAt(snapshot, 2), edits: [tied] },
    );
    const { files, made, refused } = editFiles(snapshot, [wish]);
    expect({ files, made, refused: refused.length }).toEqual({ files: [], made: [], refused: 1 });
  });

  it('are found again in the snapshot, also where two objects of a text have one name', () => {
    const snapshot = snapshotOf(text);
    const { files } = editFiles(snapshot, [change({ object: objectAt(snapshot, 0), edits: [label('one')] })]);
    const { objects } = withEditedFiles(snapshot, files);
    expect(objects.map(({ namespace, raw }) => [namespace, raw['metadata']])).toEqual([
      ['a', { name: 'web', namespace: 'a', labels: { app: 'one' } }],
      ['b', { name: 'web', namespace: 'b' }],
      ['default', { name: 'web' }],
    ]);
  });
});

it('an item that another change named by its number is left alone, once its list has lost one', () => {
  const snapshot = snapshotOf(
    'apiVersion: v1\nkind: A\nmetadata: {name: a}\nspec:\n  items: [a, b, c]\n  others: [a]\n',
  );
  const object = objectAt(snapshot, 0);
  const remove: Edit = { op: 'remove', path: ['spec', 'items', 0] };
  const set: Edit = { op: 'set', path: ['spec', 'items', 1], value: 'z' };
  const wishes = [
    change({ object, edits: [{ op: 'set', path: ['spec', 'items', 2], value: 'q' }] }),
    change({ object, edits: [remove] }),
    change({ object, edits: [set] }),
    change({ object, edits: [{ op: 'set', path: ['spec', 'others', 0], value: 'x' }] }),
  ];
  const { files, made, refused } = editFiles(snapshot, wishes);
  expect(files[0]?.after).toContain('items: [b, q]\n  others: [x]');
  expect(made).toEqual([wishes[0], wishes[1], wishes[3]]);
  expect(refused).toEqual([]);
});

describe('objects that go', () => {
  const two =
    'kind: List\napiVersion: v1\nitems:\n- {apiVersion: v1, kind: Service, metadata: {name: a}}\n- {apiVersion: v1, kind: Service, metadata: {name: b}}\n';

  it('take their document with them, and nothing else; those behind are still found', () => {
    const snapshot = snapshotOf(`# all\n${text}`);
    const wishes = [
      { edits: [], create: [], remove: [objectAt(snapshot, 1)] },
      change({ object: objectAt(snapshot, 0), edits: [label('one')] }),
      { edits: [], create: [], remove: [objectAt(snapshot, 1)] },
    ];
    const { files, made } = editFiles(snapshot, wishes);
    expect(made).toHaveLength(3);
    const [before = '', , after = ''] = `# all\n${text}`.split('---\n');
    expect(files[0]?.after).toBe(
      `${before.replace('namespace: a}', 'namespace: a, labels: {app: one}}')}---\n${after}`,
    );
    expect(withEditedFiles(snapshot, files).objects.map(({ kind, name }) => [kind, name])).toEqual([
      ['Service', 'web'],
      ['ServiceAccount', 'web'],
    ]);
  });

  it('take their item of a list', () => {
    const snapshot = snapshotOf(two);
    const { files } = editFiles(snapshot, [{ edits: [], create: [], remove: [objectAt(snapshot, 0)] }]);
    expect(files[0]?.after).toBe(two.replace(/- .*name: a.*\n/, ''));
    expect(withEditedFiles(snapshot, files).objects.map(({ name }) => name)).toEqual(['b']);
  });

  it('leave a word behind where their file would be empty', () => {
    const snapshot = snapshotOf('# the one\n---\napiVersion: v1\nkind: Service\nmetadata: {name: a}\n');
    const { files } = editFiles(snapshot, [{ edits: [], create: [], remove: [objectAt(snapshot, 0)] }]);
    expect(files[0]?.after).toBe('# Service "a" is not kept in this file.\n');
    expect(withEditedFiles(snapshot, files).objects).toEqual([]);
  });
});
