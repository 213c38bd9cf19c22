// A YAML document as a tree of ranges over the user's own text: where things begin, end and are indented.

import {
  type Alias,
  isAlias,
  isCollection,
  isMap,
  isPair,
  isScalar,
  isSeq,
  type Pair,
  parseAllDocuments,
  type Scalar,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import type { Path } from '../../model/index.ts';
import { resolvePlainScalar, toJsonKey } from '../../kube/yaml/index.ts';

export type Node = Alias | Scalar | YAMLMap | YAMLSeq;
export type Field = Pair<Node, Node | null>;

/** Why a text cannot be edited by us; the words end a sentence that names the field. */
export class CannotEdit extends Error {}

/** A node with what holds it: the root has no holder. */
export interface Holder {
  readonly parent: YAMLMap | YAMLSeq;
  readonly index: number;
}

export interface Stop {
  /** `undefined` for a field that has no value at all, and for an empty document. */
  readonly node: Node | undefined;
  /** From the root down to the node. */
  readonly holders: readonly Holder[];
  /** How much of the path exists. */
  readonly depth: number;
}

function isJson(text: string): boolean {
  if (!/^\s*[[{]/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function isNode(value: unknown): value is Node {
  return isAlias(value) || isScalar(value) || isCollection(value);
}

/** A key as Kubernetes sees it: the last of equal ones counts. */
function keyText(key: unknown): string | undefined {
  if (!isScalar(key)) return undefined;
  const text = key.source ?? String(key.value);
  return key.type === 'PLAIN' && key.tag === undefined ? toJsonKey(resolvePlainScalar(text)) : text;
}

export function fieldsOf(map: YAMLMap): readonly Field[] {
  return map.items as readonly Field[];
}

function indexOf(parent: Node | undefined, step: string | number): number {
  if (isMap(parent) && typeof step === 'string')
    return parent.items.findLastIndex((field) => keyText(field.key) === step);
  return isSeq(parent) && typeof step === 'number' && step < parent.items.length ? step : -1;
}

export class YamlText {
  readonly text: string;
  readonly newLine: string;
  /** True for JSON: what is put in must be JSON too. */
  readonly isJson: boolean;
  private readonly root: Node | undefined;

  /** Throws `CannotEdit` where the text is not YAML. */
  constructor(text: string, document: number) {
    this.text = text;
    this.newLine = text.includes('\r\n') ? '\r\n' : '\n';
    this.isJson = isJson(text);
    const documents = parseAllDocuments(text, { version: '1.1', uniqueKeys: false, merge: false, logLevel: 'silent' });
    const found = Array.isArray(documents) ? documents[document] : undefined;
    if (found === undefined || found.errors.length > 0) throw new CannotEdit('the text cannot be read as YAML');
    this.root = isNode(found.contents) ? found.contents : undefined;
  }

  /** Walks down the path as far as it exists. */
  find(path: Path): Stop {
    const holders: Holder[] = [];
    let node = this.root;
    for (const [depth, step] of path.entries()) {
      if (isAlias(node)) throw new CannotEdit(`it stands behind the alias "*${node.source}", which other places share`);
      const index = indexOf(node, step);
      if (index === -1 || !isCollection(node)) return { node, holders, depth };
      holders.push({ parent: node, index });
      node = this.heldBy({ parent: node, index });
    }
    return { node, holders, depth: path.length };
  }

  private heldBy({ parent, index }: Holder): Node | undefined {
    const item: unknown = parent.items[index];
    const value: unknown = isPair(item) ? item.value : item;
    return isNode(value) ? value : undefined;
  }

  start(node: Node): number {
    return node.range?.[0] ?? 0;
  }

  /** Offset behind the last character of the node itself: comments and blank lines after it do not count. */
  end(node: Node): number {
    if (isCollection(node) && node.flow !== true && node.items.length > 0) {
      const last = node.items.length - 1;
      return this.endOfHeld({ parent: node as YAMLMap | YAMLSeq, index: last });
    }
    return node.range?.[1] ?? 0;
  }

  /** Offset behind a field or an item. */
  endOfHeld(holder: Holder): number {
    const node = this.heldBy(holder);
    const item: unknown = holder.parent.items[holder.index];
    if (node !== undefined && this.end(node) > this.start(node)) return this.end(node);
    if (isPair(item)) return this.colonEnd(item as Field);
    return node === undefined ? this.end(holder.parent) : this.end(node);
  }

  /** Offset behind the colon of a field; behind its key where there is no colon. */
  colonEnd(field: Field): number {
    const keyEnd = this.end(field.key);
    const colon = /^\s*:/.exec(this.text.slice(keyEnd, keyEnd + 200));
    return keyEnd + (colon?.[0].length ?? 0);
  }

  lineStart(offset: number): number {
    return this.text.lastIndexOf('\n', offset - 1) + 1;
  }

  /** Offset of the line end at or behind the offset, before `\r` too. */
  lineEnd(offset: number): number {
    const end = this.text.indexOf('\n', offset);
    if (end === -1) return this.text.length;
    return this.text[end - 1] === '\r' && end > offset ? end - 1 : end;
  }

  /** Offset of the line after the one that something ends on; a block of text ends behind its own line. */
  nextLine(end: number): number {
    if (end > 0 && this.text[end - 1] === '\n') return end;
    const next = this.text.indexOf('\n', end);
    return next === -1 ? this.text.length : next + 1;
  }

  /** Offset behind the comments from this line on that stand further right than the column: they are about what stands above them. */
  pastComments(line: number, column: number): number {
    const deeper = new RegExp(`(?:[ \\t]*\\r?\\n)*[ ]{${column + 1},}[ \\t]*#.*(?:\\n|$)`, 'y');
    let end = line;
    for (deeper.lastIndex = line; deeper.test(this.text); ) end = deeper.lastIndex;
    return end;
  }

  column(offset: number): number {
    return offset - this.lineStart(offset);
  }

  /** Blanks and tabs at the start of its line. */
  margin(offset: number): string {
    return /^[ \t]*/.exec(this.text.slice(this.lineStart(offset)))?.[0] ?? '';
  }

  /** True where nothing but blanks stands before it on its line. */
  isFirstOnLine(offset: number): boolean {
    return this.text.slice(this.lineStart(offset), offset).trim() === '';
  }

  /** Where the dash of an item of a block list stands. */
  dash(list: YAMLSeq, index: number): number {
    const first = this.start(list);
    if (index === 0) return first;
    const from = this.endOfHeld({ parent: list, index: index - 1 });
    const line = this.text.indexOf(`\n${' '.repeat(this.column(first))}-`, Math.max(0, from - 1));
    if (line === -1) throw new CannotEdit('its list is written in a way that we do not know');
    return line + 1 + this.column(first);
  }
}
