// Generators of YAML texts for the property tests of reading: as manifests look, and as nobody should write them.

import fc from 'fast-check';

const words = [
  'name image app web nginx:1.27 true no null ~ 8080 0x1F 010 1e3 .5 -1 http://x/y a:b a#b é→ 100m " - x << 1_000'.split(
    ' ',
  ),
  '12:30 = --- ... * &a !!str @x % ` { [ , ? | >- #c -x 😀'.split(' '),
  ['a b', "it's", '- x', '', ' ', ': ', 'a: b', '\t', 'a\tb', '\u0085', '\u00a0', '\u007f'],
].flat();

const usualKeys = ['name', 'spec', 'app.kubernetes.io/name', 'a-b', 'data', 'x_y'];
const rareKeys = [
  '8080 on "quoted" __proto__ constructor "a:b" "\\u0041" 1.0 ~ -k .k'.split(' '),
  ['two words', "'q'", "'it''s'"],
].flat();

const usualScalars = ['web', 'nginx:1.27', 'true', '8080', 'a b', '100m', '1.5', '"x"', "'y'", '"a: b"'];
const rareScalars = [
  '"\\x41\\n\\t"',
  '"\\q"',
  '"open',
  "'open",
  '"a" b',
  '"a": b',
  "''''",
  '"\\""',
  '"\t"',
  '"\\u00e"',
];

const keys = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...usualKeys) },
  { weight: 1, arbitrary: fc.constantFrom(...rareKeys) },
);

const scalars = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom(...usualScalars) },
  { weight: 2, arbitrary: fc.constantFrom(...words) },
  { weight: 1, arbitrary: fc.constantFrom(...words).map((word) => `"${word.replaceAll('"', '\\"')}"`) },
  { weight: 1, arbitrary: fc.constantFrom(...words).map((word) => `'${word.replaceAll("'", "''")}'`) },
  { weight: 1, arbitrary: fc.constantFrom(...rareScalars) },
);

const flowLeaves = ['a', '1', 'true', '"x"', "'y'", 'a b', 'http://z', '-1', 'x: y', '', '-', '- a', '#', 'a #b'];

const flows = fc.letrec<{ node: string }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    fc.constantFrom(...flowLeaves),
    fc
      .tuple(fc.array(tie('node'), { maxLength: 3 }), fc.constantFrom(', ', ',', ' , '), fc.constantFrom('', ' ', ','))
      .map(([items, separator, end]) => `[${items.join(separator)}${end}]`),
    fc
      .tuple(
        fc.array(fc.tuple(keys, fc.constantFrom(': ', ': ', ':', ' : '), tie('node')), { maxLength: 3 }),
        fc.constantFrom('', ' ', ','),
      )
      .map(([pairs, end]) => `{${pairs.map((pair) => pair.join('')).join(', ')}${end}}`),
  ),
})).node;

/** Mostly nothing, sometimes one of these. */
function seldom(...rare: readonly string[]): fc.Arbitrary<string> {
  return fc.oneof({ weight: 6, arbitrary: fc.constant('') }, { weight: 1, arbitrary: fc.constantFrom(...rare) });
}

const usualHeaders = '| | | > |- >- |+ >+ |2 >1- |-2'.split(' ');
const blockHeaders = fc.constantFrom(...usualHeaders, '|0', '|--', '| # c', '|\t', '|#c', '|2 x');
const blockLines = fc.array(
  fc.constantFrom('text', '  more', '', '   ', '# no comment', '\ttab', ' x', 'a: b', 'é', '---', '{{ .Values.x }}'),
  { maxLength: 4 },
);
const lineEnds = seldom(' ', ' # comment', '   # - a: b', '#x', '\t', ' #');
const gaps = seldom('\n', '# comment\n', '   # deeper\n', '\n\n', '  \n', '\t\n');
const steps = fc.constantFrom(2, 2, 2, 2, 2, 2, 4, 1, 0, 3);

/** A value with all that decides how it is written; `end` is what follows on its line, `step` how far it is indented. */
interface Inline {
  readonly kind: 'inline';
  readonly text: string;
  readonly end: string;
}
interface BlockScalar {
  readonly kind: 'block';
  readonly header: string;
  readonly lines: readonly string[];
  readonly step: number;
}
interface Mapping {
  readonly kind: 'mapping';
  readonly pairs: readonly (readonly [gap: string, key: string, colon: string, value: Node])[];
  readonly step: number;
  readonly end: string;
}
interface Sequence {
  readonly kind: 'sequence';
  readonly items: readonly (readonly [gap: string, value: Node])[];
  readonly step: number;
  readonly end: string;
}
type Node = Inline | BlockScalar | Mapping | Sequence;

const nodes = fc.letrec<{ node: Node; inline: Inline; block: BlockScalar; mapping: Mapping; sequence: Sequence }>(
  (tie) => ({
    inline: fc.record({
      kind: fc.constant('inline' as const),
      text: fc.oneof({ weight: 6, arbitrary: scalars }, { weight: 1, arbitrary: flows }),
      end: lineEnds,
    }),
    block: fc.record({ kind: fc.constant('block' as const), header: blockHeaders, lines: blockLines, step: steps }),
    mapping: fc.record({
      kind: fc.constant('mapping' as const),
      pairs: fc.array(
        fc.tuple(
          gaps,
          keys,
          seldom(' ', 'x').map((before) => `${before}:`),
          tie('node'),
        ),
        {
          minLength: 1,
          maxLength: 4,
        },
      ),
      step: steps,
      end: lineEnds,
    }),
    sequence: fc.record({
      kind: fc.constant('sequence' as const),
      items: fc.array(fc.tuple(gaps, tie('node')), { minLength: 1, maxLength: 3 }),
      step: steps,
      end: lineEnds,
    }),
    node: fc.oneof({ maxDepth: 4 }, tie('inline'), tie('block'), tie('mapping'), tie('sequence')),
  }),
);

function renderPairs({ pairs }: Mapping, indent: number): string {
  const pad = ' '.repeat(indent);
  return pairs.map(([gap, key, colon, value]) => `${gap}${pad}${key}${colon}${render(value, indent)}`).join('');
}

/** An item: a collection in it begins on the line of its dash where `end` is empty. */
function renderItem(item: Node, indent: number): string {
  if ((item.kind !== 'mapping' && item.kind !== 'sequence') || item.end !== '' || item.step === 0)
    return render(item, indent);
  const column = indent + 1 + item.step;
  const text = item.kind === 'mapping' ? renderPairs(item, column) : renderItems(item, column);
  return text.startsWith(' '.repeat(column)) ? `${' '.repeat(item.step)}${text.slice(column)}` : `\n${text}`;
}

function renderItems({ items }: Sequence, indent: number): string {
  return items.map(([gap, value]) => `${gap}${' '.repeat(indent)}-${renderItem(value, indent)}`).join('');
}

/** The text that follows a key's colon or a dash in column `indent`. */
function render(node: Node, indent: number): string {
  const column = indent + ('step' in node ? node.step : 0);
  switch (node.kind) {
    case 'inline':
      return ` ${node.text}${node.end}\n`;
    case 'block':
      return ` ${node.header}\n${node.lines.map((line) => `${' '.repeat(column)}${line}\n`).join('')}`;
    case 'mapping':
      return `${node.end}\n${renderPairs(node, column)}`;
    case 'sequence':
      return `${node.end}\n${renderItems(node, column)}`;
  }
}

const starts = seldom('---\n', '# c\n---\n', '\n\n', '--- # c\n', '--- x\n', '%YAML 1.1\n---\n', '\uFEFF', ' ');
const ends = seldom('\n', '  ', '...\n', '---\n', '\t', '# end', '--- a: b\n');

/** Manifest-like texts, most of them valid, with all the corners that the fast path must see or leave alone. */
export function yamlTexts(): fc.Arbitrary<string> {
  const roots = fc.oneof(
    { weight: 4, arbitrary: nodes.mapping.map((mapping) => renderPairs(mapping, 0)) },
    { weight: 1, arbitrary: nodes.sequence.map((sequence) => renderItems(sequence, 0)) },
    { weight: 1, arbitrary: nodes.node.map((node) => render(node, 0).trimStart()) },
  );
  const lineBreaks = fc.constantFrom('\n', '\n', '\n', '\n', '\r\n', '\r');
  return fc
    .tuple(starts, roots, ends, lineBreaks)
    .map(([start, text, end, lineBreak]) => `${start}${text}${end}`.replaceAll('\n', lineBreak));
}

interface Edit {
  readonly at: number;
  readonly kind: 'delete' | 'insert' | 'copyLine' | 'indent' | 'dropLine' | 'joinLine';
  readonly what: string;
}

const insertions = [
  ': - # " \' | > & * ! { } [ ] , ? % @ ` x 0 \\ &a *a !t'.split(' '),
  [' ', '  ', '\t', '\n', '\r', ': ', '- ', ' #', '? ', '&a ', '---\n', '...\n', '\n---\n', '\n...\n'],
  ['\0', '\u0007', '\u007f', '\u0085', '\u00a0', '\u2028', '\uFEFF', '\uFFFE', '\ud83d', '😀'],
].flat();

const edits: fc.Arbitrary<Edit> = fc.record({
  at: fc.nat(),
  kind: fc.constantFrom('delete', 'insert', 'copyLine', 'indent', 'dropLine', 'joinLine'),
  what: fc.constantFrom(...insertions),
});

function editLines(lines: readonly string[], index: number, { kind, what }: Edit): string[] {
  const line = lines[index] ?? '';
  const copy = [...lines];
  if (kind === 'copyLine') copy.splice(index, 0, line);
  else if (kind === 'dropLine') copy.splice(index, 1);
  else if (kind === 'joinLine') copy.splice(index, 2, `${line}${copy[index + 1] ?? ''}`);
  else copy[index] = what.length % 2 === 0 ? line.replace(/^ /, '') : ` ${line}`;
  return copy;
}

function applyEdit(text: string, edit: Edit): string {
  const at = edit.at % (text.length + 1);
  if (edit.kind === 'delete') return text.slice(0, at) + text.slice(at + 1);
  if (edit.kind === 'insert') return text.slice(0, at) + edit.what + text.slice(at);
  const lines = text.split('\n');
  return editLines(lines, edit.at % lines.length, edit).join('\n');
}

/** The text with one to three small mistakes in it. */
export function mutationsOf(text: string): fc.Arbitrary<string> {
  return fc.array(edits, { minLength: 1, maxLength: 3 }).map((list) => list.reduce(applyEdit, text));
}
