// Proves each limit of the style once: a file that breaks it must be refused by the tool that holds it.

import { spawnSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const folder = join(root, 'test/limits');

const lintRules: Readonly<Record<string, string>> = {
  'any.ts': 'no-explicit-any',
  'floating-promise.ts': 'no-floating-promises',
  'default-export.ts': 'no-default-export',
  'console.ts': 'no-console',
  'BadName.ts': 'filename-case',
  'too-deep.ts': 'max-depth',
  'too-many-parameters.ts': 'max-params',
  'not-exhaustive.ts': 'switch-exhaustiveness-check',
  'no-return-type.ts': 'explicit-module-boundary-types',
  'non-null.ts': 'no-non-null-assertion',
  'too-long-file.ts': 'max-lines',
  'too-long-function.ts': 'max-lines-per-function',
  'too-complex.ts': 'complexity',
};

const typeErrors: Readonly<Record<string, string>> = {
  'pure-room-touches-node.ts': 'TS2591',
  'unchecked-index.ts': 'TS2322',
  'enum.ts': 'TS1294',
  'exact-optional.ts': 'TS2375',
};

function run(command: string, args: readonly string[]): string {
  const { stdout, stderr } = spawnSync(join(root, 'node_modules/.bin', command), args, { cwd: root, encoding: 'utf8' });
  return `${stdout}${stderr}`;
}

/** The project's own lint rules, without the entries that spare test/limits. */
function lintOutput(): string {
  const config = join(mkdtempSync(join(tmpdir(), 'limits-')), 'oxlintrc.json');
  const own = spawnSync(
    process.execPath,
    [
      '-p',
      "JSON.stringify({...JSON.parse(require('fs').readFileSync('.oxlintrc.json','utf8')),overrides:[],ignorePatterns:[]})",
    ],
    { cwd: root, encoding: 'utf8' },
  );
  writeFileSync(config, own.stdout);
  return run('oxlint', ['--type-aware', '--format=unix', '-c', config, 'test/limits']);
}

describe('the limits of the style', () => {
  const lint = lintOutput();

  it.each(Object.entries(lintRules))('%s is refused by the rule %s', (file, rule) => {
    const lines = lint.split('\n').filter((line) => line.includes(file));
    expect(lines.join('\n')).toContain(rule);
  });

  it.each(Object.entries(typeErrors))('types/%s is refused with %s', (file, code) => {
    const output = run('tsc', ['-p', 'test/limits/tsconfig.json']);
    const lines = output.split('\n').filter((line) => line.includes(file));
    expect(lines.join('\n')).toContain(code);
  });

  it('has a row here for every file', () => {
    const files = readdirSync(folder).filter((name) => name.endsWith('.ts'));
    expect(files.sort()).toEqual(Object.keys(lintRules).sort());
    expect(readdirSync(join(folder, 'types')).sort()).toEqual(Object.keys(typeErrors).sort());
  });
});
