// Runs the tests on the real cluster: those that take turns one after another, and the others beside them. In CI a file with failures is run once more, alone: what
// passes then depends on how busy the machine is, and is told with what failed at first. The last lines tell where the time went, and how many tests passed.

import { parseCLI, startVitest } from 'vitest/node';
import { Recorder, renderSlowest, renderTotals, renderUnsteady } from './cluster-report.mjs';

const { filter, options } = parseCLI(['vitest', 'run', ...process.argv.slice(2)]);
const common = { ...options, config: 'vitest.cluster.config.ts', passWithNoTests: true };
const lanes = ['in turn', 'side by side'];

async function runTests(words, more) {
  const recorder = new Recorder();
  const vitest = await startVitest('test', words, { ...common, ...more, reporters: ['default', recorder] });
  await vitest.close();
  return recorder;
}

async function runAgain(files) {
  const words = files.map(({ file }) => file);
  console.log(`\nAgain, alone: ${words.join(' ')}\n`);
  return await runTests(words, { fileParallelism: false });
}

const runs = await Promise.all(lanes.map((project) => runTests(filter, { project })));
const files = runs.flatMap((run) => run.files);
const isWhole = runs.every((run) => run.isWhole) && files.length > 0;
const suspects = files.filter(({ isGreen }) => !isGreen);
const again = process.env.CI && suspects.length > 0 ? await runAgain(suspects) : undefined;
console.log(`\n${renderSlowest(files)}`);
const healed = new Set(again?.files.filter(({ isGreen }) => isGreen).map(({ file }) => file));
const unsteady = suspects.filter(({ file }) => healed.has(file));
if (unsteady.length > 0) console.log(renderUnsteady(unsteady));
const last = again === undefined ? files : [...files.filter(({ isGreen }) => isGreen), ...again.files];
const isGreen = isWhole && again?.isWhole !== false && last.every((file) => file.isGreen);
console.log(renderTotals(last, isGreen));
process.exitCode = isGreen ? 0 : 1;
