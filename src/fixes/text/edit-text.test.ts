import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { yamlTexts } from '../../../test/yaml/yaml-texts.ts';
import { parseYaml } from '../../kube/yaml/index.ts';
import { type Edit, isJsonObject, type Json, parseJson, type Path, renderJson } from '../../model/index.ts';
import { editValue } from './edit-value.ts';
import { editText, type ObjectPlace } from './edit-text.ts';

function wholeOf(text: string): ObjectPlace {
  return { start: 0, end: text.length, document: 0, within: [] };
}

function edited(text: string, ...edits: Edit[]): string {
  const result = editText(text, wholeOf(text), edits);
  return result.ok ? result.text : `refused: ${result.reason}`;
}

const set = (path: Path, value: Json): Edit => ({ op: 'set', path, value });
const add = (path: Path, ...values: Json[]): Edit => ({ op: 'add', path, values });
const remove = (...path: Path): Edit => ({ op: 'remove', path });

describe('a value that is there', () => {
  it.each([
    ['a: 1 # why\nb: 2\n', set(['a'], 5), 'a: 5 # why\nb: 2\n'],
    ['a:    "x"   # why\n', set(['a'], 'v'), 'a:    "v"   # why\n'],
    ["a: 'x'\n", set(['a'], "it's"), "a: 'it''s'\n"],
    ['a: "x"\n', set(['a'], 1), 'a: 1\n'],
    ['a: &x 1\nb: 2\n', set(['a'], 3), 'a: &x 3\nb: 2\n'],
    ['a: |\n  one\n  two\nb: 2\n', set(['a'], 'z'), 'a: z\nb: 2\n'],
    ['a:\n  b: 1\n  # c\nd: 2\n', set(['a'], false), 'a: false\n  # c\nd: 2\n'],
    ['a: 1 # why\nb: 2\n', set(['a'], { x: 1 }), 'a: # why\n  x: 1\nb: 2\n'],
    ['a: # why\nb: 2\n', set(['a', 'x', 'w'], true), 'a: # why\n  x:\n    w: true\nb: 2\n'],
    ['a:\nb: 2\n', set(['a'], 1), 'a: 1\nb: 2\n'],
    ['a: ~\nb: 2\n', set(['a', 'x'], 1), 'a:\n  x: 1\nb: 2\n'],
    ['a: {}\nb: 2\n', set(['a', 'x'], 1), 'a:\n  x: 1\nb: 2\n'],
    ['- a\n- b # second\n', set([1], 'c'), '- a\n- c # second\n'],
    ['a: {b: 1, c: [x, y]}\n', set(['a', 'c', 1], 'z'), 'a: {b: 1, c: [x, z]}\n'],
    ['a: {b: , c: 1}\n', set(['a', 'b'], 2), 'a: {b: 2, c: 1}\n'],
    ['a: # why\n  b: 1 # gone\nc: 2\n', set(['a'], 'x'), 'a: x # why\nc: 2\n'],
    ['a: # why\n  - b\nc: 2\n', set(['a'], { d: 1 }), 'a: # why\n  d: 1\nc: 2\n'],
    ['a: >- # why\n  one\n  two\nb: 2\n', set(['a'], 'x\ny'), 'a: |- # why\n  x\n  y\nb: 2\n'],
    ['a: "one # two\n  three" # why\nb: 2\n', set(['a'], 'x'), 'a: x # why\nb: 2\n'],
    ['a:\n  b: [\n    c,\n  ] # why\nd: 2\n', set(['a', 'b', 0], 'x'), 'a:\n  b: [\n    x,\n  ] # why\nd: 2\n'],
    ['true: 1\n', set(['true'], 2), 'true: 2\n'],
  ])('%j is replaced where it stands', (text, edit, wished) => {
    expect(edited(text, edit)).toBe(wished);
  });
});

describe('a field that is missing', () => {
  it.each([
    ['a:\n    b: 1   # x\n\n# end\nc: 2\n', set(['a', 'd'], 2), 'a:\n    b: 1   # x\n    d: 2\n\n# end\nc: 2\n'],
    ['a: 1', set(['b'], 2), 'a: 1\nb: 2'],
    ['a:\n  b: 1\n  # c: 1\n\n  # d\n# e\n', set(['f'], 2), 'a:\n  b: 1\n  # c: 1\n\n  # d\nf: 2\n# e\n'],
    ['a:\n  b: 1\n  # c: 1\n', set(['a', 'd'], 2), 'a:\n  b: 1\n  d: 2\n  # c: 1\n'],
    ['a:\n- b: 1\n  # c', set(['a', 1], 2), 'a:\n- b: 1\n  # c\n- 2'],
    ['a:\n  - |\n    # b\n  # c\n', set(['a', 1], 2), 'a:\n  - |\n    # b\n  - 2\n  # c\n'],
    ['a: 1\r\nc: 3\r\n', set(['b', 'd'], [1]), 'a: 1\r\nc: 3\r\nb:\r\n  d:\r\n    - 1\r\n'],
    ['- a: 1\n  b: 2\n- c\n', set([0, 'd'], 'x'), '- a: 1\n  b: 2\n  d: x\n- c\n'],
    ['a: {b: 1}\n', set(['a', 'c'], { d: [] }), 'a: {b: 1, c: {d: []}}\n'],
    ['"a": {"b": 1} # c\n', set(['a', 'c'], { d: ['x', 1] }), '"a": {"b": 1, "c": {"d": ["x", 1]}} # c\n'],
    ["'a':\n  'b': 1\n", set(['a', 'c', "d'"], 'x'), "'a':\n  'b': 1\n  'c':\n    'd''': x\n"],
    ['- "a": 1\n- b\n', set([0, 'c'], { d: 'x' }), '- "a": 1\n  "c":\n    "d": x\n- b\n'],
    ['"a/b": 1\nc: 2\n', set(['d'], 3), '"a/b": 1\nc: 2\nd: 3\n'],
    ['a: { b: 1 }\n', set(['a', 'c'], { d: 1 }), 'a: { b: 1, c: { d: 1 } }\n'],
    ['a: 1\n# s\nspec: 2\n', set(['metadata', 'x'], 1), 'a: 1\n# s\nmetadata:\n  x: 1\nspec: 2\n'],
    ['a: {b: 1,}\n', set(['a', 'c'], 1), 'a: {b: 1, c: 1,}\n'],
    ['a: |\n  text\n', set(['b'], 'x\ny\n'), 'a: |\n  text\nb: |\n  x\n  y\n'],
    ['x: &x {b: 1}\na:\n  <<: *x\n', set(['a', 'b'], 2), 'x: &x {b: 1}\na:\n  <<: *x\n  b: 2\n'],
  ])('comes after the others: %j', (text, edit, wished) => {
    expect(edited(text, edit)).toBe(wished);
  });
});

describe('a list', () => {
  it.each([
    ['a:\n- x\n- v # last\nb: 1\n', add(['a'], 'v', 'z'), 'a:\n- x\n- v # last\n- z\nb: 1\n'],
    ['a: [x]\n', add(['a'], 'v', 'z'), 'a: [x, v, z]\n'],
    ['a: []\n', add(['a'], 'v'), 'a:\n  - v\n'],
    ['a:\n  - k: 1\n', add(['a'], { k: 2, m: { o: 3 } }), 'a:\n  - k: 1\n  - k: 2\n    m:\n      o: 3\n'],
    ['b: 1\n', add(['a', 'c'], 'v'), 'b: 1\na:\n  c:\n    - v\n'],
    ['a: [x]\n', add(['a'], 'x'), 'a: [x]\n'],
  ])('gets what it has not: %j', (text, edit, wished) => {
    expect(edited(text, edit)).toBe(wished);
  });
});

describe('what is removed', () => {
  it.each([
    ['a: 1 # gone\n# stays\nb: 2\n', remove('a'), '# stays\nb: 2\n'],
    ['a: 1\nb:\n  c: 2', remove('b'), 'a: 1'],
    ['a:\n  b: 1\nc: 2\n', remove('a', 'b'), 'a: {}\nc: 2\n'],
    ['a: # why\n  b: 1 # gone\nc: 2\n', remove('a', 'b'), 'a: {} # why\nc: 2\n'],
    ['- a: 1 # x\n  # stays\n  b: 2\n', remove(0, 'a'), '- # stays\n  b: 2\n'],
    ['- a: 1\n  b: 2\n', remove(0, 'a'), '- b: 2\n'],
    ['a:\n- x\n- y: 1\n  z: 2\n- w\n', remove('a', 1), 'a:\n- x\n- w\n'],
    ['a:\n- x\n', remove('a', 0), 'a: []\n'],
    ['a: {b: 1, c: 2}\n', remove('a', 'b'), 'a: {c: 2}\n'],
    ['a: {b: 1, c: 2}\n', remove('a', 'c'), 'a: {b: 1}\n'],
    ['a: [x, y]\n', remove('a', 0), 'a: [y]\n'],
    ['a: 1\n', remove('b', 'c'), 'a: 1\n'],
  ])('takes its own lines with it: %j', (text, edit, wished) => {
    expect(edited(text, edit)).toBe(wished);
  });
});

describe('a field with another name', () => {
  const rename = (name: string, ...path: Path): Edit => ({ op: 'rename', path, name });
  it.each([
    ['a:\n  imgPull: x # why\n  b: 1\n', rename('image', 'a', 'imgPull'), 'a:\n  image: x # why\n  b: 1\n'],
    ['a: {b: 1, c: 2}\n', rename('d', 'a', 'b'), 'a: {d: 1, c: 2}\n'],
    ["'a' : 1\n", rename('b', 'a'), "'b' : 1\n"],
    ['a: 1\n', rename('on', 'a'), '"on": 1\n'],
    ['- a:\n    b: 1\n', rename('c', 0, 'a'), '- c:\n    b: 1\n'],
    ['a: 1\nb: 2\n', rename('b', 'a'), 'a: 1\nb: 2\n'],
    ['a: 1\n', rename('c', 'b'), 'a: 1\n'],
  ])('stays where it is: %j', (text, edit, wished) => {
    expect(edited(text, edit)).toBe(wished);
  });
});

describe('a text that is put in', () => {
  it.each(['', ' x', 'x ', 'a: b', 'a:', 'a #b', '# a', '- a', '---', '...', '@a', 'yes', '1', '2024-01-01'])(
    'is in quotes where it would be something else: %j',
    (text) => {
      expect(edited('a: 1\n', set(['b'], text))).toBe(`a: 1\nb: ${JSON.stringify(text)}\n`);
    },
  );

  it.each(['x', 'a:b', 'a#b', '-a', 'a - b', 'a, b'])('is plain where it can be: %j', (text) => {
    expect(edited('a: 1\n', set(['b'], text))).toBe(`a: 1\nb: ${text}\n`);
  });
});

describe('what ties fields together is left to a person', () => {
  it.each([
    ['a: &x {b: 1}\nc: *x\n', set(['c', 'b'], 2), /alias "\*x"/],
    ['a: &x 1\nc: *x\n', set(['a'], 2), /anchor/],
    ['a: &x 1\nc: *x\n', remove('a'), /anchor/],
    ['a: &x {b: {c: 1, d: 2}}\ne:\n  <<: *x\n', set(['e', 'b', 'c'], 2), /anchor/],
    ['a: 1\na: 2\n', set(['a'], 3), /twice/],
    ['a: [\n', set(['a'], 3), /cannot be read/],
  ])('%j', (text, edit, reason) => {
    expect(edited(text, edit)).toMatch(reason);
  });

  it('edits nothing at all where one of the edits cannot be made', () => {
    const text = 'a: &x 1\nc: *x\n';
    expect(editText(text, wholeOf(text), [set(['d'], 1), set(['a'], 2)])).toMatchObject({ ok: false });
  });
});

it('edits one object of several, and tells where it stands then', () => {
  const text = 'kind: A\n---\nitems:\n- kind: B\n---\nkind: C\n';
  const place = { start: 8, end: text.lastIndexOf('---'), document: 0, within: ['items', 0] };
  const result = editText(text, place, [set(['x'], 1)]);
  expect(result).toMatchObject({ ok: true, text: 'kind: A\n---\nitems:\n- kind: B\n  x: 1\n---\nkind: C\n' });
  expect(result.ok && result.place).toEqual({ ...place, end: place.end + '  x: 1\n'.length });
});

const values = fc.oneof(
  fc.constantFrom<Json>(
    'yes',
    '010',
    '',
    ' x',
    'a: b',
    '#',
    '- a',
    '2024-01-01',
    'a\nb\n',
    'a\n\nb',
    '\u0085',
    '%',
    '~',
    '9007199254740993',
    parseJson('9007199254740993'),
    parseJson('-9223372036854775808'),
  ),
  // What JSON can carry: it has no -0.
  fc.jsonValue({ maxDepth: 3 }).map((value) => JSON.parse(JSON.stringify(value)) as Json),
);

function pathsOf(value: Json, path: Path = []): Path[] {
  if (Array.isArray(value)) return [path, ...value.flatMap((each: Json, index) => pathsOf(each, [...path, index]))];
  if (!isJsonObject(value)) return [path];
  return [path, ...Object.entries(value).flatMap(([key, each]) => pathsOf(each ?? null, [...path, key]))];
}

function toEdit(kind: 'set' | 'new' | 'add' | 'remove' | 'rename', path: Path, value: Json): Edit {
  if (kind === 'add') return add(path, value);
  if (kind === 'remove') return remove(...path);
  if (kind === 'rename') return { op: 'rename', path, name: 'renamed' };
  return set(kind === 'set' ? path : [...path, 'new'], value);
}

describe('any edit of any text', () => {
  it('makes what was wished and is done once, or is refused with the text as it was', () => {
    let made = 0;
    const kinds = fc.constantFrom('set' as const, 'new' as const, 'add' as const, 'remove' as const, 'rename' as const);
    fc.assert(
      fc.property(yamlTexts(), kinds, fc.nat(), values, (text, kind, which, value) => {
        const before = parseYaml(text);
        if (!before.ok) return;
        const root = before.parsed.values[0] ?? null;
        const paths = pathsOf(root);
        const edit = toEdit(kind, paths[which % paths.length] ?? [], value);
        const result = editText(text, wholeOf(text), [edit]);
        if (!result.ok) return;
        made += 1;
        const after = parseYaml(result.text);
        expect(after.ok && after.parsed.values[0]).toEqual(editValue(root, edit));
        // An item that is removed makes room for the next one: only fields stay removed.
        if (edit.op === 'remove' && typeof edit.path.at(-1) === 'number') return;
        expect(editText(result.text, result.place, [edit])).toMatchObject({ text: result.text });
      }),
      { numRuns: 2000 },
    );
    expect(made).toBeGreaterThan(300);
  });
});

describe('any edit of JSON', () => {
  it('leaves JSON, on as many lines as it was written', () => {
    const kinds = fc.constantFrom('set' as const, 'new' as const, 'add' as const, 'remove' as const);
    let made = 0;
    fc.assert(
      fc.property(fc.tuple(values, values), fc.constantFrom(0, 2), kinds, fc.nat(), ([inner, value], ...how) => {
        const [indent, kind, which] = how;
        const root: Json = { apiVersion: 'v1', kind: 'X', list: [1], spec: inner };
        const text = renderJson(root, indent);
        const paths = pathsOf(root).slice(1);
        const edit = toEdit(kind, paths[which % paths.length] ?? [], value);
        const result = editText(text, wholeOf(text), [edit]);
        if (!result.ok) return;
        made += 1;
        expect(parseJson(result.text)).toEqual(editValue(root, edit));
        expect(result.text.includes('\n')).toBe(text.includes('\n'));
      }),
      { numRuns: 1000 },
    );
    expect(made).toBeGreaterThan(300);
  });

  it('follows tabs, line ends and missing blanks', () => {
    expect(
      edited('{\r\n\t"a": {\r\n\t\t"b": 1\r\n\t},\r\n\t"c": []\r\n}', set(['a', 'd'], [1]), add(['c'], { e: 2 })),
    ).toBe(
      '{\r\n\t"a": {\r\n\t\t"b": 1,\r\n\t\t"d": [\r\n\t\t\t1\r\n\t\t]\r\n\t},\r\n\t"c": [\r\n\t\t{\r\n\t\t\t"e": 2\r\n\t\t}\r\n\t]\r\n}',
    );
    const change = [set(['c'], { d: [1, 2] }), set(['e'], 'x')];
    expect(edited('{"a":1,"c":[]}', ...change)).toBe('{"a":1,"c":{"d":[1,2]},"e":"x"}');
    expect(edited('{"a": 1, "c": []}', ...change)).toBe('{"a": 1, "c": {"d": [1, 2]}, "e": "x"}');
  });

  it('puts a field on a line of its own where the others have one', () => {
    const text = '{\n    "a": 1,\n    "b": {\n        "c": [\n            1\n        ]\n    }\n}\n';
    expect(edited(text, set(['b', 'd'], { e: 'no' }), add(['b', 'c'], 2))).toBe(
      '{\n    "a": 1,\n    "b": {\n        "c": [\n            1,\n            2\n        ],\n        "d": {\n            "e": "no"\n        }\n    }\n}\n',
    );
  });
});

describe('what is put in', () => {
  it('goes as far in as the text does, and has its lists below their keys', () => {
    const text = 'spec:\n    a:\n    - b: 1\n      c:\n          d: 1\n    e:\n    - x\n';
    expect(edited(text, set(['spec', 'f'], { g: [{ h: { i: 1 } }] }))).toBe(
      `${text}    f:\n        g:\n            - h:\n                  i: 1\n`,
    );
  });

  it('keeps the quotes of what it replaces inside of brackets, too', () => {
    expect(edited('a: {b: "c:1", d: \'e\'}\n', set(['a', 'b'], 'f:1'), set(['a', 'd'], 'g'))).toBe(
      'a: {b: "f:1", d: \'g\'}\n',
    );
  });
});
