import { chmod, mkdir, mkdtemp, readdir, readFile, realpath, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PlanAction } from '../../model/index.ts';
import { openFolder, sha256 } from './folder-site.ts';

let folder: string;
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'nowwhat-')));
});
afterEach(() => rm(folder, { recursive: true }));

const perform = (action: PlanAction) => openFolder(folder).perform(action, undefined);
const isProgram = async (file: string) => ((await stat(join(folder, file))).mode & 0o111) !== 0;
const script = '#!/bin/sh\n';

describe('a plan in a folder', () => {
  it('writes a program as one, and another file as none', async () => {
    await perform({ kind: 'write-file', file: 'run.sh', content: script, executable: true });
    await perform({ kind: 'write-file', file: 'a.yaml', content: 'a: 1\n' });
    expect([await isProgram('run.sh'), await isProgram('a.yaml')]).toEqual([true, false]);
  });

  it('puts a program that it has removed back as one', async () => {
    await writeFile(join(folder, 'run.sh'), script);
    await chmod(join(folder, 'run.sh'), 0o755);
    const { inverse } = await perform({ kind: 'remove-file', file: 'run.sh', before: sha256(script) });
    expect(await readdir(folder)).toEqual([]);
    await perform(inverse as PlanAction);
    expect([await readFile(join(folder, 'run.sh'), 'utf8'), await isProgram('run.sh')]).toEqual([script, true]);
  });

  it('takes a new folder back with its last file, and never one that holds something else', async () => {
    const made = [
      await perform({ kind: 'write-file', file: 'new/a.yaml', content: 'a: 1\n' }),
      await perform({ kind: 'write-file', file: 'new/b.yaml', content: 'b: 1\n' }),
    ];
    await mkdir(join(folder, 'old'));
    await writeFile(join(folder, 'old/mine.yaml'), 'mine\n');
    made.push(await perform({ kind: 'write-file', file: 'old/c.yaml', content: 'c: 1\n' }));
    for (const { inverse } of made) await perform(inverse as PlanAction);
    expect(await readdir(folder)).toEqual(['old']);
    expect(await readdir(join(folder, 'old'))).toEqual(['mine.yaml']);
  });
});
