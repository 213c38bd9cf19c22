// Puts the keys of a JSON text in order without parsing its values: strings and numbers keep their bytes, so that no digit of a large integer is lost.
// One pass over the bytes finds what is to be written otherwise, which for an API server's objects is little: the rest is copied in long stretches.

import { EditedText, Edits, rowSize, Tape } from './json-edits.ts';
import { compareKeys, endOfString, textOf } from './json-keys.ts';

const [tab, lineFeed, carriageReturn, space] = [9, 10, 13, 32];
const [quote, comma, colon] = [34, 44, 58];
const [openList, closeList, openObject, closeObject] = [91, 93, 123, 125];

/** What Go escapes in strings and others do not. An API server leaves none. */
const specials = ['<', '>', '&', '\u2028', '\u2029'].map((character) => ({
  bytes: Buffer.from(character),
  escaped: Buffer.from(`\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`),
}));

/** By what a stretch is replaced: spaces by nothing. */
const replacements = [Buffer.alloc(0), ...specials.map(({ escaped }) => escaped)];
const nothing = 0;
const metadataKey = Buffer.from('"metadata"');
const nameKey = Buffer.from('"name"');
const namespaceKey = Buffer.from('"namespace"');
const fieldsKey = Buffer.from('"fieldsV1"');

/** A member that an object gets where it has none of that name. */
export interface Member {
  readonly key: string;
  /** Its JSON text. */
  readonly value: string;
}

export interface SortedObject {
  /** The position after it. */
  readonly end: number;
  /** Compact, keys sorted by their bytes at every depth. */
  readonly content: Buffer;
  /** Of its metadata; '' where it has none. */
  readonly name: string;
  readonly namespace: string;
}

/** Thrown where a text is no JSON. */
export class BrokenJson extends Error {
  constructor(at: number) {
    super(`the text is no JSON at byte ${at}`);
  }
}

interface Special {
  readonly bytes: Buffer;
  /** Bytes that its escape has more. */
  readonly growth: number;
  readonly replacement: number;
}

/** What is known of the object that is read: of some, names are wanted. */
type Role = 'whole' | 'metadata' | 'part';

/** Letters, digits, `+`, `-` and `.`. */
function isOfWord(code: number): boolean {
  return (
    (code >= 48 && code <= 57) || code === 43 || code === 45 || code === 46 || ((code | 32) >= 97 && (code | 32) <= 122)
  );
}

function isSpace(code: number | undefined): boolean {
  return code === space || code === lineFeed || code === tab || code === carriageReturn;
}

/** Whether this key stands there, with its quotes. */
function isKey(text: Buffer, start: number, end: number, key: Buffer): boolean {
  if (end - start !== key.length) return false;
  for (let at = 0; at < key.length; at += 1) if (text[start + at] !== key[at]) return false;
  return true;
}

export class JsonSorter {
  private readonly text: Buffer;
  /** Members that an object gets where it has none of that name. */
  private readonly lacking: readonly Buffer[];
  private readonly specials: readonly Special[];
  private readonly edited: EditedText;
  /** Of the object that is read. */
  private readonly edits = new Edits();
  /** Of the objects that are open, one after the other, as in `edits`; their edits are outer ones until they are put in order. */
  private readonly members = new Tape();
  /** Members in the order of their keys, while they are put in order. */
  private ranked = new Int32Array(64);
  /** Where a set of fields stands that is written as it is. Objects that one writer has made have the same one, and it is half of what they say. */
  private fields = { start: 0, end: 0 };
  private growth = 0;
  private name = '';
  private namespace = '';

  /** `lacking` comes into each sorted object that has no member of that name. */
  constructor(text: Buffer, lacking: readonly Member[] = []) {
    this.text = text;
    this.lacking = lacking.map(({ key, value }) => Buffer.from(`${JSON.stringify(key)}:${value}`));
    this.specials = specials
      .map(({ bytes, escaped }, index) => ({ bytes, growth: escaped.length - bytes.length, replacement: index + 1 }))
      .filter(({ bytes }) => text.includes(bytes));
    this.edited = new EditedText({ text, additions: this.lacking, replacements }, this.edits);
  }

  /** Throws `BrokenJson`. */
  sortObject(start: number): SortedObject {
    [this.name, this.namespace] = ['', ''];
    this.edits.clear();
    this.members.length = 0;
    this.growth = 0;
    for (const { length } of this.lacking) this.growth += length + 1;
    if (this.text[start] !== openObject) throw new BrokenJson(start);
    const end = this.readObject(start, 'whole');
    const content = this.edited.render(start, end, this.growth);
    return { end, content, name: this.name, namespace: this.namespace };
  }

  /** Where each value of a list stands. The reader says where the one before ended. */
  *listValues(start: number): Generator<number, number, number> {
    let at = this.skipSpace(this.expect(start, openList));
    while (this.text[at] !== closeList) at = this.afterValue(yield at, closeList);
    return at + 1;
  }

  /** The members of an object; the reader says where the value of the one before ended. */
  *objectMembers(start: number): Generator<{ readonly key: string; readonly at: number }, number, number> {
    let at = this.skipSpace(this.expect(start, openObject));
    while (this.text[at] !== closeObject) {
      const keyEnd = this.readString(at);
      const value = this.afterKey(keyEnd);
      at = this.afterValue(yield { key: textOf(this.text, at, keyEnd), at: value }, closeObject);
    }
    return at + 1;
  }

  /** The position after a value. */
  skipValue(start: number): number {
    return this.readValue(start, 'part');
  }

  /** Whether `null` stands there. */
  isNull(at: number): boolean {
    return this.text.toString('latin1', at, at + 4) === 'null';
  }

  private expect(at: number, code: number): number {
    if (this.text[at] !== code) throw new BrokenJson(at);
    return at + 1;
  }

  private skipSpace(start: number): number {
    // Nearly always there is none.
    if ((this.text[start] ?? 0) > space) return start;
    let at = start;
    while (isSpace(this.text[at])) at += 1;
    if (at > start) this.edits.outer.add(start, at, nothing, 0);
    return at;
  }

  /** Where the value of a key begins. */
  private afterKey(keyEnd: number): number {
    return this.skipSpace(this.expect(this.skipSpace(keyEnd), colon));
  }

  /** Where the next value or key begins, or what holds them ends. */
  private afterValue(end: number, close: number): number {
    const at = this.skipSpace(end);
    if (this.text[at] === close) return at;
    const next = this.skipSpace(this.expect(at, comma));
    if (this.text[next] === close) throw new BrokenJson(next);
    return next;
  }

  private readValue(at: number, role: Role): number {
    const code = this.text[at];
    if (code === quote) return this.readString(at);
    if (code === openObject) return this.readObject(at, role);
    return code === openList ? this.readList(at) : this.readWord(at);
  }

  /** A number, `true`, `false` or `null`. */
  private readWord(start: number): number {
    let at = start;
    while (isOfWord(this.text[at] ?? 0)) at += 1;
    if (at === start) throw new BrokenJson(at);
    return at;
  }

  private readString(start: number): number {
    if (this.text[start] !== quote) throw new BrokenJson(start);
    const end = endOfString(this.text, start);
    if (end < 0) throw new BrokenJson(start);
    if (this.specials.length > 0) this.escape(start, end);
    return end;
  }

  private escape(start: number, end: number): void {
    for (let at = start; at < end; at += 1) {
      const special = this.specials.find(({ bytes }) => isKey(this.text, at, at + bytes.length, bytes));
      if (special === undefined) continue;
      const { bytes, growth, replacement } = special;
      this.edits.outer.add(at, at + bytes.length, replacement, 0);
      this.growth += growth;
    }
  }

  private readList(start: number): number {
    let at = this.skipSpace(start + 1);
    while (this.text[at] !== closeList) at = this.afterValue(this.readValue(at, 'part'), closeList);
    return at + 1;
  }

  private readObject(start: number, role: Role): number {
    const { text, members } = this;
    const { outer } = this.edits;
    const [firstMember, firstEdit] = [members.length, outer.length];
    let isInOrder = true;
    if (role === 'whole') isInOrder = this.addLacking(firstEdit);
    let before = -1;
    let at = this.skipSpace(start + 1);
    while (text[at] !== closeObject) {
      const edit = outer.length;
      const end = this.readMember(at, role);
      members.add(at, end, edit, outer.length);
      if (isInOrder && before >= 0) isInOrder = compareKeys(text, before, text, at) < 0;
      before = at;
      at = this.afterValue(end, closeObject);
    }
    if (!isInOrder) this.reorder(start, at + 1, firstMember, firstEdit);
    members.length = firstMember;
    return at + 1;
  }

  /** False where there are some, which belong somewhere among the others. */
  private addLacking(edit: number): boolean {
    for (const index of this.lacking.keys()) this.members.add(-1 - index, 0, edit, edit);
    return this.lacking.length === 0;
  }

  /** The position after its value. */
  private readMember(at: number, role: Role): number {
    const keyEnd = this.readString(at);
    const from = this.afterKey(keyEnd);
    if (role === 'part')
      return isKey(this.text, at, keyEnd, fieldsKey) ? this.readFields(from) : this.readValue(from, role);
    const isMetadata = role === 'whole' && isKey(this.text, at, keyEnd, metadataKey);
    const end = this.readValue(from, isMetadata ? 'metadata' : 'part');
    if (role === 'metadata' && this.text[from] === quote) this.noteName(at, keyEnd, from, end);
    return end;
  }

  /** The same bytes have the same end, and nothing in them is to be written otherwise. */
  private readFields(start: number): number {
    const { text, fields } = this;
    const end = start + fields.end - fields.start;
    if (text[start] !== openObject) return this.readValue(start, 'part');
    if (end > start && end <= text.length && text.compare(text, fields.start, fields.end, start, end) === 0) return end;
    const edits = this.edits.outer.length;
    const read = this.readValue(start, 'part');
    if (this.edits.outer.length === edits) this.fields = { start, end: read };
    return read;
  }

  private noteName(at: number, keyEnd: number, from: number, end: number): void {
    const { text } = this;
    if (isKey(text, at, keyEnd, nameKey)) this.name = textOf(text, from, end);
    else if (isKey(text, at, keyEnd, namespaceKey)) this.namespace = textOf(text, from, end);
  }

  /** All that is within the object comes into one edit. */
  private reorder(start: number, end: number, firstMember: number, firstEdit: number): void {
    const { outer, inner, members } = this.edits;
    const { rows } = this.members;
    const shift = inner.length - firstEdit;
    const first = members.length;
    const count = this.rank(firstMember);
    for (let index = 0; index < count; index += 1) {
      const at = this.ranked[index] ?? 0;
      members.add(rows[at] ?? 0, rows[at + 1] ?? 0, (rows[at + 2] ?? 0) + shift, (rows[at + 3] ?? 0) + shift);
    }
    outer.moveTo(inner, firstEdit);
    outer.add(start, end, -1 - first, members.length);
  }

  /** Ranks the members from there on by their keys; of members of one name the last holds, as in every parser. Says how many there are. */
  private rank(first: number): number {
    const { rows, length } = this.members;
    if (this.ranked.length < length - first) this.ranked = new Int32Array(length - first);
    const { ranked } = this;
    let count = 0;
    for (let at = first; at < length; at += rowSize) {
      const start = rows[at] ?? 0;
      let low = 0;
      let high = count;
      let isThere = false;
      while (low < high && !isThere) {
        const middle = (low + high) >> 1;
        const order = this.compare(start, rows[ranked[middle] ?? 0] ?? 0);
        isThere = order === 0;
        if (order <= 0) high = middle;
        else low = middle + 1;
      }
      if (!isThere) {
        ranked.copyWithin(high + 1, high, count);
        count += 1;
      }
      ranked[high] = at;
    }
    return count;
  }

  /** The order of two keys; a place below zero is that of a member that the object lacks. */
  private compare(a: number, b: number): number {
    const { text, lacking } = this;
    return compareKeys(
      (a < 0 ? lacking[-1 - a] : undefined) ?? text,
      Math.max(a, 0),
      (b < 0 ? lacking[-1 - b] : undefined) ?? text,
      Math.max(b, 0),
    );
  }
}
