// Puts the keys of a JSON text in order without parsing its values: strings and numbers keep their bytes, so that no digit of a large integer is lost.
// One pass over the bytes finds what is to be written otherwise, which for an API server's objects is little: the rest is copied in long stretches.

import { type Edit, EditedText, memberSize } from './json-edits.ts';
import { compareKeys, endOfString, textOf } from './json-keys.ts';

const [tab, lineFeed, carriageReturn, space] = [9, 10, 13, 32];
const [quote, comma, colon] = [34, 44, 58];
const [openList, closeList, openObject, closeObject] = [91, 93, 123, 125];

/** What Go escapes in strings and others do not. An API server leaves none. */
const specials = ['<', '>', '&', '\u2028', '\u2029'].map((character) => ({
  bytes: Buffer.from(character),
  escaped: Buffer.from(`\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`),
}));

const nothing = Buffer.alloc(0);
const none: readonly Edit[] = [];
const metadataKey = Buffer.from('"metadata"');
const nameKey = Buffer.from('"name"');
const namespaceKey = Buffer.from('"namespace"');

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

/** What is known of the object that is read: of some, names are wanted. */
type Role = 'whole' | 'metadata' | 'part';

/** An object that is being read: where it begins, and what is known of those around it by then. */
interface OpenObject {
  readonly start: number;
  readonly firstMember: number;
  readonly firstEdit: number;
}

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
  private readonly specials: typeof specials;
  private readonly edited: EditedText;
  /** Of the object that is read, in order; those of an object that is read to its end may be within the one edit that it is. */
  private readonly edits: Edit[] = [];
  /** Of the objects that are open, one after the other: start, end, and which edits are within. */
  private readonly members: number[] = [];
  private memberEnd = 0;
  private growth = 0;
  private name = '';
  private namespace = '';

  /** `lacking` comes into each sorted object that has no member of that name. */
  constructor(text: Buffer, lacking: readonly Member[] = []) {
    this.text = text;
    this.lacking = lacking.map(({ key, value }) => Buffer.from(`${JSON.stringify(key)}:${value}`));
    this.specials = specials.filter(({ bytes }) => text.includes(bytes));
    this.edited = new EditedText(text, this.lacking);
  }

  /** Throws `BrokenJson`. */
  sortObject(start: number): SortedObject {
    [this.name, this.namespace] = ['', ''];
    this.edits.length = 0;
    this.memberEnd = 0;
    this.growth = this.lacking.reduce((sum, { length }) => sum + length + 1, 0);
    this.expect(start, openObject);
    const end = this.readObject(start, 'whole');
    const content = this.edited.render({ start, end }, this.edits, this.growth);
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
      const value = this.skipSpace(this.expect(this.skipSpace(keyEnd), colon));
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
    if (at > start) this.edits.push({ start, end: at, bytes: nothing });
    return at;
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
    if (code === openObject) return this.readObject(at, role);
    if (code === openList) return this.readList(at);
    return code === quote ? this.readString(at) : this.readWord(at);
  }

  /** A number, `true`, `false` or `null`. */
  private readWord(start: number): number {
    let at = start;
    while (isOfWord(this.text[at] ?? 0)) at += 1;
    if (at === start) throw new BrokenJson(at);
    return at;
  }

  private readString(start: number): number {
    const end = endOfString(this.text, this.expect(start, quote) - 1);
    if (end < 0) throw new BrokenJson(start);
    if (this.specials.length > 0) this.escape(start, end);
    return end;
  }

  private escape(start: number, end: number): void {
    for (let at = start; at < end; at += 1) {
      const special = this.specials.find(({ bytes }) => isKey(this.text, at, at + bytes.length, bytes));
      if (special === undefined) continue;
      const { bytes, escaped } = special;
      this.edits.push({ start: at, end: at + bytes.length, bytes: escaped });
      this.growth += escaped.length - bytes.length;
    }
  }

  private readList(start: number): number {
    let at = this.skipSpace(start + 1);
    while (this.text[at] !== closeList) at = this.afterValue(this.readValue(at, 'part'), closeList);
    return at + 1;
  }

  private readObject(start: number, role: Role): number {
    const open = { start, firstMember: this.memberEnd, firstEdit: this.edits.length };
    let isInOrder = role !== 'whole';
    if (role === 'whole') for (const index of this.lacking.keys()) this.addMember(-1 - index, 0, open.firstEdit);
    let before: number | undefined;
    let at = this.skipSpace(start + 1);
    while (this.text[at] !== closeObject) {
      const end = this.readMember(at, role);
      isInOrder &&= before === undefined || compareKeys(this.text, before, this.text, at) < 0;
      before = at;
      at = this.afterValue(end, closeObject);
    }
    if (!isInOrder) this.reorder(open, at + 1);
    this.memberEnd = open.firstMember;
    return at + 1;
  }

  private readMember(at: number, role: Role): number {
    const { text } = this;
    const firstEdit = this.edits.length;
    const keyEnd = this.readString(at);
    const from = this.skipSpace(this.expect(this.skipSpace(keyEnd), colon));
    const isMetadata = role === 'whole' && isKey(text, at, keyEnd, metadataKey);
    const end = this.readValue(from, isMetadata ? 'metadata' : 'part');
    if (role === 'metadata' && text[from] === quote) {
      if (isKey(text, at, keyEnd, nameKey)) this.name = textOf(text, from, end);
      else if (isKey(text, at, keyEnd, namespaceKey)) this.namespace = textOf(text, from, end);
    }
    this.addMember(at, end, firstEdit);
    return end;
  }

  private addMember(start: number, end: number, firstEdit: number): void {
    const { members, memberEnd } = this;
    members[memberEnd] = start;
    members[memberEnd + 1] = end;
    members[memberEnd + 2] = firstEdit;
    members[memberEnd + 3] = this.edits.length;
    this.memberEnd = memberEnd + memberSize;
  }

  private reorder({ start, firstMember, firstEdit }: OpenObject, end: number): void {
    const { members: table } = this;
    const members: number[] = [];
    for (const at of this.ranked(firstMember)) {
      const first = (table[at + 2] ?? 0) - firstEdit;
      members.push(table[at] ?? 0, table[at + 1] ?? 0, first, (table[at + 3] ?? 0) - firstEdit);
    }
    const edits = this.edits.length === firstEdit ? none : this.edits.splice(firstEdit);
    this.edits.push({ start, end, members, edits });
  }

  /** Where the members from there on stand in the table, by their keys; of members of one name the last holds, as in every parser. */
  private ranked(first: number): readonly number[] {
    const ranked: number[] = [];
    for (let at = first; at < this.memberEnd; at += memberSize) {
      const start = this.members[at] ?? 0;
      let low = 0;
      let high = ranked.length;
      let isThere = false;
      while (low < high && !isThere) {
        const middle = (low + high) >> 1;
        const order = this.compare(start, this.members[ranked[middle] ?? 0] ?? 0);
        isThere = order === 0;
        if (order <= 0) high = middle;
        else low = middle + 1;
      }
      ranked.splice(isThere ? high : low, isThere ? 1 : 0, at);
    }
    return ranked;
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
