import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { type ListedFile, listCommand, parseFiles } from './list-files.ts';

const run = promisify(execFile);
const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'nowwhat-files-'));
  folders.push(made);
  return made;
}

async function all(files: AsyncIterable<ListedFile>): Promise<ListedFile[]> {
  const found: ListedFile[] = [];
  for await (const each of files) found.push(each);
  return found;
}

async function list(root: string, from = '.'): Promise<ListedFile[]> {
  const [program = '', ...args] = listCommand(from, root);
  const { stdout } = await run(program, args, { encoding: 'buffer', maxBuffer: 1 << 26 });
  const pieces = async function* (): AsyncGenerator<Buffer> {
    // In pieces of any size, as a network brings them.
    for (let at = 0; at < stdout.length; at += 7) yield await Promise.resolve(stdout.subarray(at, at + 7));
  };
  return all(parseFiles(pieces()));
}

function hash(content: string): string {
  return createHash('sha256').update(content).digest('hex');
}

describe('the list of files', () => {
  it('tells kind, mode, size, hash and target of each, sorted by the bytes of the path', async () => {
    const root = folder();
    mkdirSync(join(root, 'a'));
    mkdirSync(join(root, 'lost+found'));
    writeFileSync(join(root, 'a', 'x'), 'hello');
    chmodSync(join(root, 'a', 'x'), 0o4750);
    writeFileSync(join(root, 'a-b'), '');
    symlinkSync('a/x', join(root, 'link'));
    symlinkSync('nowhere', join(root, 'a', 'dangling'));
    const found = await list(root);
    expect(found.map(({ path, kind }) => [path.toString(), kind])).toEqual([
      ['.', 'directory'],
      ['./a', 'directory'],
      ['./a-b', 'file'],
      ['./a/dangling', 'link'],
      ['./a/x', 'file'],
      ['./link', 'link'],
    ]);
    expect(found[4]).toMatchObject({ mode: '4750', bytes: 5, sha256: hash('hello'), uid: process.getuid?.() });
    expect(found[5]?.target?.toString()).toBe('a/x');
    expect(Math.abs((found[4]?.changed ?? 0) - Date.now() / 1000)).toBeLessThan(60);
    expect(await list(root, './a/x')).toEqual([found[4]]);
  });

  it('keeps names that a program would write otherwise', async () => {
    const root = folder();
    const names = ['new\nline', 'back\\slash', ' spaces ', '-rf', '"quoted"', '$(touch gone)', 'ümlaut', '*'];
    for (const name of names) writeFileSync(join(root, name), name);
    const found = (await list(root)).slice(1);
    expect(new Map(found.map(({ path, sha256 }) => [path.toString().slice(2), sha256]))).toEqual(
      new Map(names.map((name) => [name, hash(name)])),
    );
  });

  it('goes over more files than one batch has', async () => {
    const root = folder();
    for (let at = 0; at < 450; at += 1) writeFileSync(join(root, `f${at}`), `${at % 3 === 0 ? '' : at}`);
    const found = await list(root);
    expect(found).toHaveLength(451);
    for (const { path, sha256, kind } of found) {
      const at = Number(path.toString().slice(3));
      if (kind === 'file') expect(sha256).toBe(hash(at % 3 === 0 ? '' : String(at)));
    }
  });

  it('is refused where it was cut off anywhere', async () => {
    const record = Buffer.from('81a4 0 0 1 5\0abc\0\0./a\0');
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: record.length - 1 }), async (end) => {
        const cut = async function* (): AsyncGenerator<Buffer> {
          yield await Promise.resolve(Buffer.concat([record, record.subarray(0, end)]));
        };
        await expect(all(parseFiles(cut()))).rejects.toThrow('cut off');
      }),
    );
  });
});
