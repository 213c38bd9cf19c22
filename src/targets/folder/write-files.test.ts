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
});
