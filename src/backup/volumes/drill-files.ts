// In a drill: every file that came back is held against the backup, and one is spoilt on purpose, which must be found.

import { createReadStream } from 'node:fs';
import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createGunzip } from 'node:zlib';
import { UserError } from '../../model/index.ts';
import type { Store } from '../store/store.ts';
import { compareFiles, type FilesCompared } from './compare-files.ts';
import { parseFilesLine, type SavedFile } from './files-manifest.ts';
import { dataPath } from './helper-pod.ts';
import { listCommand, parseFiles } from './list-files.ts';
import type { Helper } from './run-helper.ts';
import type { VolumeRecord } from './velero-records.ts';

export interface FilesDrilled {
  /** Whose files were compared. */
  readonly volumes: number;
  /** Of these, directories of nodes. */
  readonly directories: number;
  readonly compared: number;
  readonly moving: number;
  /** With the claim before each. */
  readonly differences: readonly string[];
  /** Nothing where there was no file. */
  readonly control: { readonly what: string; readonly found: boolean } | undefined;
}

export async function* linesOf(chunks: AsyncIterable<unknown>): AsyncGenerator<string> {
  let rest = '';
  const decoder = new TextDecoder();
  for await (const chunk of chunks) {
    const lines = (rest + decoder.decode(chunk as Buffer, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '') yield rest;
}

async function* filesIn(file: string): AsyncGenerator<SavedFile> {
  for await (const line of linesOf(createReadStream(file))) {
    const parsed = parseFilesLine(line);
    if (parsed !== undefined && 'file' in parsed) yield parsed.file;
  }
}

/** What is saved of a claim is saved once, whichever pod it was read beside. */
function keyOf({ namespace, pod, name, claim }: Pick<VolumeRecord, 'namespace' | 'pod' | 'name' | 'claim'>): string {
  return claim === undefined ? `${namespace}/${pod}/${name}` : `${namespace} ${claim}`;
}

function damaged(key: string): UserError {
  return new UserError('invalid-backup', `${key} is not as it was written`, 'Use another backup.');
}

/** Takes the list of files apart into one file a volume. Empty where the backup has none: Velero notes no hashes. */
export async function splitFiles(store: Store, key: string, folder: string): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  if ((await store.size(key)) === undefined) return found;
  let [file, batch, isWhole] = ['', '', false];
  const write = async (): Promise<void> => {
    if (batch !== '') await appendFile(file, batch, { mode: 0o600 });
    batch = '';
  };
  for await (const line of linesOf((await store.read(key)).pipe(createGunzip()))) {
    const parsed = parseFilesLine(line);
    if (parsed === undefined) throw damaged(key);
    if ('volume' in parsed) {
      await write();
      file = join(folder, `drill-${found.size}.jsonl`);
      found.set(keyOf({ claim: undefined, ...parsed.volume }), file);
    }
    if ('file' in parsed) batch += `${line}\n`;
    if (batch.length > 1 << 20) await write();
    isWhole = 'end' in parsed;
  }
  await write();
  if (!isWhole) throw damaged(key);
  return found;
}

/** Some file that can be told from a spoilt one. */
async function chooseControl(file: string): Promise<SavedFile | undefined> {
  for await (const each of filesIn(file)) if (each.sha256 !== undefined && !each.moving) return each;
  return undefined;
}

async function* only(file: SavedFile): AsyncGenerator<SavedFile> {
  yield await Promise.resolve(file);
}

/** Runs in the helper of each volume, when its files are back and nothing has changed them yet. */
export class FilesDrill {
  private readonly files: ReadonlyMap<string, string>;
  private readonly results: FilesCompared[] = [];
  private readonly differences: string[] = [];
  private directories = 0;
  private control: FilesDrilled['control'];
  private isTrying = false;

  constructor(files: ReadonlyMap<string, string>) {
    this.files = files;
  }

  async look(helper: Helper, record: VolumeRecord): Promise<void> {
    const file = this.files.get(keyOf(record));
    if (file === undefined) return;
    const result = await compareFiles(filesIn(file), parseFiles(helper.stream(listCommand())));
    this.results.push(result);
    if (record.hostPath !== undefined) this.directories += 1;
    const title = record.hostPath ?? `${record.namespace}/${record.claim ?? record.name}`;
    this.differences.push(...result.differences.map((each) => `${title}: ${each}`));
    if (this.isTrying) return;
    this.isTrying = true;
    this.control = await this.tryControl(helper, file, title);
    // The next volume may have a file where this one had none.
    this.isTrying = this.control !== undefined;
  }

  /** One byte more at the end of a file, and the file again as it was. */
  private async tryControl(helper: Helper, file: string, title: string): Promise<FilesDrilled['control']> {
    const chosen = await chooseControl(file);
    if (chosen === undefined) return undefined;
    const path = chosen.path.toString('utf8');
    const place = `${dataPath}/${path}`;
    await helper.must(['sh', '-c', 'printf x >> "$1"', 'spoil', place]);
    const { differences } = await compareFiles(only(chosen), parseFiles(helper.stream(listCommand(path))));
    await helper.must(['truncate', '-s', String(chosen.bytes ?? 0), place]);
    return { what: `a byte was added to ${path} of ${title}`, found: differences.length > 0 };
  }

  report(): FilesDrilled {
    const sum = (key: 'compared' | 'moving'): number => this.results.reduce((total, each) => total + each[key], 0);
    return {
      volumes: this.results.length,
      directories: this.directories,
      compared: sum('compared'),
      moving: sum('moving'),
      differences: this.differences,
      control: this.control,
    };
  }
}
