// The pages and the command line say the same, both ways: what a page names exists, and what exists is named on a page.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { commandOf, declaredCommands } from './command-line.ts';

const root = resolve(import.meta.dirname, '../..');
const pages = [
  'README.md',
  'CONTRIBUTING.md',
  ...readdirSync(join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];
const textOf = (page: string): string => readFileSync(join(root, page), 'utf8');
const declared = declaredCommands();

/** Commands in running text and in blocks, those among what a command printed included, without the words that say what each is for. */
function commandsIn(text: string): string[] {
  const inline = [...text.matchAll(/`((?:kubectl )?nowwhat [^`\n]+)`/g)].map(([, command = '']) => command);
  const blocks = [...text.matchAll(/^```.*\n([\s\S]*?)^```/gm)].map(([, block = '']) => block.replace(/\\\n\s*/g, ''));
  const lines = blocks.flatMap((block) => block.split('\n')).map((line) => line.trim().replace(/^\$ /, ''));
  return [...inline, ...lines.filter((line) => line.startsWith('nowwhat '))].map(
    (command) => command.replace(/^(?:kubectl )?nowwhat /, '').split(/ {2,}| # | [|>&]/)[0] ?? '',
  );
}

const shown = pages.flatMap((page) => commandsIn(textOf(page)).map((command) => ({ page, command })));

/** The options of a command that its words name and it does not have. What stands behind a bare `--` is somebody else's. */
function strangersIn(command: string): string[] {
  const words = command.split(/\s+/).map((word) => word.replace(/[.,;:)]+$/, ''));
  const own = words.slice(0, words.indexOf('--') >>> 0);
  const options = own.filter((word) => /^--?[a-zA-Z]/.test(word)).map((word) => word.replace(/=.*/, ''));
  const found = commandOf(declared, own);
  const program = ['--version', '-V'];
  return options.filter((option) => found?.options.has(option) !== true && !program.includes(option));
}

/** What `--help` prints, with the examples behind the options. */
function helpOf(command: Command): string {
  let text = '';
  command.configureOutput({
    writeOut: (part) => {
      text += part;
    },
  });
  command.outputHelp();
  return text;
}

describe('the help', () => {
  const runnable = declared.filter(({ command }) => command.commands.length === 0);

  it.each(runnable)('of `$path` has an example, of options that there are', ({ path, command }) => {
    const [, lines = ''] = helpOf(command).split(/^Examples?:$/m);
    const shownThere = lines
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line.includes('nowwhat '));
    expect(shownThere).not.toEqual([]);
    const examples = shownThere.map((line) => line.replace(/^.*?nowwhat /, '').split(/ {2,}| # | [|>&]/)[0] ?? '');
    expect(examples.flatMap(strangersIn)).toEqual([]);
    expect(examples.map((each) => commandOf(declared, each.split(' '))?.path)).toContain(path);
  });
});

describe('what the pages name', () => {
  it('are options that the command has', () => {
    expect(shown.length).toBeGreaterThan(250);
    expect(
      shown.flatMap(({ page, command }) =>
        strangersIn(command).map((option) => `${page}: nowwhat ${command}: ${option}`),
      ),
    ).toEqual([]);
  });

  it('a stranger would be noticed', () => {
    expect(strangersIn('backup create --stor x')).toEqual(['--stor']);
    expect(strangersIn('backup create first --store x -- --stor')).toEqual([]);
    expect(strangersIn('./k8s --create x')).toEqual(['--create']);
  });
});

describe('what the program has', () => {
  const texts = pages.map(textOf).join('\n');

  it('commands stand on a page', () => {
    const paths = declared.map(({ path }) => path).filter((path) => path !== '');
    expect(paths.filter((path) => !new RegExp(`(?:nowwhat |\`)${path}\\b`).test(texts))).toEqual([]);
  });

  it('options stand on a page', () => {
    const missing = declared.flatMap(({ path, command }) =>
      command.options
        .filter(({ long, hidden }) => !hidden && !new RegExp(`${long}(?![\\w-])`).test(texts))
        .map(({ long }) => `${path} ${long}`),
    );
    expect(missing).toEqual([]);
  });
});

describe('links', () => {
  const anchorOf = (title: string): string =>
    title
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-');

  function brokenIn(page: string): string[] {
    const links = [...textOf(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link);
    return links.filter((link) => {
      if (/^[a-z]+:/.test(link)) return false;
      const [path = '', anchor] = link.split('#');
      const file = path === '' ? join(root, page) : join(root, dirname(page), path);
      if (!existsSync(file)) return true;
      if (anchor === undefined) return false;
      const titles = [...readFileSync(file, 'utf8').matchAll(/^#+ (.+)$/gm)].map(([, title = '']) => anchorOf(title));
      return !titles.includes(anchor);
    });
  }

  it.each(pages)('of %s lead somewhere', (page) => {
    expect(brokenIn(page)).toEqual([]);
  });

  it('lead to every page of the guide', () => {
    const guide = textOf('docs/README.md');
    const unnamed = pages.filter((page) => page.startsWith('docs/') && page !== 'docs/README.md');
    expect(unnamed.filter((page) => !guide.includes(`](${page.slice('docs/'.length)})`))).toEqual([]);
  });
});
