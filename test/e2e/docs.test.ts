// Every command that the user docs show is run: it must work, and what the docs say it prints must be what it prints.

import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { nowwhat, root } from './run-cli.ts';

const pages = [
  'README.md',
  ...readdirSync(join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

interface Shown {
  readonly command: string;
  readonly output: readonly string[];
}

/** `$ nowwhat …` lines of console blocks, with the lines up to the next command. */
function shownIn(text: string): Shown[] {
  const blocks = [...text.matchAll(/^```console\n([\s\S]*?)^```/gm)].map((match) => match[1] ?? '');
  return blocks.flatMap((block) =>
    block
      .split(/^\$ /m)
      .slice(1)
      .map((part) => part.split('\n'))
      .filter(([command = '']) => command.startsWith('nowwhat '))
      .map(([command = '', ...output]) => ({
        command,
        output: output.map((line) => line.trimEnd()).filter((line) => line !== '' && line !== '...'),
      })),
  );
}

/** Commands in running text (`nowwhat explain x`) and lines of plain blocks. Placeholders in capitals or `./k8s` stand for the reader's own. */
function mentionedIn(text: string): string[] {
  const inline = [...text.matchAll(/`((?:kubectl )?nowwhat [^`\n]+)`/g)].map((match) => match[1] ?? '');
  const blocks = [...text.matchAll(/^```\n([\s\S]*?)^```/gm)].map((match) => match[1] ?? '');
  const lines = blocks.flatMap((block) => block.split('\n')).filter((line) => line.startsWith('nowwhat '));
  return [...inline, ...lines.map((line) => line.split(/ {2,}/)[0] ?? '')];
}

const folder = mkdtempSync(join(tmpdir(), 'nowwhat-docs-'));
/** For commands that edit files. */
const copy = join(folder, 'k8s');
cpSync(join(root, 'examples/shop/k8s'), copy, { recursive: true });
/** For commands that ask a store that the environment names. */
const store = join(folder, 'kept');
mkdirSync(store);

function toArguments(command: string): string[] {
  return command
    .replace(/^(?:kubectl )?nowwhat /, '')
    .replaceAll('./k8s', / --write(?: |$)/.test(command) ? copy : 'examples/shop/k8s')
    .replaceAll('./chart', 'examples/shop/chart')
    .replaceAll('./reports', 'examples/shop/evidence')
    .replace(
      /(--output-file|--baseline) (\S+)/g,
      (_, option: string, file: string) => `${option} ${join(folder, file)}`,
    )
    .split(' ');
}

const shown = pages.flatMap((page) =>
  shownIn(readFileSync(join(root, page), 'utf8')).map(({ command, output }) => ({ page, command, output })),
);
const mentioned = pages.flatMap((page) =>
  mentionedIn(readFileSync(join(root, page), 'utf8'))
    // Plans are made, applied and taken back in their order by plans.test.ts.
    .filter((command) => !/[A-Z]{2,}|<|…|init|plan\.json|nowwhat undo/.test(command))
    .map((command) => ({ page, command })),
);

describe('a command that the docs show', () => {
  it.each(shown)('$page: $command prints what the page shows', ({ command, output }) => {
    const { status, out, err } = nowwhat(toArguments(command), { env: { COLUMNS: '100' } });
    expect([0, 1], err).toContain(status);
    const lines = new Set(`${out}\n${err}`.split('\n').map((line) => line.trimEnd()));
    expect(output.filter((line) => !lines.has(line))).toEqual([]);
  });

  it.each(mentioned)('$page: $command works', ({ command }) => {
    const { status, err } = nowwhat(toArguments(command), {
      input: readFileSync(join(root, 'examples/shop/k8s/web.yaml'), 'utf8'),
      env: { NOWWHAT_STORE: store },
    });
    expect([0, 1], err).toContain(status);
  });
});

describe('the settings that the docs show', () => {
  it('are valid', () => {
    const text = readFileSync(join(root, 'docs/settings.md'), 'utf8');
    const shopFolder = mkdtempSync(join(tmpdir(), 'nowwhat-settings-'));
    writeFileSync(join(shopFolder, 'nowwhat.yaml'), /^```yaml\n([\s\S]*?)^```/m.exec(text)?.[1] ?? '');
    writeFileSync(join(shopFolder, 'a.yaml'), 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n');
    const { status, out } = nowwhat(['check', shopFolder]);
    expect(status).toBe(1);
    expect(out).toContain('image-latest counts as critical');
  });
});

describe('the examples of custom checks', () => {
  it('run, and find what they say', () => {
    const text = readFileSync(join(root, 'docs/custom-checks.md'), 'utf8');
    const folder = mkdtempSync(join(tmpdir(), 'nowwhat-custom-'));
    writeFileSync(join(folder, 'nowwhat.yaml'), /^```yaml\n([\s\S]*?)^```/m.exec(text)?.[1] ?? '');
    const workload = (memory: string): string =>
      `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {template: {spec: {containers: [{name: big, image: a:1, resources: {limits: {memory: ${memory}}}}]}}}\n`;
    const messages = (memory: string): string[] => {
      writeFileSync(join(folder, 'web.yaml'), workload(memory));
      const report = JSON.parse(
        nowwhat(['check', join(folder, 'web.yaml'), '--check', 'team-label,memory-bounded', '-o', 'json']).out,
      );
      return report.findings.map(({ message }: { message: string }) => message);
    };
    expect(messages('2Gi')).toEqual([
      'Deployment "web": nobody knows whom to call',
      'Deployment "web": too much memory for big',
    ]);
    expect(messages('512Mi')).toEqual(['Deployment "web": nobody knows whom to call']);
  });
});
