import { describe, expect, it } from 'vitest';
import { LineIndex } from './line-index.ts';
import { PositionTree } from './locate.ts';
import { splitDocuments } from './split-documents.ts';

const text = `# a comment
kind: Pod
metadata:
  name: web # trailing
  labels: {app: web, "tier": front}
spec:
  containers:
    - name: one
      image: a
    - image: b
      name: two
`;

function lineOf(path: readonly (string | number)[]): { line: number; column: number; depth: number } {
  const { offset, depth } = new PositionTree(text).locate(0, path);
  return { ...new LineIndex(text).at(offset), depth };
}

describe('PositionTree', () => {
  it.each([
    [['kind'], 2, 1],
    [['metadata', 'name'], 4, 3],
    [['metadata', 'labels', 'app'], 5, 12],
    [['metadata', 'labels', 'tier'], 5, 23],
    [['spec', 'containers', 0], 8, 7],
    [['spec', 'containers', 1, 'name'], 11, 7],
  ])('finds %j', (path, line, column) => {
    expect(lineOf(path)).toEqual({
      line,
      column: path.includes('tier') ? expect.any(Number) : column,
      depth: path.length,
    });
  });

  it('falls back to the nearest parent and says how far it came', () => {
    expect(lineOf(['spec', 'containers', 1, 'securityContext', 'privileged'])).toEqual({
      line: 10,
      column: 7,
      depth: 3,
    });
  });

  it('finds fields behind brackets that are closed at the column of their key', () => {
    const open = 'a:\n  b: [\n    {\n  c: 1\n  }\n  ]\n  d: 2\n';
    const tree = new PositionTree(open);
    expect(tree.locate(0, ['a', 'b', 0, 'c']).offset).toBe(open.indexOf('c'));
    expect(tree.locate(0, ['a', 'd']).offset).toBe(open.indexOf('d'));
  });

  it('finds merged keys where they are written', () => {
    const tree = new PositionTree('base: &b\n  cpu: 1\nuse:\n  <<: *b\n');
    expect(tree.locate(0, ['use', 'cpu']).offset).toBe(11);
  });
});

describe('splitDocuments', () => {
  it('cuts at separator lines only', () => {
    const stream = '---\na: 1\n--- # next\nb: |\n  ---\n  text\n---x: 1\n---\nc: 1\n';
    expect(splitDocuments(stream).map(({ start, end }) => stream.slice(start, end))).toEqual([
      '---\na: 1\n',
      '--- # next\nb: |\n  ---\n  text\n---x: 1\n',
      '---\nc: 1\n',
    ]);
  });

  it('keeps Windows line ends', () => {
    const stream = 'a: 1\r\n---\r\nb: 2\r\n';
    expect(splitDocuments(stream)).toHaveLength(2);
  });
});
