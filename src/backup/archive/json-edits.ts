// How a JSON text is to be written otherwise than it stands, and the writing itself: whole stretches of bytes are copied, from each place to its new one.

/** A stretch that is written otherwise; between edits the text is copied as it stands. */
export type Edit = Replacement | Reordering;

interface Stretch {
  readonly start: number;
  /** The position after it. */
  readonly end: number;
}

interface Replacement extends Stretch {
  readonly bytes: Buffer;
}

/** A whole object. */
interface Reordering extends Stretch {
  readonly members: MemberTable;
  /** All that is within it, in order. */
  readonly edits: readonly Edit[];
}

/**
 * Members of an object, four numbers for each: from the quote before the key to the end of the value, and which of the object's edits are within, from the
 * first to before the last. Below zero, the first tells which of the additions stands there. An object for each would be the most of the work.
 */
export type MemberTable = readonly number[];
export const memberSize = 4;

const [comma, openObject, closeObject] = [44, 123, 125];

/** Buffers that are handed out are cut from larger ones: each of its own costs more than what is copied into it. */
const slabSize = 1 << 17;

/** Shorter stretches are copied byte by byte: the call would take longer. */
const shortStretch = 16;

/** Writes one stretch of a text after the other, each into a buffer that is the caller's. */
export class EditedText {
  private readonly text: Buffer;
  private readonly additions: readonly Buffer[];
  private slab: Buffer = Buffer.alloc(0);
  private used = 0;
  /** How far the stretch that is written stands in the slab behind its place in the text. */
  private shift = 0;

  constructor(text: Buffer, additions: readonly Buffer[]) {
    this.text = text;
    this.additions = additions;
  }

  /** What stands from `start` to `end`, edited; it is at most so much longer than it was. */
  render({ start, end }: Stretch, edits: readonly Edit[], growth: number): Buffer {
    this.open(start, end, growth);
    const from = this.used;
    this.write([start, end, 0, edits.length], 0, edits);
    return this.slab.subarray(from, this.used);
  }

  /** Brings the stretch itself to the end of the slab: what is copied within one buffer takes a third of the time. */
  private open(start: number, end: number, growth: number): void {
    const room = 2 * (end - start) + growth;
    if (this.slab.length - this.used < room) {
      this.slab = Buffer.allocUnsafeSlow(Math.max(room, Math.min(slabSize, 2 * this.text.length)));
      this.used = 0;
    }
    const at = this.slab.length - (end - start);
    this.text.copy(this.slab, at, start, end);
    this.shift = at - start;
  }

  /** The stretch that stands at `at` of a table. */
  private write(table: MemberTable, at: number, edits: readonly Edit[]): void {
    let from = table[at] ?? 0;
    const last = table[at + 3] ?? 0;
    for (let index = table[at + 2] ?? 0; index < last; index += 1) {
      const edit = edits[index];
      if (edit === undefined) break;
      this.copy(from, edit.start);
      if ('bytes' in edit) this.put(edit.bytes);
      else this.writeObject(edit);
      from = edit.end;
    }
    this.copy(from, table[at + 1] ?? 0);
  }

  private writeObject({ members, edits }: Reordering): void {
    this.putCode(openObject);
    for (let at = 0; at < members.length; at += memberSize) {
      if (at > 0) this.putCode(comma);
      const start = members[at] ?? 0;
      const added = start < 0 ? this.additions[-1 - start] : undefined;
      if (added === undefined) this.write(members, at, edits);
      else this.put(added);
    }
    this.putCode(closeObject);
  }

  private putCode(code: number): void {
    this.slab[this.used] = code;
    this.used += 1;
  }

  private put(bytes: Buffer): void {
    for (const code of bytes) this.putCode(code);
  }

  private copy(start: number, end: number): void {
    const { slab, used } = this;
    const [from, to] = [start + this.shift, end + this.shift];
    if (to - from > shortStretch) slab.copyWithin(used, from, to);
    else for (let at = from; at < to; at += 1) slab[used + at - from] = slab[at] ?? 0;
    this.used = used + to - from;
  }
}
