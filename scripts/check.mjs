// The one command before a commit: format, lint, types, borders, unit tests, unused code, stale generated files. `--without-tests` is for who has just run them.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const bin = (name) => `node_modules/.bin/${name}`;
/** Title, command, arguments. @type {[string, string, string[]][]} */
const steps = [
  ['format', bin('biome'), ['format', '.']],
  ['lint', bin('oxlint'), ['--type-aware', '--quiet']],
  ['types (pure rooms)', bin('tsc'), ['-p', 'tsconfig.pure.json']],
  ['types (node)', bin('tsc'), ['-p', 'tsconfig.node.json']],
  ...(existsSync('src/cli/reporters/html/page') ? [['types (web)', bin('tsc'), ['-p', 'tsconfig.web.json']]] : []),
  ['unused code', bin('knip'), ['--no-progress']],
  ['stale generated files', process.execPath, ['scripts/generate.mjs', '--check']],
  ...(process.argv.includes('--without-tests')
    ? []
    : [['unit tests', bin('vitest'), ['run', '--reporter=dot', '--silent=passed-only', 'src', 'test/contract']]]),
];

let failed = 0;
for (const [title, command, args] of steps) {
  const started = Date.now();
  const run = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 1 << 28 });
  const ok = run.status === 0;
  console.log(`${ok ? 'ok  ' : 'FAIL'} ${title} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
  if (ok) continue;
  failed += 1;
  console.log(`${run.stdout ?? ''}${run.stderr ?? ''}`);
}
process.exit(failed === 0 ? 0 : 1);
