// Many names that are wanted again only at the end, or not at all: as bytes, in a third of the memory that texts in a list take.

/** Characters that are gathered before they become bytes. */
const pieceLength = 1 << 15;

/** Keeps names in their order, repeated ones too. A name has no line break: none of Kubernetes' does. */
export class PackedNames {
  private readonly pieces: Buffer[] = [];
  private gathered: string[] = [];
  private length = 0;

  add(name: string): void {
    this.gathered.push(name);
    this.length += name.length;
    if (this.length < pieceLength) return;
    this.pieces.push(Buffer.from(this.gathered.join('\n'), 'utf8'));
    this.gathered = [];
    this.length = 0;
  }

  *[Symbol.iterator](): Generator<string> {
    for (const piece of this.pieces) yield* piece.toString('utf8').split('\n');
    yield* this.gathered;
  }
}
