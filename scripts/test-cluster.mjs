// Runs the tests on the real cluster. In CI a file with failures is run once more, alone: what passes then depends on how busy the machine is, and is told with
// what failed at first. The last lines tell where the time went, and how many tests passed.

import { parseCLI, startVitest } from 'vitest/node';
import { Recorder, renderSlowest, renderTotals, renderUnsteady } from './cluster-report.mjs';

const { filter, options } = parseCLI(['vitest', 'run', ...process.argv.slice(2)]);
const config = options.config ?? 'vitest.cluster.config.ts';

async function runTests(words, more = {}) {
  const recorder = new Recorder();
  process.exitCode = 0;
  const vitest = await startVitest('test', words, { ...options, ...more, config, reporters: ['default', recorder] });
  await vitest.close();
  // Vitest says it there; it also fails for errors that belong to no test.
  return { isGreen: process.exitCode === 0, files: recorder.files };
}

async function runAgain(files) {
  const words = files.map(({ file }) => file);
  console.log(`\nAgain, alone: ${words.join(' ')}\n`);
  return await runTests(words, { maxWorkers: 1 });
}

const first = await runTests(filter);
const suspects = first.files.filter(({ isGreen }) => !isGreen);
const again = process.env.CI && suspects.length > 0 ? await runAgain(suspects) : undefined;
console.log(`\n${renderSlowest(first.files)}`);
if (again === undefined) {
  console.log(renderTotals(first.files, first.isGreen));
} else {
  const healed = new Set(again.files.filter(({ isGreen }) => isGreen).map(({ file }) => file));
  const unsteady = suspects.filter(({ file }) => healed.has(file));
  if (unsteady.length > 0) console.log(renderUnsteady(unsteady));
  const steady = first.files.filter(({ isGreen }) => isGreen);
  console.log(renderTotals([...steady, ...again.files], again.isGreen));
}
