// Puts the keys of a JSON text in order without parsing its values: strings and numbers keep their bytes, so that no digit of a large integer is lost.
// The text is read as Latin-1, a character for each byte: slices of such a text cost nothing, and rank as their bytes do.

const [tab, lineFeed, carriageReturn, space] = [9, 10, 13, 32];
const [quote, comma, colon, backslash] = [34, 44, 58, 92];
const [openList, closeList, openObject, closeObject] = [91, 93, 123, 125];

/** Longer strings are left to the native search. */
const shortString = 24;

/** What Go escapes in strings and others do not, U+2028 and U+2029 as their bytes. An API server leaves none. */
const special = /[<>&]|\u00e2\u0080[\u00a8\u00a9]/;
const specials = new RegExp(special, 'g');

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

function escapeSpecial(found: string): string {
  const unit = found.length === 1 ? found.charCodeAt(0) : 0x2000 + found.charCodeAt(2) - 0x80;
  return `\\u${unit.toString(16).padStart(4, '0')}`;
}

/** What a string token says. */
function textOf(token: string): string {
  return JSON.parse(Buffer.from(token, 'latin1').toString('utf8')) as string;
}

/** A key without its quotes as what ranks as its bytes do. */
function rankOf(key: string): string {
  return key.includes('\\') ? Buffer.from(textOf(`"${key}"`)).toString('latin1') : key;
}

/** Letters, digits, `+`, `-` and `.`. */
function isOfWord(code: number): boolean {
  return (
    (code >= 48 && code <= 57) || code === 43 || code === 45 || code === 46 || ((code | 32) >= 97 && (code | 32) <= 122)
  );
}

/** What was read of an object. */
interface OpenObject {
  readonly role: Role;
  readonly keys: string[];
  readonly values: string[];
  /** So far its keys and what they hold stand as they are to be written. */
  isInOrder: boolean;
  /** Its length without spaces. */
  size: number;
}

function isAfter(key: string, before: string | undefined): boolean {
  return before === undefined || before < key;
}

export class JsonSorter {
  private readonly text: string;
  private readonly lacking: readonly Member[];
  private readonly hasSpecials: boolean;
  private readonly hasEscapes: boolean;
  /** The value that was read last, where it is to be written otherwise than it stands. */
  private changed: string | undefined;
  private name = '';
  private namespace = '';

  /** `lacking` comes into each sorted object that has no member of that name. */
  constructor(bytes: Buffer, lacking: readonly Member[] = []) {
    this.text = bytes.toString('latin1');
    this.lacking = lacking;
    this.hasSpecials = special.test(this.text);
    this.hasEscapes = this.text.includes('\\');
  }

  /** Throws `BrokenJson`. */
  sortObject(start: number): SortedObject {
    [this.name, this.namespace] = ['', ''];
    this.expect(start, openObject);
    const end = this.readObject(start, 'whole');
    return { end, content: Buffer.from(this.changed ?? '', 'latin1'), name: this.name, namespace: this.namespace };
  }

  /** Where each value of a list stands. The reader says where the one before ended. */
  *listValues(start: number): Generator<number, number, number> {
    let at = this.skipSpace(this.expect(start, openList));
    while (this.text.charCodeAt(at) !== closeList) at = this.afterValue(yield at, closeList);
    return at + 1;
  }

  /** The members of an object; the reader says where the value of the one before ended. */
  *objectMembers(start: number): Generator<{ readonly key: string; readonly at: number }, number, number> {
    let at = this.skipSpace(this.expect(start, openObject));
    while (this.text.charCodeAt(at) !== closeObject) {
      const keyEnd = this.skipString(at);
      const value = this.skipSpace(this.expect(this.skipSpace(keyEnd), colon));
      at = this.afterValue(yield { key: textOf(this.text.slice(at, keyEnd)), at: value }, closeObject);
    }
    return at + 1;
  }

  /** The position after a value. */
  skipValue(start: number): number {
    return this.readValue(start, 'part');
  }

  /** Whether `null` stands there. */
  isNull(at: number): boolean {
    return this.text.startsWith('null', at);
  }

  private expect(at: number, code: number): number {
    if (this.text.charCodeAt(at) !== code) throw new BrokenJson(at);
    return at + 1;
  }

  private skipSpace(start: number): number {
    for (let at = start; ; at += 1) {
      const code = this.text.charCodeAt(at);
      if (code !== space && code !== lineFeed && code !== tab && code !== carriageReturn) return at;
    }
  }

  /** Where the next value or key begins, or what holds them ends. */
  private afterValue(end: number, close: number): number {
    const at = this.skipSpace(end);
    if (this.text.charCodeAt(at) === close) return at;
    const next = this.skipSpace(this.expect(at, comma));
    if (this.text.charCodeAt(next) === close) throw new BrokenJson(next);
    return next;
  }

  private readValue(at: number, role: Role): number {
    const code = this.text.charCodeAt(at);
    if (code === openObject) return this.readObject(at, role);
    if (code === openList) return this.readList(at);
    const end = code === quote ? this.skipString(at) : this.skipWord(at);
    this.changed = this.hasSpecials ? this.escaped(at, end) : undefined;
    return end;
  }

  private escaped(start: number, end: number): string | undefined {
    const token = this.text.slice(start, end);
    return special.test(token) ? token.replace(specials, escapeSpecial) : undefined;
  }

  /** A number, `true`, `false` or `null`. */
  private skipWord(start: number): number {
    let at = start;
    while (isOfWord(this.text.charCodeAt(at))) at += 1;
    if (at === start) throw new BrokenJson(at);
    return at;
  }

  private skipString(start: number): number {
    const { text } = this;
    const near = Math.min(this.expect(start, quote) + shortString, text.length);
    for (let at = start + 1; at < near; at += 1) {
      const code = text.charCodeAt(at);
      if (code === quote) return at + 1;
      if (code === backslash) at += 1;
    }
    return this.endOfString(start);
  }

  /** By its quotes and what stands before them. */
  private endOfString(start: number): number {
    for (let at = this.text.indexOf('"', start + 1); at >= 0; at = this.text.indexOf('"', at + 1)) {
      let escapes = 0;
      while (this.text.charCodeAt(at - 1 - escapes) === backslash) escapes += 1;
      if (escapes % 2 === 0) return at + 1;
    }
    throw new BrokenJson(start);
  }

  private readList(start: number): number {
    const parts: string[] = [];
    let isChanged = false;
    let size = 1;
    let at = this.skipSpace(start + 1);
    while (this.text.charCodeAt(at) !== closeList) {
      const end = this.readValue(at, 'part');
      isChanged ||= this.changed !== undefined;
      parts.push(this.changed ?? this.text.slice(at, end));
      size += end - at + 1;
      at = this.afterValue(end, closeList);
    }
    // Spaces make the text longer than its values and commas are.
    const isAsWritten = !isChanged && Math.max(size, 2) === at + 1 - start;
    this.changed = isAsWritten ? undefined : `[${parts.join(',')}]`;
    return at + 1;
  }

  private readObject(start: number, role: Role): number {
    // What Go escapes may stand in a key too.
    const open: OpenObject = { role, keys: [], values: [], isInOrder: !this.hasSpecials && role !== 'whole', size: 1 };
    let at = this.skipSpace(start + 1);
    while (this.text.charCodeAt(at) !== closeObject) at = this.afterValue(this.readMember(at, open), closeObject);
    const isAsWritten = open.isInOrder && Math.max(open.size, 2) === at + 1 - start;
    this.changed = isAsWritten ? undefined : this.rebuild(open);
    return at + 1;
  }

  private readMember(at: number, open: OpenObject): number {
    const { role, keys, values } = open;
    const keyEnd = this.skipString(at);
    const key = this.text.slice(at + 1, keyEnd - 1);
    const from = this.skipSpace(this.expect(this.skipSpace(keyEnd), colon));
    const end = this.readValue(from, role === 'whole' && key === 'metadata' ? 'metadata' : 'part');
    if (role === 'metadata') this.noteName(key, from, end);
    open.isInOrder &&= this.changed === undefined && isAfter(key, keys.at(-1)) && !this.mayEscape(key);
    open.size += keyEnd - at + end - from + 2;
    keys.push(key);
    values.push(this.changed ?? this.text.slice(from, end));
    return end;
  }

  /** Keys with escapes are put in order by what they say. */
  private mayEscape(key: string): boolean {
    return this.hasEscapes && key.includes('\\');
  }

  private noteName(key: string, from: number, end: number): void {
    if (this.text.charCodeAt(from) !== quote) return;
    if (key === 'name') this.name = textOf(this.text.slice(from, end));
    if (key === 'namespace') this.namespace = textOf(this.text.slice(from, end));
  }

  private rebuild({ keys, values, role }: OpenObject): string {
    // Of members of one name the last holds, as in every parser.
    const byRank = new Map<string, string>();
    for (const [index, key] of keys.entries())
      byRank.set(
        rankOf(key),
        `"${this.hasSpecials ? key.replace(specials, escapeSpecial) : key}":${values[index] ?? ''}`,
      );
    if (role === 'whole')
      for (const { key, value } of this.lacking) if (!byRank.has(key)) byRank.set(key, `"${key}":${value}`);
    const ranks = [...byRank.keys()].toSorted();
    return `{${ranks.map((rank) => byRank.get(rank)).join(',')}}`;
  }
}
