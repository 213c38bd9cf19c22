// How a JSON text is to be written otherwise than it stands, and the writing itself: whole stretches of bytes are copied, from each place to its new one.
// What is known of an object's thousands of places are numbers in a row: an object for each would be the most of the work.

const [comma, openObject, closeObject] = [44, 123, 125];

/** Buffers that are handed out are cut from larger ones: each of its own costs more than what is copied into it. */
const slabSize = 1 << 17;

/** Shorter stretches are copied byte by byte: the call would take longer. */
const shortStretch = 16;

/** Rows of four numbers, used again for each object. */
export class Tape {
  rows: Int32Array = new Int32Array(1 << 10);
  /** Numbers in use. */
  length = 0;

  add(a: number, b: number, c: number, d: number): void {
    const at = this.length;
    if (at + rowSize > this.rows.length) this.grow(at + rowSize);
    const { rows } = this;
    rows[at] = a;
    rows[at + 1] = b;
    rows[at + 2] = c;
    rows[at + 3] = d;
    this.length = at + rowSize;
  }

  /** Brings the rows from there on to the end of another one. */
  moveTo(other: Tape, from: number): void {
    const count = this.length - from;
    if (other.length + count > other.rows.length) other.grow(other.length + count);
    for (let at = 0; at < count; at += 1) other.rows[other.length + at] = this.rows[from + at] ?? 0;
    other.length += count;
    this.length = from;
  }

  private grow(least: number): void {
    const larger = new Int32Array(Math.max(least, 2 * this.rows.length));
    larger.set(this.rows.subarray(0, this.length));
    this.rows = larger;
  }
}

export const rowSize = 4;

/**
 * What is known of one object of a text.
 * An edit is a stretch that is written otherwise, from its start to before its end: as the replacement of a number from zero on, or, for -1 - N, as the object
 * whose members are rows of `members` from N to the last number of the edit.
 * A member goes from the quote before its key to the end of its value, and has edits within: rows of `inner` from a first to before a last one. Below zero, its
 * start tells which of the additions stands there.
 */
export class Edits {
  /** Of what is not within an object that is itself written otherwise. */
  readonly outer = new Tape();
  readonly inner = new Tape();
  readonly members = new Tape();

  clear(): void {
    this.outer.length = 0;
    this.inner.length = 0;
    this.members.length = 0;
  }
}

interface Parts {
  readonly text: Buffer;
  readonly additions: readonly Buffer[];
  readonly replacements: readonly Buffer[];
}

/** Writes one stretch of a text after the other, each into a buffer that is the caller's. */
export class EditedText {
  private readonly parts: Parts;
  private readonly edits: Edits;
  private slab: Buffer = Buffer.alloc(0);
  private used = 0;
  /** How far the stretch that is written stands in the slab behind its place in the text. */
  private shift = 0;

  constructor(parts: Parts, edits: Edits) {
    this.parts = parts;
    this.edits = edits;
  }

  /** What stands from `start` to `end`, edited; it is at most so much longer than it was. */
  render(start: number, end: number, growth: number): Buffer {
    this.open(start, end, growth);
    const from = this.used;
    const { outer } = this.edits;
    this.copy(this.writeEdits(outer, 0, outer.length, start), end);
    return this.slab.subarray(from, this.used);
  }

  /** Brings the stretch itself to the end of the slab: what is copied within one buffer takes a third of the time. */
  private open(start: number, end: number, growth: number): void {
    const { text } = this.parts;
    const room = 2 * (end - start) + growth;
    if (this.slab.length - this.used < room) {
      this.slab = Buffer.allocUnsafeSlow(Math.max(room, Math.min(slabSize, 2 * text.length)));
      this.used = 0;
    }
    const at = this.slab.length - (end - start);
    text.copy(this.slab, at, start, end);
    this.shift = at - start;
  }

  /** All from `start` on to the end of the last edit, which is the answer. */
  private writeEdits(tape: Tape, first: number, last: number, start: number): number {
    const { rows } = tape;
    let from = start;
    for (let at = first; at < last; at += rowSize) {
      const what = rows[at + 2] ?? 0;
      this.copy(from, rows[at] ?? 0);
      if (what < 0) this.writeObject(-1 - what, rows[at + 3] ?? 0);
      else this.put(this.parts.replacements[what]);
      from = rows[at + 1] ?? 0;
    }
    return from;
  }

  private writeObject(first: number, last: number): void {
    const { members, inner } = this.edits;
    const { rows } = members;
    this.putCode(openObject);
    for (let at = first; at < last; at += rowSize) {
      if (at > first) this.putCode(comma);
      const start = rows[at] ?? 0;
      if (start < 0) this.put(this.parts.additions[-1 - start]);
      else this.copy(this.writeEdits(inner, rows[at + 2] ?? 0, rows[at + 3] ?? 0, start), rows[at + 1] ?? 0);
    }
    this.putCode(closeObject);
  }

  private putCode(code: number): void {
    this.slab[this.used] = code;
    this.used += 1;
  }

  private put(bytes: Buffer | undefined): void {
    if (bytes !== undefined) for (let at = 0; at < bytes.length; at += 1) this.putCode(bytes[at] ?? 0);
  }

  private copy(start: number, end: number): void {
    const { slab, used } = this;
    const [from, to] = [start + this.shift, end + this.shift];
    if (to - from > shortStretch) slab.copyWithin(used, from, to);
    else for (let at = from; at < to; at += 1) slab[used + at - from] = slab[at] ?? 0;
    this.used = used + to - from;
  }
}
