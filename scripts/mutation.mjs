// Mutation tests, part by part: a part loads only its own checks, so that a mutant takes a fraction of a second.
// Usage: npm run mutation -- [PART …] [--concurrency N]   (all parts where none is named: hours on two cores)
import { readdirSync, readFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';

const folders = readdirSync('src/checks', { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);
const otherParts = JSON.parse(readFileSync('scripts/mutation-parts.json', 'utf8'));
const parts = [...Object.keys(otherParts), ...folders];
const dash = process.argv.findIndex((argument) => argument.startsWith('-'));
const named = process.argv.slice(2, dash === -1 ? undefined : dash);
const options = dash === -1 ? [] : process.argv.slice(dash);
const unknown = named.find((name) => !parts.includes(name));
if (unknown !== undefined) {
  console.error(`There is no part "${unknown}". The parts are ${parts.join(', ')}.`);
  process.exit(2);
}

function run(part) {
  const hasPages = folders.includes(part) && readdirSync(`src/checks/${part}`).some((file) => file.endsWith('.md'));
  const env = { ...process.env, NOWWHAT_MUTATION_PART: part, NOWWHAT_PAGES_OF: hasPages ? part : '' };
  console.log(`\n# ${part}`);
  return spawnSync('stryker', ['run', ...options], { stdio: 'inherit', env }).status;
}

const weak = (named.length === 0 ? parts : named).filter((part) => run(part) !== 0);
if (weak.length > 0) {
  console.error(`Too many mutants survive, or the run failed, in: ${weak.join(', ')}. See reports/mutation/.`);
  process.exit(1);
}
