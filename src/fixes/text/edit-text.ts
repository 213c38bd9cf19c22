// Edits an object where it stands in the user's text: comments, order, quotes, indentation and all other lines stay byte for byte.

import { isMap, isScalar, isSeq, type YAMLMap, type YAMLSeq } from 'yaml';
import { asString, type Edit, isSameJson, type Json, type Path, valueAt } from '../../model/index.ts';
import { parseYaml } from '../../kube/yaml/index.ts';
import { editValue, missingFrom } from './edit-value.ts';
import { type Hand, handOf } from './hand.ts';
import { type JsonHand, type JsonLayout, jsonHandOf, renderJsonAt, renderJsonField } from './json-text.ts';
import {
  isNested,
  type KeyQuote,
  type Layout,
  renderAfterColon,
  renderBlock,
  renderField,
  renderFlow,
  renderInQuotes,
  renderItem,
  renderKey,
} from './render-value.ts';
import { CannotEdit, type Field, fieldsOf, type Holder, type Node, type Stop, YamlText } from './yaml-text.ts';

/** Text that takes the place of a range. */
interface Splice {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Where an object stands in a text: the range of its document, which of the documents in it, and the path to it in that document. */
export interface ObjectPlace {
  readonly start: number;
  readonly end: number;
  readonly document: number;
  readonly within: Path;
}

export type EditedText =
  | { readonly ok: true; readonly text: string; readonly place: ObjectPlace }
  /** The text cannot be edited without touching more than the field: a person must. */
  | { readonly ok: false; readonly edit: Edit; readonly reason: string };

/** `{a: {b: value}}` for the path `a`, `b`. */
function wrap(path: Path, value: Json): Json {
  return path.reduceRight<Json>((inner, step) => (typeof step === 'number' ? [inner] : { [step]: inner }), value);
}

/** The quotes of all keys; nothing where one has others, or none. */
function keyQuoteOf(map: YAMLMap): KeyQuote | undefined {
  const types = new Set(fieldsOf(map).map(({ key }) => (isScalar(key) ? key.type : undefined)));
  const [type] = types;
  if (types.size > 1) return undefined;
  return type === 'QUOTE_DOUBLE' ? '"' : type === 'QUOTE_SINGLE' ? "'" : undefined;
}

class Editing {
  private readonly yaml: YamlText;
  private readonly hand: Hand;
  private readonly json: JsonHand;

  constructor(yaml: YamlText, hand: Hand) {
    this.yaml = yaml;
    this.hand = hand;
    this.json = jsonHandOf(yaml.isJson ? yaml.text : '');
  }

  splice(edit: Edit): Splice {
    const stop = this.yaml.find(edit.path);
    if (edit.op === 'remove') return this.remove(stop);
    if (edit.op === 'rename') return this.rename(stop, edit.name);
    const isWhole = stop.depth === edit.path.length;
    if (edit.op === 'set')
      return isWhole ? this.replace(stop, edit.value) : this.insert(stop, edit.path.slice(stop.depth), edit.value);
    if (isWhole && isSeq(stop.node)) return this.append(stop, edit.values);
    return isWhole ? this.replace(stop, edit.values) : this.insert(stop, edit.path.slice(stop.depth), edit.values);
  }

  private insert(stop: Stop, path: Path, value: Json): Splice {
    const [step, ...rest] = path;
    const { node } = stop;
    if (isMap(node) && typeof step === 'string') return this.insertField(stop, node, step, wrap(rest, value));
    if (isSeq(node) && step === node.items.length) return this.append(stop, [wrap(rest, value)]);
    return this.replace(stop, wrap(path, value));
  }

  private insertField(stop: Stop, map: YAMLMap, key: string, value: Json): Splice {
    const { yaml } = this;
    if (map.items.length === 0) return this.replace(stop, { [key]: value });
    const keyQuote = keyQuoteOf(map);
    if (map.flow === true) {
      const blank = yaml.text[yaml.start(map) + 1] === ' ' ? ' ' : '';
      return this.insertInFlow(map, (layout) =>
        yaml.isJson
          ? renderJsonField(key, renderJsonAt(value, layout, this.json), this.json.blank)
          : `${renderKey(key, keyQuote)}: ${renderFlow(value, blank, keyQuote)}`,
      );
    }
    const first = fieldsOf(map)[0]?.key;
    const column = yaml.column(first === undefined ? 0 : yaml.start(first));
    const lines = renderField(key, value, { ...this.hand, column, keyQuote });
    const before = key === 'metadata' ? this.fieldOnItsLine(map, 'spec') : undefined;
    if (before === undefined) return this.insertLines(map, column, lines);
    return { start: before, end: before, text: ' '.repeat(column) + lines + yaml.newLine };
  }

  /** Start of the line of a field: where people expect another one before it. */
  private fieldOnItsLine(map: YAMLMap, key: string): number | undefined {
    const { yaml } = this;
    const field = fieldsOf(map).find((each) => isScalar(each.key) && each.key.value === key);
    const start = field === undefined ? 0 : yaml.start(field.key);
    return field !== undefined && yaml.isFirstOnLine(start) ? yaml.lineStart(start) : undefined;
  }

  private append(stop: Stop, values: readonly Json[]): Splice {
    const { yaml } = this;
    const list = stop.node as YAMLSeq;
    if (list.items.length === 0) return this.replace(stop, values);
    if (list.flow === true)
      return this.insertInFlow(list, ...values.map((each) => (layout: JsonLayout) => this.flow(each, layout)));
    const column = yaml.column(yaml.start(list));
    const layout = { ...this.hand, column };
    const between = yaml.newLine + ' '.repeat(column);
    return this.insertLines(list, column, values.map((each) => renderItem(each, layout)).join(between));
  }

  /** New lines below the last one of a block. */
  private insertLines(block: YAMLMap | YAMLSeq, column: number, lines: string): Splice {
    const { yaml } = this;
    const at = yaml.pastComments(yaml.nextLine(yaml.end(block)), column);
    const text = ' '.repeat(column) + lines;
    const isOpenEnd = at === yaml.text.length && !yaml.text.endsWith('\n');
    return { start: at, end: at, text: isOpenEnd ? yaml.newLine + text : text + yaml.newLine };
  }

  private flow(value: Json, layout: JsonLayout): string {
    return this.yaml.isJson ? renderJsonAt(value, layout, this.json) : renderFlow(value);
  }

  /** JSON over several lines keeps an item or a field on each. */
  private layoutIn(collection: YAMLMap | YAMLSeq): JsonLayout {
    const { yaml } = this;
    const start = this.startOfHeld({ parent: collection, index: 0 });
    const isOnLines = yaml.isJson && yaml.isFirstOnLine(start);
    return { newLine: isOnLines ? yaml.newLine : '', margin: isOnLines ? yaml.margin(start) : '' };
  }

  private insertInFlow(collection: YAMLMap | YAMLSeq, ...items: readonly ((layout: JsonLayout) => string)[]): Splice {
    const at = this.yaml.endOfHeld({ parent: collection, index: collection.items.length - 1 });
    const layout = this.layoutIn(collection);
    const between = layout.newLine === '' ? `,${this.json.blank}` : `,${layout.newLine}${layout.margin}`;
    return { start: at, end: at, text: items.map((item) => between + item(layout)).join('') };
  }

  private replace({ node, holders }: Stop, value: Json): Splice {
    const holder = holders.at(-1);
    if (holders.some(({ parent }) => parent.flow === true)) return this.replaceInFlow(node, holder, value);
    if (holder !== undefined && isMap(holder.parent)) return this.replaceField(holder, node, value);
    if (node === undefined || this.isEmpty(node)) throw new CannotEdit('nothing stands there to be replaced');
    const start = this.yaml.start(node);
    const layout = { ...this.hand, column: this.yaml.column(start) };
    return { start, end: this.endOfText(node), text: renderBlock(value, layout) };
  }

  private isEmpty(node: Node | undefined): boolean {
    return node === undefined || this.yaml.end(node) === this.yaml.start(node);
  }

  /** A block of text ends behind its line end, which stays. */
  private endOfText(node: Node): number {
    const { text } = this.yaml;
    let end = this.yaml.end(node);
    if (text[end - 1] === '\n') end -= 1;
    return text[end - 1] === '\r' ? end - 1 : end;
  }

  private replaceInFlow(node: Node | undefined, holder: Holder | undefined, value: Json): Splice {
    if (node !== undefined && !this.isEmpty(node))
      return {
        start: this.yaml.start(node),
        end: this.yaml.end(node),
        text: this.inQuotesOf(node, value) ?? this.flow(value, this.layoutAround(node)),
      };
    if (holder === undefined || !isMap(holder.parent)) throw new CannotEdit('nothing stands there to be replaced');
    const at = this.yaml.endOfHeld(holder);
    const blanks = /^ *(?=,)/.exec(this.yaml.text.slice(at))?.[0].length ?? 0;
    return { start: at, end: at + blanks, text: ` ${renderFlow(value)}` };
  }

  private replaceField(holder: Holder, node: Node | undefined, value: Json): Splice {
    const { yaml } = this;
    const field = holder.parent.items[holder.index] as Field;
    const layout = { ...this.hand, column: yaml.column(yaml.start(field.key)) };
    const colon = yaml.colonEnd(field);
    const old = node === undefined || this.isEmpty(node) ? undefined : node;
    const oldEnd = old === undefined ? colon : yaml.end(old);
    const lineEnd = yaml.lineEnd(colon);
    if (old !== undefined && oldEnd > lineEnd) return this.replaceBelow(old, colon, value, layout);
    const tail = yaml.text.slice(oldEnd, lineEnd);
    if (isNested(value)) return { start: colon, end: lineEnd, text: tail.trimEnd() + renderAfterColon(value, layout) };
    const text = tail.trim() === '' ? renderAfterColon(value, layout).slice(1) : renderFlow(value);
    if (old === undefined) return { start: colon, end: colon, text: ` ${text}` };
    return { start: yaml.start(old), end: oldEnd, text: this.inQuotesOf(old, value) ?? text };
  }

  /** What stands on lines below its key goes with the comments of these lines; the comment of the key's own line stays. */
  private replaceBelow(old: Node, colon: number, value: Json, layout: Layout): Splice {
    const { yaml } = this;
    const lineEnd = yaml.lineEnd(colon);
    const isBelow = yaml.start(old) > lineEnd;
    const isBlock = isScalar(old) && (old.type === 'BLOCK_LITERAL' || old.type === 'BLOCK_FOLDED');
    const comment = isBelow || isBlock ? (/[ \t]+#.*$/.exec(yaml.text.slice(colon, lineEnd))?.[0] ?? '') : '';
    const [first = '', ...more] = renderAfterColon(value, layout).split(yaml.newLine);
    const end = this.endOfText(old);
    return {
      start: colon,
      end: isBelow ? yaml.lineEnd(end) : end,
      text: [first + comment, ...more].join(yaml.newLine),
    };
  }

  private inQuotesOf(old: Node, value: Json): string | undefined {
    const quotes = this.quotesOf(old);
    const text = asString(value);
    return quotes === undefined || text === undefined ? undefined : renderInQuotes(text, quotes);
  }

  private quotesOf(node: Node): string | undefined {
    const first = this.yaml.text[this.yaml.start(node)];
    return isScalar(node) && (first === '"' || first === "'") ? first : undefined;
  }

  private remove({ holders }: Stop): Splice {
    const holder = holders.at(-1);
    if (holder === undefined) throw new CannotEdit('the whole object cannot be removed from a text');
    const { parent } = holder;
    if (parent.items.length === 1)
      return this.replace({ node: parent, holders: holders.slice(0, -1), depth: 0 }, isMap(parent) ? {} : []);
    return parent.flow === true ? this.removeInFlow(holder) : this.removeLines(holder);
  }

  private rename({ holders }: Stop, name: string): Splice {
    const holder = holders.at(-1);
    if (holder === undefined || !isMap(holder.parent)) throw new CannotEdit('no field of this name stands there');
    const { key } = holder.parent.items[holder.index] as Field;
    return {
      start: this.yaml.start(key),
      end: this.yaml.end(key),
      text: this.yaml.isJson ? JSON.stringify(name) : (this.inQuotesOf(key, name) ?? renderKey(name)),
    };
  }

  private layoutAround(node: Node): JsonLayout {
    const { yaml } = this;
    return { newLine: yaml.text.includes('\n') ? yaml.newLine : '', margin: yaml.margin(yaml.start(node)) };
  }

  private startOfHeld({ parent, index }: Holder): number {
    const item: unknown = parent.items[index];
    if (isSeq(parent)) return parent.flow === true ? this.yaml.start(item as Node) : this.yaml.dash(parent, index);
    return this.yaml.start((item as Field).key);
  }

  private removeInFlow(holder: Holder): Splice {
    const { parent, index } = holder;
    if (index > 0)
      return { start: this.yaml.endOfHeld({ parent, index: index - 1 }), end: this.yaml.endOfHeld(holder), text: '' };
    return { start: this.startOfHeld(holder), end: this.startOfHeld({ parent, index: 1 }), text: '' };
  }

  private removeLines(holder: Holder): Splice {
    const { yaml } = this;
    const start = this.startOfHeld(holder);
    const next = yaml.nextLine(yaml.endOfHeld(holder));
    if (!yaml.isFirstOnLine(start)) {
      // It follows a dash: what comes next moves up to it.
      const gap = /^\s*/.exec(yaml.text.slice(next))?.[0].length ?? 0;
      return { start, end: next + gap, text: '' };
    }
    const lineStart = yaml.lineStart(start);
    const isOpenEnd = next === yaml.text.length && !yaml.text.endsWith('\n');
    return { start: isOpenEnd ? yaml.lineEnd(lineStart - 1) : lineStart, end: next, text: '' };
  }
}

interface Part {
  readonly text: string;
  readonly value: Json;
}

function read(text: string, document: number): Json | undefined {
  const result = parseYaml(text);
  if (!result.ok || result.parsed.duplicates.length > 0) return undefined;
  return result.parsed.values[document];
}

/** Adding says only what is new: what is there already would stand twice. */
function narrow(edit: Edit, root: Json): Edit {
  return edit.op === 'add' ? { ...edit, values: missingFrom(valueAt(root, edit.path), edit.values) } : edit;
}

/** Which of the documents is meant, and the hand in which it is written. */
interface Written {
  readonly document: number;
  readonly hand: Hand;
}

/** The text after one edit; proven by reading it again: the field is as wished, and nothing else has changed. */
function editOnce({ text, value }: Part, edit: Edit, { document, hand }: Written): Part {
  const wished = editValue(value, edit);
  if (isSameJson(wished, value)) return { text, value };
  const { start, end, text: inserted } = new Editing(new YamlText(text, document), hand).splice(narrow(edit, value));
  const edited = text.slice(0, start) + inserted + text.slice(end);
  const after = read(edited, document);
  if (after === undefined || !isSameJson(after, wished))
    throw new CannotEdit('it is written in a way (an anchor, a merge, odd indentation) that ties other fields to it');
  return { text: edited, value: after };
}

function within(edit: Edit, place: ObjectPlace): Edit {
  return { ...edit, path: [...place.within, ...edit.path] };
}

/** Applies the edits in their order, or none of them. `place` in the result is where the object stands then. */
export function editText(text: string, place: ObjectPlace, edits: readonly Edit[]): EditedText {
  const { start, end, document } = place;
  const original = text.slice(start, end);
  // A new list stands to the right of its key, wherever others do: between lines of somebody else it is seen as one.
  const written = { document, hand: { ...handOf(original), flatLists: false } };
  const value = read(original, document);
  let part: Part = { text: original, value: value ?? null };
  for (const edit of edits)
    try {
      if (value === undefined) throw new CannotEdit('its text cannot be read, or names a field twice');
      part = editOnce(part, within(edit, place), written);
    } catch (error) {
      if (error instanceof CannotEdit) return { ok: false, edit, reason: error.message };
      throw error;
    }
  return {
    ok: true,
    text: text.slice(0, start) + part.text + text.slice(end),
    place: { ...place, end: start + part.text.length },
  };
}
