// Texts of a unit under edit: what has changed so far, by file.

/** One file as it would be. */
export interface DraftFile {
  readonly file: string;
  /** Left out for a new file. */
  readonly before?: string;
  readonly after: string;
  /** A new file that is a program. */
  readonly executable?: true;
}

export class FileDrafts {
  private readonly drafts = new Map<string, DraftFile>();

  constructor(files: Iterable<DraftFile> = []) {
    for (const each of files) this.drafts.set(each.file, each);
  }

  copy(): FileDrafts {
    return new FileDrafts(this.drafts.values());
  }

  /** Takes over what a copy has become. */
  become(other: FileDrafts): void {
    for (const [file, draft] of other.drafts) this.drafts.set(file, draft);
  }

  /** The text as it is by now; `original` where nothing was changed. */
  textOf(file: string, original: string): string {
    return this.drafts.get(file)?.after ?? original;
  }

  has(file: string): boolean {
    return this.drafts.has(file);
  }

  /** True for a file that was not there. */
  isNew(file: string): boolean {
    const draft = this.drafts.get(file);
    return draft !== undefined && draft.before === undefined;
  }

  change(file: string, original: string, after: string): void {
    const before = this.drafts.has(file) ? this.drafts.get(file)?.before : original;
    this.drafts.set(file, { ...this.drafts.get(file), file, after, ...(before === undefined ? {} : { before }) });
  }

  /** Changes a file, or makes it where there is no text of it yet. */
  put(file: string, original: string | undefined, after: string): void {
    if (original === undefined) this.create(file, after);
    else this.change(file, original, after);
  }

  create(file: string, after: string, mode: Pick<DraftFile, 'executable'> = {}): void {
    this.drafts.set(file, { file, after, ...mode });
  }

  /** Those that differ from what is there. */
  changed(): DraftFile[] {
    return [...this.drafts.values()].filter(({ before, after }) => before !== after);
  }
}
