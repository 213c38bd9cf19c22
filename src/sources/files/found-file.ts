// A file that the walk found: how it is shown, and where it is.

/** A file to look at. Nothing of its content is known yet. */
export interface FoundFile {
  /** As shown to the user: the given path, and what lies below it. `-` is standard input. */
  readonly file: string;
  /** Absolute, links resolved: two names of one file agree here. */
  readonly real: string;
  /** Given by name, not found below a folder: read whatever its extension. */
  readonly given: boolean;
}
