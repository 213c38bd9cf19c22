// Decodes the generated table of Kubernetes' API types: the kinds at once, each type when it is first asked for.
//
// The table's blocks are parted by an empty line. The first holds one kind a line:
//   apps/v1 Deployment deployments namespaced apps.v1.Deployment >24 <30
// (in apiVersion, kind, resource, scope, type; `>24` in every minor from 1.24 on, `<30` gone in 1.30). Each further block is
// a type's name and its fields, one a line:
//   name NOTATION [!] [>SINCE] [<UNTIL] [/LISTKEYS] [*] [~] [^MERGEKEY] [=ENUM|VALUES>SINCE] [:DEFAULT]
// NOTATION: s string, b boolean, i int32, l int64, n number, q quantity, x int32 or string, t date-time, y base64, o any object,
// a anything, [T list of T, {T map of T, @Name another type. `!` required, `*` a set, `~` atomic (or each item is);
// `_` in an enum's value stands for a space.

import type { Json } from '../../model/index.ts';
import { parseApiVersion } from '../api-version.ts';
import {
  type NodeType,
  type ObjectSchema,
  type SchemaNode,
  type Span,
  schemaNode,
  type TypeSource,
} from './schema-node.ts';

export interface BuiltInKind extends Span {
  readonly apiVersion: string;
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  /** Name in the API's paths and in RBAC rules: `deployments`. */
  readonly resource: string;
  readonly namespaced: boolean;
  readonly type: string;
}

const scalars: Readonly<Record<string, NodeType>> = {
  s: 'string',
  b: 'boolean',
  i: 'int32',
  l: 'int64',
  n: 'number',
  q: 'quantity',
  x: 'int32-or-string',
  t: 'date-time',
  y: 'byte',
  o: 'any',
  a: 'any',
};

const listTypes: Readonly<Record<string, NodeType>> = { '[': 'list', '{': 'map' };

interface Marks extends Span {
  required: boolean;
  since: number | undefined;
  until: number | undefined;
  listKeys: readonly string[] | undefined;
  isSet: boolean;
  isAtomic: boolean;
  mergeKey: string | undefined;
  enumWords: readonly string[] | undefined;
  default: string | undefined;
}

const markReaders: Readonly<Record<string, (marks: Marks, text: string) => void>> = {
  '!': (marks) => {
    marks.required = true;
  },
  '*': (marks) => {
    marks.isSet = true;
  },
  '~': (marks) => {
    marks.isAtomic = true;
  },
  '^': (marks, text) => {
    marks.mergeKey = text;
  },
  '>': (marks, text) => {
    marks.since = Number(text);
  },
  '<': (marks, text) => {
    marks.until = Number(text);
  },
  '/': (marks, text) => {
    marks.listKeys = text.split(',');
  },
  '=': (marks, text) => {
    marks.enumWords = text.split('|');
  },
  ':': (marks, text) => {
    marks.default = text;
  },
};

function readMarks(words: readonly string[]): Marks {
  const marks: Marks = {
    required: false,
    since: undefined,
    until: undefined,
    listKeys: undefined,
    isSet: false,
    isAtomic: false,
    mergeKey: undefined,
    enumWords: undefined,
    default: undefined,
  };
  for (const word of words) markReaders[word.charAt(0)]?.(marks, word.slice(1));
  return marks;
}

/** An empty string is Go's "not set": only a required field refuses it. */
function enumAt(marks: Marks, minor: number): ReadonlySet<Json> | undefined {
  if (marks.enumWords === undefined) return undefined;
  const values = marks.enumWords
    .map((word) => word.split('>'))
    .filter(([, since]) => since === undefined || Number(since) <= minor)
    .map(([value = '']) => value.replaceAll('_', ' '));
  if (values.length === 0) return undefined;
  return new Set(marks.required ? values : [...values, '']);
}

function readDefault(text: string | undefined, type: NodeType): Json | undefined {
  if (text === undefined || type === 'string') return text;
  return type === 'boolean' ? text === 'true' : Number(text);
}

function readNotation(notation: string, marks: Marks, minor: number): SchemaNode {
  const first = notation.charAt(0);
  const enumValues = enumAt(marks, minor);
  const { listKeys, isSet, isAtomic, mergeKey } = marks;
  if (first === '@') return schemaNode('reference', { reference: notation.slice(1), isAtomic });
  const container = listTypes[first];
  if (container !== undefined) {
    const item = readNotation(notation.slice(1), marks, minor);
    return schemaNode(container, { item, listKeys, isSet, isAtomic: isAtomic && container === 'map', mergeKey });
  }
  const type = scalars[first] ?? 'any';
  return schemaNode(type, { enumValues, default: readDefault(marks.default, type) });
}

/** Whether a minor has what a span tells of. */
export function isWithin(span: Span, minor: number): boolean {
  return (span.since === undefined || minor >= span.since) && (span.until === undefined || minor < span.until);
}

function readType(block: string, minor: number): ObjectSchema {
  const fields = new Map<string, SchemaNode>();
  const otherMinors = new Map<string, Span>();
  const required: string[] = [];
  for (const line of block.split('\n').slice(1)) {
    const [name = '', notation = '', ...words] = line.slice(1).split(' ');
    const marks = readMarks(words);
    if (!isWithin(marks, minor)) {
      otherMinors.set(name, { since: marks.since, until: marks.until });
      continue;
    }
    fields.set(name, readNotation(notation, marks, minor));
    if (marks.required && marks.default === undefined) required.push(name);
  }
  return { fields, required, otherMinors, acceptsUnknown: false };
}

function readKind(line: string): BuiltInKind {
  const [apiVersion = '', kind = '', resource = '', scope, type = '', ...words] = line.split(' ');
  const { since, until } = readMarks(words);
  return {
    apiVersion,
    ...parseApiVersion(apiVersion),
    kind,
    resource,
    namespaced: scope === 'namespaced',
    type,
    since,
    until,
  };
}

/** Built-in types as one minor has them. */
class TypesAtMinor implements TypeSource {
  private readonly decoded = new Map<string, ObjectSchema>();
  private readonly blocks: ReadonlyMap<string, string>;
  private readonly minor: number;

  constructor(blocks: ReadonlyMap<string, string>, minor: number) {
    this.blocks = blocks;
    this.minor = minor;
  }

  typeNamed(name: string): ObjectSchema {
    const known = this.decoded.get(name);
    if (known !== undefined) return known;
    const block = this.blocks.get(name);
    if (block === undefined) throw new Error(`the schema table has no type "${name}"`);
    const type = readType(block, this.minor);
    this.decoded.set(name, type);
    return type;
  }
}

/** Kubernetes' own kinds and types over a range of minors. */
export class Schemas {
  /** Oldest and newest minor that the table tells of; others are judged by the nearest. */
  readonly oldestMinor: number;
  readonly newestMinor: number;
  readonly kinds: readonly BuiltInKind[];
  readonly typeNames: readonly string[];
  private readonly blocks: ReadonlyMap<string, string>;
  private readonly byName = new Map<string, BuiltInKind>();
  private readonly byMinor = new Map<number, TypesAtMinor>();

  /** `versions` from old to new, as in `v1.34.4`. */
  constructor(table: string, versions: readonly string[]) {
    const [kinds = '', ...blocks] = table.split('\n\n');
    const minors = versions.map((version) => Number(version.split('.')[1]));
    this.oldestMinor = minors[0] ?? 0;
    this.newestMinor = minors.at(-1) ?? 0;
    this.kinds = kinds.split('\n').map(readKind);
    for (const kind of this.kinds) this.byName.set(`${kind.apiVersion} ${kind.kind}`, kind);
    this.blocks = new Map(blocks.map((block) => [block.slice(0, block.indexOf('\n')), block]));
    this.typeNames = [...this.blocks.keys()];
  }

  /** A kind in any minor of the table: see its span. */
  kindNamed(apiVersion: string, kind: string): BuiltInKind | undefined {
    return this.byName.get(`${apiVersion} ${kind}`);
  }

  nearestMinor(minor: number): number {
    return Math.min(Math.max(minor, this.oldestMinor), this.newestMinor);
  }

  typesAt(minor: number): TypeSource {
    const nearest = this.nearestMinor(minor);
    const known = this.byMinor.get(nearest);
    if (known !== undefined) return known;
    const types = new TypesAtMinor(this.blocks, nearest);
    this.byMinor.set(nearest, types);
    return types;
  }
}
