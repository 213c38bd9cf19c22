// How the cluster tests are run and reported, shown with small tests of their own: what fails at first and then passes is named with its error.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'nowwhat-report-'));

/** True once: a file of that name is there afterwards. */
const once = `
  import { existsSync, writeFileSync } from 'node:fs';
  const isFirst = (name) => !existsSync(name) && (writeFileSync(name, ''), true);
`;

const files = {
  'steady.test.js': `it('holds', () => {});`,
  'unsteady.test.js': `${once}
    describe('a clock', () => {
      it('holds', () => {});
      it('is late', () => expect(isFirst('late')).toBe(false));
    });`,
  'slow-start.test.js': `${once}
    describe('a server', () => {
      beforeAll(() => { if (isFirst('started')) throw new Error('it did not start'); });
      it('answers', () => {});
    });`,
  'broken.test.js': `it('never holds', () => expect(1).toBe(2)); it('holds', () => {});`,
  'loose.test.js': `it('leaves a promise behind', () => { Promise.reject(new Error('nobody listens')); });`,
  'vitest.cluster.config.ts': `
    const project = (name, include, exclude) => ({ extends: true, test: { name, include, exclude } });
    export default { test: { globals: true, projects: [
      project('in turn', ['unsteady.test.js'], []), project('side by side', ['*.test.js'], ['unsteady.test.js']),
    ] } };`,
};

function run(words: readonly string[], ci: string): { readonly status: number | null; readonly out: string } {
  for (const mark of ['late', 'started']) rmSync(join(folder, mark), { force: true });
  const script = join(root, 'scripts', 'test-cluster.mjs');
  const env = { ...process.env, CI: ci, NO_COLOR: '1', VITEST: undefined, NODE_ENV: undefined };
  const { status, stdout } = spawnSync(process.execPath, [script, ...words], { cwd: folder, env, encoding: 'utf8' });
  return { status, out: stdout };
}

beforeAll(() => {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

it('tells what failed at first where it passes when it is run again, and counts it as passed', () => {
  const { status, out } = run(['unsteady', 'slow-start', 'steady'], 'true');
  expect(status, out).toBe(0);
  const end = out.slice(out.indexOf('Slowest files:')).trimEnd().split('\n');
  expect(end.slice(4)).toEqual([
    'Unsteady, for they failed at first and passed when run again: unsteady.test.js slow-start.test.js',
    '  unsteady.test.js: a clock > is late',
    '    expected true to be false // Object.is equality',
    '  slow-start.test.js: a server > before or after its tests',
    '    it did not start',
    '      Tests  4 passed',
  ]);
});

it('fails where a file fails twice, and does not call that unsteady', () => {
  const { status, out } = run(['broken', 'steady', 'unsteady'], 'true');
  expect(status, out).toBe(1);
  expect(out).toContain('Unsteady, for they failed at first and passed when run again: unsteady.test.js\n');
  expect(out.trimEnd()).toMatch(/\n {6}Tests {2}1 failed \| 4 passed$/);
});

it('fails where no test does but something is wrong', () => {
  const { status, out } = run(['loose'], 'true');
  expect(status, out).toBe(1);
  expect(out.trimEnd()).toMatch(/\n {6}Tests {2}1 failed \| 1 passed$/);
});

it('runs nothing again outside CI', () => {
  const { status, out } = run(['slow-start'], '');
  expect(status, out).toBe(1);
  expect(out).not.toContain('Again');
  expect(out.trimEnd()).toMatch(/\n {6}Tests {2}1 failed \| 0 passed$/);
});
