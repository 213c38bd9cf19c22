import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  lchownSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../test/programs/temporary-folder.ts';
import { type ListedFile, listCommand, parseFiles } from '../volumes/list-files.ts';
import {
  beginCommand,
  endCommand,
  giveLinksCommand,
  isWholeCommand,
  linkOwnersCommand,
  packCommand,
  refusal,
  unpackCommand,
} from './pack-files.ts';

function run([program = '', ...args]: readonly string[], input?: Buffer) {
  return spawnSync(program, args, { input, maxBuffer: 1 << 26 });
}

async function filesIn(root: string): Promise<ListedFile[]> {
  const { stdout } = run(listCommand('.', root));
  const found: ListedFile[] = [];
  for await (const { changed: _changed, ...each } of parseFiles(
    (async function* () {
      yield await Promise.resolve(stdout);
    })(),
  ))
    found.push({ ...each, changed: 0 });
  return found;
}

/** Odd names, modes, links of both kinds, an empty folder and a large hole. */
function fill(root: string): void {
  mkdirSync(join(root, 'a', 'empty'), { recursive: true });
  for (const name of ['plain', ' spaced name', 'line\nbreak', '-dash', 'back\\slash', '.hidden'])
    writeFileSync(join(root, 'a', name), name);
  chmodSync(join(root, 'a', 'plain'), 0o4751);
  symlinkSync('../nowhere', join(root, 'a', 'dangling'));
  linkSync(join(root, 'a', 'plain'), join(root, 'a', 'hard'));
  writeFileSync(join(root, 'hole'), '');
  truncateSync(join(root, 'hole'), 3 << 20);
  chmodSync(root, 0o750);
}

describe('files of a volume', () => {
  it.each([false, true])('arrive as they left, with %s for a user of its own', async (asPod) => {
    const [from, to] = [temporaryFolder(), temporaryFolder()];
    fill(from);
    run(beginCommand(to));
    const { stdout, status } = run(packCommand(from));
    expect(status).toBe(0);
    const taken = run(unpackCommand(asPod, to), stdout);
    expect(taken.status, taken.stderr.toString()).toBe(0);
    run(endCommand(to));
    const inside = ({ path }: ListedFile): boolean => path.toString() !== '.';
    expect((await filesIn(to)).filter(inside)).toEqual((await filesIn(from)).filter(inside));
    expect((await filesIn(to))[0]?.mode).toBe(asPod ? '0700' : '0750');
  });

  it.runIf(process.getuid?.() === 0)('that are links get their owners, where tar does not give them', () => {
    const programs = temporaryFolder({ tar: '#!/bin/sh\necho busybox\n' });
    chmodSync(join(programs, 'tar'), 0o755);
    const env = { ...process.env, PATH: `${programs}:${process.env['PATH'] ?? ''}` };
    const [from, to] = [temporaryFolder(), temporaryFolder()];
    for (const root of [from, to]) {
      mkdirSync(join(root, 'odd\n name'));
      symlinkSync('nowhere', join(root, 'odd\n name', '-link'));
    }
    lchownSync(join(from, 'odd\n name', '-link'), 33, 44);
    const [program = '', ...args] = linkOwnersCommand(from);
    const owners = spawnSync(program, args, { env }).stdout;
    expect(run(giveLinksCommand(to), owners).status).toBe(0);
    const { uid, gid } = lstatSync(join(to, 'odd\n name', '-link'));
    expect([uid, gid]).toEqual([33, 44]);
    expect(run(giveLinksCommand(to), Buffer.alloc(0)).status).toBe(0);
  });

  it('are wiped where an earlier try broke off, and the marker tells until all is there', () => {
    const to = temporaryFolder();
    mkdirSync(join(to, 'lost+found'));
    for (const name of ['left', '.left', '..left']) writeFileSync(join(to, name), 'x');
    expect(run(isWholeCommand(to)).stdout.toString()).toBe('whole\n');
    run(beginCommand(to));
    expect(readdirSync(to)).toEqual(['.nowwhat-unfinished', 'lost+found']);
    expect(run(isWholeCommand(to)).stdout.toString()).toBe('unfinished\n');
    run(endCommand(to));
    expect(run(isWholeCommand(to)).stdout.toString()).toBe('whole\n');
  });

  it('are refused aloud where the archive was cut off, and the rest of it is read away', () => {
    const [from, to] = [temporaryFolder(), temporaryFolder()];
    writeFileSync(join(from, 'file'), Buffer.alloc(100_000, 1));
    const { stdout } = run(packCommand(from));
    const taken = run(unpackCommand(false, to), stdout.subarray(0, 5000));
    expect(taken.status).not.toBe(0);
    expect(taken.stderr.toString()).toContain(refusal);
    expect(run(packCommand(join(from, 'none'))).status).toBe(3);
  });

  it.each([
    [1, 0],
    [2, 2],
  ])('that changed or went away meanwhile are no failure, and others are: tar says %i', (said, told) => {
    const programs = temporaryFolder({ tar: `#!/bin/sh\nexit ${said}\n` });
    chmodSync(join(programs, 'tar'), 0o755);
    const [program = '', ...args] = packCommand(temporaryFolder());
    const env = { ...process.env, PATH: `${programs}:${process.env['PATH'] ?? ''}` };
    expect(spawnSync(program, args, { env }).status).toBe(told);
  });
});
