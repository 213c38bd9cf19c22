import { chmodSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../test/programs/temporary-folder.ts';
import { findFiles } from './find-files.ts';

async function namesBelow(folder: string): Promise<string[]> {
  const { files } = await findFiles([folder]);
  return files.map(({ file }) => file.slice(folder.length + 1));
}

describe('finding files', () => {
  it('takes manifests and archives in one order, and leaves everything else', async () => {
    const folder = temporaryFolder({
      'b.yml': '',
      'a/z.json': '',
      'a.yaml': '',
      'main.go': '',
      'shop.tgz': '',
      'c.yaml.j2': '',
    });
    expect(await namesBelow(folder)).toEqual(['a/z.json', 'a.yaml', 'b.yml', 'c.yaml.j2', 'shop.tgz']);
  });

  it('does not enter .git and node_modules, and tells of other hidden folders', async () => {
    const folder = temporaryFolder({
      '.git/a.yaml': '',
      'node_modules/x/b.yaml': '',
      '.deploy/c.yaml': '',
      'd.yaml': '',
    });
    const { files, skipped } = await findFiles([folder]);
    expect(files.map(({ file }) => file)).toEqual([join(folder, 'd.yaml')]);
    expect(skipped).toEqual([{ file: join(folder, '.deploy'), what: 'hidden folder; give its path to read it' }]);
  });

  it('enters a hidden folder that is given', async () => {
    const folder = temporaryFolder({ '.deploy/c.yaml': '' });
    expect(await namesBelow(join(folder, '.deploy'))).toEqual(['c.yaml']);
  });

  it('reads a given file whatever its extension', async () => {
    const folder = temporaryFolder({ 'app.txt': 'a: 1' });
    const { files } = await findFiles([join(folder, 'app.txt')]);
    expect(files).toEqual([{ file: join(folder, 'app.txt'), real: join(folder, 'app.txt'), given: true }]);
  });

  it('finds each file once where inputs overlap', async () => {
    const folder = temporaryFolder({ 'a.yaml': '', 'sub/b.yaml': '' });
    const { files, skipped } = await findFiles([join(folder, 'sub'), folder, join(folder, 'a.yaml')]);
    expect(files.map(({ file }) => file)).toEqual([join(folder, 'sub/b.yaml'), join(folder, 'a.yaml')]);
    expect(skipped).toEqual([]);
  });

  it('follows links to files and folders outside', async () => {
    const folder = temporaryFolder({ 'app/a.yaml': '', 'shared/b.yaml': '', 'shared/sub/c.yaml': '' });
    symlinkSync('../shared/b.yaml', join(folder, 'app/linked.yaml'));
    symlinkSync('../shared/sub', join(folder, 'app/sub'));
    expect(await namesBelow(join(folder, 'app'))).toEqual(['a.yaml', 'linked.yaml', 'sub/c.yaml']);
  });

  it('reads what two names share once, under its real name', async () => {
    const folder = temporaryFolder({ 'real.yaml': '', 'zzz/a.yaml': '' });
    symlinkSync('real.yaml', join(folder, 'alias.yaml'));
    symlinkSync('zzz', join(folder, 'again'));
    const { files, skipped } = await findFiles([folder]);
    expect(files.map(({ file }) => file)).toEqual([join(folder, 'real.yaml'), join(folder, 'zzz/a.yaml')]);
    expect(skipped.map(({ what }) => what)).toEqual([
      `the same folder as ${folder}/zzz`,
      `the same file as ${folder}/real.yaml`,
    ]);
  });

  it('tells of links that lead back or to nothing, and reads the rest', async () => {
    const folder = temporaryFolder({ 'a.yaml': '', 'sub/b.yaml': '' });
    symlinkSync('..', join(folder, 'sub/up'));
    symlinkSync('self', join(folder, 'self'));
    symlinkSync('gone.yaml', join(folder, 'dangling.yaml'));
    symlinkSync('gone.txt', join(folder, 'unrelated.txt'));
    const { files, unreadable } = await findFiles([folder]);
    expect(files).toHaveLength(2);
    expect(unreadable.map(({ code, position }) => [code, position.file.slice(folder.length + 1)])).toEqual([
      ['path-unreadable', 'dangling.yaml'],
      ['symlink-loop', 'self'],
      ['symlink-loop', 'sub/up'],
    ]);
  });

  it('ends where two folders link to each other', async () => {
    const folder = temporaryFolder({ 'a/a.yaml': '', 'b/b.yaml': '' });
    symlinkSync('../b', join(folder, 'a/b'));
    symlinkSync('../a', join(folder, 'b/a'));
    expect(await namesBelow(folder)).toEqual(['a/a.yaml', 'b/b.yaml']);
    expect(await namesBelow(join(folder, 'a'))).toEqual(['a.yaml', 'b/b.yaml']);
  });

  it.skipIf(process.getuid?.() === 0)('tells of a folder that may not be read', async () => {
    const folder = temporaryFolder({ 'closed/a.yaml': '', 'b.yaml': '' });
    chmodSync(join(folder, 'closed'), 0);
    const { files, unreadable } = await findFiles([folder]);
    chmodSync(join(folder, 'closed'), 0o755);
    expect(files).toHaveLength(1);
    expect(unreadable[0]).toMatchObject({ code: 'path-unreadable', position: { file: join(folder, 'closed') } });
  });

  it('names what may have been meant by a path that is not there', async () => {
    const folder = temporaryFolder({ 'deployment.yaml': '' });
    const missing = findFiles([join(folder, 'deploymnet.yml')]);
    await expect(missing).rejects.toMatchObject({
      code: 'path-missing',
      advice: `Did you mean ${folder}/deployment.yaml?`,
    });
  });
});
