// The benches work: each prints its figures for next to nothing. How large they are is not looked at.

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';
import { openPlaygroundFolder } from '../kubernetes/playground-folder.ts';
import { root } from './run-cli.ts';

const patience = 300_000;

/** The rows of its tables by their first cell, each a list of the others. Throws where it fails. */
async function bench(script: string, words: readonly string[], cluster?: string) {
  const { NOWWHAT_TEST_KUBECONFIG: _cluster, NOWWHAT_TEST_VELERO: _velero, ...rest } = process.env;
  const env = cluster === undefined ? rest : { ...rest, NOWWHAT_TEST_KUBECONFIG: cluster };
  const { stdout } = await promisify(execFile)(process.execPath, [`test/bench/${script}.mjs`, ...words], {
    cwd: root,
    env,
  });
  const lines = stdout.split('\n').filter((line) => line.startsWith('| ') && !/^\| *-/.test(line));
  const rows = lines.map((line) => line.slice(2, -2).split(' | '));
  return new Map(rows.map(([title = '', ...cells]) => [title, cells]));
}

/** A time, and figures in all others that are not left open. */
function expectFigures(cells: readonly string[] | undefined): void {
  expect(cells?.[0]).toMatch(/^\d/);
  for (const cell of cells ?? []) expect(cell).not.toMatch(/NaN|undefined|Infinity/);
}

it.each([
  ['save', ['5', 'configmaps'], ['listed and thrown away', 'backup create']],
  ['save', ['5', 'pods'], ['listed and thrown away', 'backup create']],
  ['restore', ['5'], ['plain creates, 32 at once', 'restore create', 'restore create, all there']],
  ['api', ['500'], ['plain undici, bytes only', 'the snapshot of a cluster, all kept', '100 gets, 8 at a time']],
])(
  'bench %s %j has figures',
  async (script, words, titles) => {
    const rows = await bench(script, words);
    for (const title of titles) expectFigures(rows.get(title));
  },
  patience,
);

it(
  'the bench of all has figures of each, backups and restores on a cluster among them',
  async () => {
    const { kubeconfig, close } = await openPlaygroundFolder([], { controllers: false });
    onTestFinished(close);
    const rows = await bench('run', ['smallest'], kubeconfig);
    const titles = ['empty Node process', '`--version`', 'nowwhat', 'nowwhat, all checks', '20', '100'];
    for (const title of [...titles, 'listed and thrown away', 'backup create', 'restore create'])
      expectFigures(rows.get(title));
    expect([...rows.keys()].some((title) => title.startsWith('500 pods, 50 policies'))).toBe(true);
  },
  patience,
);
