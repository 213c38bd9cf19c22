// Steps of a plan in a folder: files are written, edited and removed one by one, each whole or not at all.

import { createHash } from 'node:crypto';
import { chmod, mkdir, readFile, realpath, rename, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, sep } from 'node:path';
import {
  applyLineChanges,
  type FileAction,
  type Inverse,
  invertLineChanges,
  type PlanAction,
  type PlanInput,
  UserError,
} from '../../model/index.ts';
import { type Performed, type Site, tellChange } from '../site.ts';

type FileInput = PlanInput & { readonly kind: 'file' };

const byteOrderMark = '\ufeff';

export function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}

function cannot(file: string, cause: unknown): UserError {
  return new UserError(
    'output-failed',
    `${file} cannot be written`,
    'See who may write it, and the folder it is in.',
    cause,
  );
}

class FolderSite implements Site {
  private readonly root: string;

  constructor(root: string) {
    this.root = root;
  }

  readonly readInput = async (input: PlanInput): Promise<FileInput> => {
    if (input.kind !== 'file') throw new Error('a folder holds no objects');
    const bytes = await this.readBytes(input.file);
    return { kind: 'file', file: input.file, ...(bytes === undefined ? {} : { sha256: sha256(bytes) }) };
  };

  readonly findObstacles = async (action: PlanAction): Promise<readonly string[]> => {
    const wanted = inputOf(action as FileAction);
    const change = tellChange(wanted, await this.readInput(wanted));
    return change === undefined ? [] : [change];
  };

  readonly perform = async (planned: PlanAction): Promise<Performed> => {
    const action = planned as FileAction;
    const [obstacle] = await this.findObstacles(action);
    if (obstacle !== undefined)
      throw new UserError('plan-changed', obstacle, 'Make the plan anew, or put the file back as it was.');
    const inverse = await this.invert(action);
    try {
      await this.change(action);
    } catch (error) {
      throw error instanceof UserError ? error : cannot(action.file, error);
    }
    return { inverse, left: await this.readInput(inputOf(action)) };
  };

  /** Where the file really is, or will be. A link may not lead out of the folder. */
  private async place(file: string): Promise<string> {
    const path = join(this.root, file);
    const real = await realPlace(path);
    if (real.startsWith(`${await realpath(this.root)}${sep}`)) return real;
    throw new UserError('plan-changed', `${file} leads out of the folder`, 'A plan changes only files inside of it.');
  }

  private async readBytes(file: string): Promise<Uint8Array | undefined> {
    try {
      return await readFile(join(this.root, file));
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw new UserError('path-unreadable', `${file} cannot be read`, 'See who may read it.', error);
    }
  }

  private async invert(action: FileAction): Promise<Inverse> {
    const { file } = action;
    if (action.kind === 'write-file') return { kind: 'remove-file', file, before: sha256(action.content) };
    if (action.kind === 'remove-file') {
      const content = new TextDecoder().decode(await this.readBytes(file));
      const isProgram = ((await stat(join(this.root, file))).mode & 0o111) !== 0;
      return { kind: 'write-file', file, content, ...(isProgram ? { executable: true } : {}) };
    }
    const { before, after, changes } = action;
    return { kind: 'edit-file', file, before: after, after: before, changes: invertLineChanges(changes) };
  }

  private async change(action: FileAction): Promise<void> {
    const path = await this.place(action.file);
    if (action.kind === 'remove-file') return await removeFile(path, this.root);
    if (action.kind === 'edit-file') return await replaceFile(path, await this.edited(action), (await stat(path)).mode);
    await mkdir(dirname(path), { recursive: true });
    return await replaceFile(path, action.content, action.executable === true ? 0o755 : undefined);
  }

  private async edited({ file, changes, after }: FileAction & { readonly kind: 'edit-file' }): Promise<string> {
    const bytes = (await this.readBytes(file)) ?? new Uint8Array();
    const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
    const mark = text.startsWith(byteOrderMark) ? byteOrderMark : '';
    const edited = applyLineChanges(text.slice(mark.length), changes);
    if (edited !== undefined && sha256(mark + edited) === after) return mark + edited;
    throw new UserError(
      'invalid-plan',
      `the changes of ${file} do not lead to the file that the plan tells`,
      'Make the plan anew.',
    );
  }
}

/** The path without links; of what is not there yet the folder that it will be in. */
async function realPlace(path: string): Promise<string> {
  const real = await realpath(path).catch(() => undefined);
  return real ?? join(await realPlace(dirname(path)), basename(path));
}

/** How the file must be for the action. */
function inputOf(action: FileAction): FileInput {
  const { kind, file } = action;
  return kind === 'write-file' ? { kind: 'file', file } : { kind: 'file', file, sha256: action.before };
}

/** A folder that was made for the file goes with it. */
async function removeFile(path: string, root: string): Promise<void> {
  await rm(path);
  const folder = dirname(path);
  if (folder !== (await realpath(root))) await rmdir(folder).catch(() => undefined);
}

async function replaceFile(path: string, content: string, mode: number | undefined): Promise<void> {
  const aside = `${path}.part-${process.pid}`;
  try {
    await writeFile(aside, content);
    if (mode !== undefined) await chmod(aside, mode);
    await rename(aside, path);
  } catch (error) {
    await rm(aside, { force: true });
    throw error;
  }
}

/** Paths of steps are below `root`, and stay there. */
export function openFolder(root: string): Site {
  return new FolderSite(root);
}
