// `explain`: a check's page in the terminal.

import { readFile } from 'node:fs/promises';
import { parseCheckPage } from '../../checks/check-pages.ts';
import { builtInChecks } from '../../checks/index.ts';
import type { Io } from '../io.ts';
import { wrap } from '../layout.ts';
import { parseCheckIds } from '../options.ts';
import { severityStyle } from '../style.ts';

const exampleTitles = { bad: 'Found', good: 'Not found', unknown: 'Unknown' } as const;

function paragraphs(text: string, width: number): string[] {
  return text
    .split(/\n{2,}/)
    .flatMap((part) => [...wrap(part.replaceAll('\n', ' '), width - 4).map((line) => `  ${line}`), '']);
}

export async function runExplain(id: string, io: Io): Promise<number> {
  parseCheckIds(
    [id],
    builtInChecks.map(({ meta }) => meta.id),
  );
  const meta = builtInChecks.find((check) => check.meta.id === id)?.meta;
  if (meta === undefined) return 2;
  const page = parseCheckPage(await readFile(new URL(`${id}.md`, io.pages), 'utf8'));
  const { style } = io;
  const width = Math.min(io.width, 100);
  const references = meta.references.map(({ framework, id: number }) => `${framework} ${number}`).join(', ');
  const facts = [
    `${meta.leg} level ${meta.level}`,
    severityStyle(style, meta.severity)(meta.severity),
    meta.owner,
    ...(references === '' ? [] : [references]),
  ];
  const sections = [...page.sections].flatMap(([heading, text]) => [
    `  ${style.bold(heading)}`,
    ...paragraphs(text, width),
  ]);
  const examples = page.examples.flatMap(({ kind, text }) => [
    `  ${kind === 'bad' ? style.bad(exampleTitles[kind]) : kind === 'good' ? style.good(exampleTitles[kind]) : style.info(exampleTitles[kind])}`,
    ...text
      .trimEnd()
      .split('\n')
      .map((line) => `    ${style.dim(line)}`),
    '',
  ]);
  io.out(
    ['', `  ${style.bold(id)}   ${meta.title}`, `  ${facts.join(' · ')}`, '', ...sections, ...examples, ''].join('\n'),
  );
  return 0;
}
