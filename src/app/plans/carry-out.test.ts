import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  applyLineChanges,
  invertLineChanges,
  type Journal,
  type Plan,
  type PlanAction,
  type PlanStep,
} from '../../model/index.ts';
import { openFolder, sha256 } from '../../targets/index.ts';
import { carryOut, type Doing, takeBack } from './carry-out.ts';
import { diffLines } from './plan-folder.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nowwhat-'));
});
afterEach(() => rm(folder, { recursive: true }));

const write = (name: string, text: string) => writeFile(join(folder, name), text);
const read = (name: string) => readFile(join(folder, name), 'utf8');

function step(id: string, action: PlanAction, inverse: PlanStep['inverse']): PlanStep {
  return { id, title: `Step ${id}`, reason: '', closes: [], owner: 'developer', action, inverse, after: [] };
}

function edit(file: string, before: string, after: string): PlanStep {
  const changes = diffLines(before, after);
  const [was, is] = [sha256(before), sha256(after)];
  return step(
    file.replaceAll('.', '-'),
    { kind: 'edit-file', file, before: was, after: is, changes },
    { kind: 'edit-file', file, before: is, after: was, changes: invertLineChanges(changes) },
  );
}

function create(file: string, content: string): PlanStep {
  const inverse = { kind: 'remove-file', file, before: sha256(content) } as const;
  return step(file.replaceAll(/\W/g, '-'), { kind: 'write-file', file, content }, inverse);
}

function planOf(...steps: PlanStep[]): Plan {
  return {
    schema: 'nowwhat.dev/plan/v1',
    title: 'Test',
    command: '',
    version: '0',
    made: '2026-11-29T12:00:00Z',
    target: { kind: 'folder' },
    inputs: steps.map(({ action }) => {
      if (action.kind === 'edit-file') return { kind: 'file', file: action.file, sha256: action.before };
      return { kind: 'file', file: 'file' in action ? action.file : '' };
    }),
    steps,
    left: [],
  };
}

class Killed extends Error {}

/** Runs that remember what is on the disk, and are killed at the n-th note. */
function runner(plan: Plan) {
  const disk: { journal?: Journal } = {};
  const doing = (killAt = Infinity, more: Partial<Doing> = {}): Doing => {
    let notes = 0;
    return {
      site: openFolder(folder),
      plan,
      note: async (journal) => {
        notes += 1;
        if (notes > killAt) throw new Killed();
        disk.journal = journal;
      },
      now: () => '2026-11-29T12:00:00Z',
      tell: () => undefined,
      settle: async () => undefined,
      keep: false,
      ...more,
    };
  };
  return { disk, doing };
}

const three = () =>
  planOf(edit('a.yaml', 'a: 1\n', 'a: 2\n'), create('new/b.yaml', 'b: 1\n'), edit('c.yaml', 'c\n', 'd\n'));
const before = async () => {
  await write('a.yaml', 'a: 1\n');
  await write('c.yaml', 'c\n');
};

describe('a plan in a folder', () => {
  it('is carried out, and taken back to the last byte', async () => {
    await before();
    const { disk, doing } = runner(three());
    expect((await carryOut(doing(), undefined)).state).toBe('applied');
    expect([await read('a.yaml'), await read('new/b.yaml'), await read('c.yaml')]).toEqual(['a: 2\n', 'b: 1\n', 'd\n']);
    expect((await takeBack(doing(), disk.journal as Journal)).state).toBe('undone');
    expect([await read('a.yaml'), await read('c.yaml'), await readdir(folder)]).toEqual([
      'a: 1\n',
      'c\n',
      ['a.yaml', 'c.yaml'],
    ]);
  });

  it('is refused as a whole where one of its files has changed', async () => {
    await before();
    await write('c.yaml', 'other\n');
    const { doing } = runner(three());
    await expect(carryOut(doing(), undefined)).rejects.toMatchObject({
      code: 'plan-changed',
      message: 'c.yaml has changed',
    });
    expect(await read('a.yaml')).toBe('a: 1\n');
  });

  it('is taken back where a step fails', async () => {
    await before();
    const plan = three();
    const { doing } = runner(plan);
    const site = openFolder(folder);
    const perform: typeof site.perform = async (action, input) => {
      if ('file' in action && action.file === 'c.yaml') await write('c.yaml', 'meanwhile\n');
      return await site.perform(action, input);
    };
    const outcome = await carryOut(doing(Infinity, { site: { ...site, perform } }), undefined);
    expect(outcome).toMatchObject({ state: 'undone', trouble: expect.stringContaining('c.yaml has changed') });
    expect([await read('a.yaml'), await read('c.yaml'), await readdir(folder)]).toEqual([
      'a: 1\n',
      'meanwhile\n',
      ['a.yaml', 'c.yaml'],
    ]);
  });

  it('is taken back where things do not become well', async () => {
    await before();
    const { doing } = runner(three());
    const settle: Doing['settle'] = async (_steps, after) => (after === 'all' ? 'pods are not ready' : undefined);
    const outcome = await carryOut(doing(Infinity, { settle }), undefined);
    expect(outcome).toMatchObject({ state: 'undone', trouble: expect.stringContaining('pods are not ready') });
    expect(await read('a.yaml')).toBe('a: 1\n');
  });

  it('is not taken back where somebody has gone on from it', async () => {
    await before();
    const { disk, doing } = runner(three());
    await carryOut(doing(), undefined);
    await write('a.yaml', 'a: 3\n');
    await expect(takeBack(doing(), disk.journal as Journal)).rejects.toMatchObject({
      code: 'plan-changed',
      message: 'a.yaml has changed',
    });
    expect(await read('c.yaml')).toBe('d\n');
  });

  it.each([1, 2, 3, 4, 5, 6, 7])('that was killed at its note %i can go on, and can go back', async (killAt) => {
    for (const way of ['on', 'back'] as const) {
      await before();
      const { disk, doing } = runner(three());
      await expect(carryOut(doing(killAt), undefined)).rejects.toThrow(Killed);
      const journal = disk.journal as Journal;
      if (way === 'on') {
        expect((await carryOut(doing(), journal)).state).toBe('applied');
        expect([await read('a.yaml'), await read('new/b.yaml'), await read('c.yaml')]).toEqual([
          'a: 2\n',
          'b: 1\n',
          'd\n',
        ]);
      } else {
        // And killed again on the way back.
        await takeBack(doing(1), journal).catch((error: unknown) => expect(error).toBeInstanceOf(Killed));
        expect((await takeBack(doing(), disk.journal as Journal)).state).toBe('undone');
        expect([await read('a.yaml'), await read('c.yaml')]).toEqual(['a: 1\n', 'c\n']);
      }
      await rm(join(folder, 'new'), { recursive: true, force: true });
    }
  });

  it('never writes through a link that leads out of it', async () => {
    const outside = await mkdtemp(join(tmpdir(), 'outside-'));
    await writeFile(join(outside, 'a.yaml'), 'a: 1\n');
    await symlink(join(outside, 'a.yaml'), join(folder, 'a.yaml'));
    const { doing } = runner(planOf(edit('a.yaml', 'a: 1\n', 'a: 2\n')));
    expect((await carryOut(doing(), undefined)).trouble).toContain('leads out of the folder');
    expect(await readFile(join(outside, 'a.yaml'), 'utf8')).toBe('a: 1\n');
    await mkdir(join(folder, 'real'));
    await symlink(outside, join(folder, 'link'));
    const other = runner(planOf(create('link/b.yaml', '')));
    expect((await carryOut(other.doing(), undefined)).trouble).toContain('leads out of the folder');
    expect(await readdir(outside)).toEqual(['a.yaml']);
    await rm(outside, { recursive: true });
  });
});

it('a difference by lines leads to the new text, whatever the ends of lines', () => {
  const text = fc.array(fc.constantFrom('a\n', 'b\r\n', '\n', 'c: 1\n', 'd')).map((lines) => lines.join(''));
  fc.assert(
    fc.property(text, text, (one, other) => {
      expect(applyLineChanges(one, diffLines(one, other))).toBe(other);
    }),
  );
});
