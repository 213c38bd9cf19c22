import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeFiles } from './write-files.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nowwhat-'));
});
afterEach(() => rm(folder, { recursive: true }));

const read = (name: string) => readFile(join(folder, name), 'utf8');

describe('edited files', () => {
  it('are written with the mode and the byte order mark that they had', async () => {
    await writeFile(join(folder, 'a.yaml'), 'a: 1\n');
    await writeFile(join(folder, 'b.yaml'), '\ufeffb: 1\n');
    await chmod(join(folder, 'a.yaml'), 0o640);
    await writeFiles([
      { file: join(folder, 'a.yaml'), before: 'a: 1\n', after: 'a: 2\n' },
      { file: join(folder, 'b.yaml'), before: 'b: 1\n', after: 'b: 2\n' },
    ]);
    expect([await read('a.yaml'), await read('b.yaml')]).toEqual(['a: 2\n', '\ufeffb: 2\n']);
    expect((await stat(join(folder, 'a.yaml'))).mode & 0o777).toBe(0o640);
  });

  it('are all left alone where one has changed since it was read', async () => {
    await writeFile(join(folder, 'a.yaml'), 'a: 1\n');
    await writeFile(join(folder, 'b.yaml'), 'b: other\n');
    const changes = [
      { file: join(folder, 'a.yaml'), before: 'a: 1\n', after: 'a: 2\n' },
      { file: join(folder, 'b.yaml'), before: 'b: 1\n', after: 'b: 2\n' },
    ];
    await expect(writeFiles(changes)).rejects.toMatchObject({ code: 'file-changed' });
    expect(await readdir(folder)).toEqual(['a.yaml', 'b.yaml']);
    expect(await read('a.yaml')).toBe('a: 1\n');
  });

  it('leave nothing behind where one is gone', async () => {
    await writeFile(join(folder, 'a.yaml'), 'a: 1\n');
    const changes = [
      { file: join(folder, 'a.yaml'), before: 'a: 1\n', after: 'a: 2\n' },
      { file: join(folder, 'gone.yaml'), before: '', after: 'x' },
    ];
    await expect(writeFiles(changes)).rejects.toMatchObject({ code: 'output-failed' });
    expect(await readdir(folder)).toEqual(['a.yaml']);
    expect(await read('a.yaml')).toBe('a: 1\n');
  });

  it('are new where they were to be, in a folder of their own too', async () => {
    await writeFile(join(folder, 'a.yaml'), 'a: 1\n');
    await writeFiles([
      { file: join(folder, 'a.yaml'), before: 'a: 1\n', after: 'a: 2\n' },
      { file: join(folder, 'more/deep/b.yaml'), after: 'b: 1\n' },
      { file: join(folder, 'run.sh'), after: '#!/bin/sh\n', mode: 0o755 },
    ]);
    expect([await read('a.yaml'), await read('more/deep/b.yaml')]).toEqual(['a: 2\n', 'b: 1\n']);
    expect((await stat(join(folder, 'run.sh'))).mode & 0o777).toBe(0o755);
    expect((await readdir(folder)).sort()).toEqual(['a.yaml', 'more', 'run.sh']);
  });

  it('never go over another, and leave no folder behind then', async () => {
    await writeFile(join(folder, 'z.yaml'), 'mine\n');
    const changes = [
      { file: join(folder, 'more/b.yaml'), after: 'b: 1\n' },
      { file: join(folder, 'z.yaml'), after: 'z: 1\n' },
    ];
    await expect(writeFiles(changes)).rejects.toMatchObject({ code: 'file-changed' });
    expect(await readdir(folder)).toEqual(['z.yaml']);
    expect(await read('z.yaml')).toBe('mine\n');
  });

  it('are taken back where a later one turns out to be there', async () => {
    await writeFile(join(folder, 'a.yaml'), 'a: 1\n');
    // Twice the same new file: the second finds the first.
    const changes = [
      { file: join(folder, 'a.yaml'), before: 'a: 1\n', after: 'a: 2\n' },
      { file: join(folder, 'b.yaml'), after: 'b: 1\n' },
      { file: join(folder, './b.yaml'), after: 'b: 2\n' },
    ];
    await expect(writeFiles(changes)).rejects.toMatchObject({ code: 'output-failed' });
    expect(await readdir(folder)).toEqual(['a.yaml']);
    expect(await read('a.yaml')).toBe('a: 1\n');
  });
});
