// What a run of the cluster tests has shown, file by file, and what is told of it in the end.

import { relative } from 'node:path';

const most = { files: 5, tests: 5, lines: 3, width: 200 };

function namesOf(node) {
  if (node.type === 'module') return [];
  return node.name === undefined ? [] : [...namesOf(node.parent), node.name];
}

/** First lines of an error, for somebody who decides where to look. */
function shortened({ message = '' }) {
  const lines = message.split('\n').filter((line) => line.trim() !== '');
  return lines.slice(0, most.lines).map((line) => line.slice(0, most.width));
}

function failuresIn(node, errors, what = []) {
  return errors.map((error) => ({ where: [...namesOf(node), ...what].join(' > '), lines: shortened(error) }));
}

/** Of its tests, and of what is done before and after them, which no report of vitest in JSON tells. */
function failuresOf(module) {
  const around = ['before or after its tests'];
  return [
    ...failuresIn(module, module.errors(), around),
    ...[...module.children.allSuites()].flatMap((suite) => failuresIn(suite, suite.errors(), around)),
    ...[...module.children.allTests()].flatMap((test) => failuresIn(test, test.result().errors ?? [])),
  ];
}

function toFile(module) {
  const { children, moduleId } = module;
  return {
    file: relative('.', moduleId),
    isGreen: module.ok(),
    seconds: module.diagnostic().duration / 1000,
    passed: [...children.allTests('passed')].length,
    failed: [...children.allTests('failed')].length,
    failures: failuresOf(module),
  };
}

/** A reporter for vitest that prints nothing. */
export class Recorder {
  files = [];
  /** It came to its end, without errors that belong to no test. */
  isWhole = false;

  onTestRunEnd(modules, errors, reason) {
    this.isWhole = errors.length === 0 && reason !== 'interrupted';
    this.files = modules.map(toFile).toSorted((a, b) => (a.file < b.file ? -1 : 1));
  }
}

function sum(files, key) {
  return files.reduce((all, file) => all + file[key], 0);
}

/** As vitest writes it. What failed besides the tests is one failure. */
export function renderTotals(files, isGreen) {
  const failed = sum(files, 'failed');
  const told = failed === 0 && !isGreen ? 1 : failed;
  return `      Tests  ${told === 0 ? '' : `${told} failed | `}${sum(files, 'passed')} passed`;
}

/** Where the time goes. */
export function renderSlowest(files) {
  const slowest = files.toSorted((a, b) => b.seconds - a.seconds).slice(0, most.files);
  const lines = slowest.map(({ file, seconds }) => `  ${String(Math.round(seconds)).padStart(4)} s  ${file}`);
  return ['Slowest files:', ...lines].join('\n');
}

/** What failed at first in files that passed when they were run again: such a test is to be mended. */
export function renderUnsteady(files) {
  const failures = files.flatMap(({ file, failures: all }) => all.map((each) => ({ file, ...each })));
  const told = failures
    .slice(0, most.tests)
    .flatMap(({ file, where, lines }) => [`  ${file}: ${where}`, ...lines.map((line) => `    ${line}`)]);
  const more = failures.length - most.tests;
  return [
    `Unsteady, for they failed at first and passed when run again: ${files.map(({ file }) => file).join(' ')}`,
    ...told,
    ...(more > 0 ? [`  and ${more} more`] : []),
  ].join('\n');
}
