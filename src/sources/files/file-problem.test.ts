import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { toPathError } from './file-problem.ts';

const folder = mkdtempSync(join(tmpdir(), 'nowwhat-paths-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function problemOf(path: string): Promise<unknown> {
  return toPathError(await readFile(path, 'utf8').catch((error: unknown) => error), 'the log', 'Look again.');
}

describe('an error of a path', () => {
  it('is told apart: not there, and there but not to be read', async () => {
    writeFileSync(join(folder, 'file'), '');
    expect(await problemOf(join(folder, 'nowhere'))).toMatchObject({
      code: 'path-missing',
      message: 'the log does not exist',
      advice: 'Look again.',
    });
    expect(await problemOf(join(folder, 'file', 'below'))).toMatchObject({ code: 'path-missing' });
    expect(await problemOf(folder)).toMatchObject({
      code: 'path-unreadable',
      message: 'the log cannot be read: it is a folder',
    });
  });

  it('is no other error: that keeps its cause', () => {
    for (const error of [new TypeError('undefined is not a function'), new Error('invalid'), 'text'])
      expect(toPathError(error, 'the log', '')).toBe(error);
  });
});
