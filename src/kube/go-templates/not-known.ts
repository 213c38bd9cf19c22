// What a Go template asks for and is not known here: nothing is guessed, and the reason is told.

/** Never leaves the rendering of a template. */
export class NotKnown extends Error {
  constructor(what: string) {
    super(what);
    this.name = 'NotKnown';
  }
}
