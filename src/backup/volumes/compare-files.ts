// Holds the files of a volume that came back against what the backup says of each: pure.

import type { SavedFile } from './files-manifest.ts';
import type { ListedFile } from './list-files.ts';

export interface FilesCompared {
  readonly compared: number;
  /** Changed while they were saved: nobody knows which state was. */
  readonly moving: number;
  /** `./wp-config.php has another content`; at most so many as somebody reads. */
  readonly differences: readonly string[];
}

const mostDifferences = 100;

function contentDifference(saved: SavedFile, live: ListedFile): string | undefined {
  if (saved.sha256 !== undefined && live.sha256 === undefined) return 'cannot be read';
  return saved.bytes === live.bytes && saved.sha256 === live.sha256 ? undefined : 'has another content';
}

/** What a saved file and the one that came back do not have in common. */
function differenceOf(saved: SavedFile, live: ListedFile): string | undefined {
  if (saved.kind !== live.kind) return `is a ${live.kind}, and was a ${saved.kind}`;
  if (saved.uid !== live.uid || saved.gid !== live.gid)
    return `belongs to ${live.uid}:${live.gid}, and belonged to ${saved.uid}:${saved.gid}`;
  if (saved.kind === 'link') return targetsEqual(saved, live) ? undefined : 'leads elsewhere';
  if (saved.mode !== live.mode) return `has the mode ${live.mode}, and had ${saved.mode}`;
  return contentDifference(saved, live);
}

function targetsEqual({ target: a }: SavedFile, { target: b }: ListedFile): boolean {
  return a !== undefined && b !== undefined && a.equals(b);
}

function parentOf(path: Buffer): string {
  const at = path.lastIndexOf('/');
  return path.subarray(0, Math.max(at, 0)).toString('latin1');
}

class Comparing {
  compared = 0;
  moving = 0;
  readonly differences: string[] = [];
  private readonly movingFolders = new Set<string>();

  note(path: Buffer, what: string): void {
    if (this.differences.length < mostDifferences) this.differences.push(`${path.toString('utf8')} ${what}`);
  }

  saw(saved: SavedFile): void {
    if (!saved.moving) return;
    this.moving += 1;
    if (saved.kind === 'directory') this.movingFolders.add(saved.path.toString('latin1'));
  }

  step(saved: SavedFile | undefined, live: ListedFile | undefined): void {
    if (saved !== undefined && live !== undefined) this.pair(saved, live);
    else if (saved !== undefined) this.missing(saved);
    else if (live !== undefined) this.extra(live);
  }

  private pair(saved: SavedFile, live: ListedFile): void {
    this.compared += 1;
    const what = saved.moving ? undefined : differenceOf(saved, live);
    if (what !== undefined) this.note(saved.path, what);
  }

  private missing(saved: SavedFile): void {
    if (!saved.moving) this.note(saved.path, 'is missing');
  }

  /** A folder that changed meanwhile may have lost a file that was saved before. */
  private extra({ path }: ListedFile): void {
    if (!this.movingFolders.has(parentOf(path))) this.note(path, 'was not there');
  }
}

/** Sockets and pipes are not saved; the root belongs to the volume. */
function isCompared({ path, kind }: Pick<SavedFile, 'path' | 'kind'>): boolean {
  return kind !== 'other' && path.length > 1;
}

type Iterator<T> = AsyncIterator<T, unknown, undefined>;

async function nextOf<T extends SavedFile | ListedFile>(
  files: Iterator<T>,
  saw: (file: T) => void,
): Promise<T | undefined> {
  for (;;) {
    const { done, value } = await files.next();
    if (done === true) return undefined;
    saw(value);
    if (isCompared(value)) return value;
  }
}

/** Which of two comes first; one that has ended comes last. */
function orderOf(a: SavedFile | undefined, b: ListedFile | undefined): number {
  if (a === undefined) return 1;
  return b === undefined ? -1 : Buffer.compare(a.path, b.path);
}

/** Both in the order of the paths' bytes; of either only one file is kept. */
export async function compareFiles(
  saved: AsyncIterable<SavedFile>,
  live: AsyncIterable<ListedFile>,
): Promise<FilesCompared> {
  const comparing = new Comparing();
  const [before, after] = [saved[Symbol.asyncIterator](), live[Symbol.asyncIterator]()];
  const nextSaved = () => nextOf(before, (file) => comparing.saw(file));
  const nextLive = () => nextOf(after, () => undefined);
  let [a, b] = [await nextSaved(), await nextLive()];
  while (a !== undefined || b !== undefined) {
    const order = orderOf(a, b);
    comparing.step(order <= 0 ? a : undefined, order >= 0 ? b : undefined);
    if (order <= 0) a = await nextSaved();
    if (order >= 0) b = await nextLive();
  }
  const { compared, moving, differences } = comparing;
  return { compared, moving, differences };
}
