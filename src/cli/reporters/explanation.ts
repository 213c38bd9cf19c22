// A check's page in the terminal: facts, then the page's own words, then its examples.

import type { CheckPage, PageExample } from '../../checks/check-pages.ts';
import { legTitles } from '../../journey/index.ts';
import type { CheckMeta } from '../../model/index.ts';
import { hang, wrap } from '../layout.ts';
import { severityStyle, type Style } from '../style.ts';
import type { Look } from './look.ts';
import { effort, ownerWords } from './words.ts';

const exampleTitles = { bad: 'Found', good: 'Not found', unknown: 'Unknown' } as const;

function paintCode(line: string, { command }: Style): string {
  return line.replace(/`([^`]+)`/g, (_, code: string) => command(code));
}

/** A line that must stay a line: of a list, a table or a code block. */
const ownLine = /^(?:[-*] |\d+\. |\||```| {4})/;

/** Markdown as far as the pages use it: paragraphs are wrapped, items hang, tables and code stay as they are. */
function paragraphs(text: string, { style, width }: Look): string[] {
  return text.split(/\n{2,}/).flatMap((part) => {
    const lines = part.split('\n');
    const isVerbatim = part.startsWith('|') || part.startsWith('```') || part.startsWith('    ');
    if (isVerbatim) return [...lines.filter((line) => !line.startsWith('```')).map((line) => `  ${line}`), ''];
    const items = lines.reduce<string[]>((whole, line) => {
      if (whole.length === 0 || ownLine.test(line)) return [...whole, line];
      return [...whole.slice(0, -1), `${whole.at(-1) ?? ''} ${line.trim()}`];
    }, []);
    const wrapped = items.flatMap((item) => {
      const marker = /^(?:[-*]|\d+\.) /.exec(item)?.[0] ?? '';
      return hang(`  ${marker}`, item.slice(marker.length), width);
    });
    return [...wrapped.map((line) => paintCode(line, style)), ''];
  });
}

function example({ kind, text }: PageExample, { style }: Look): string[] {
  const colour = { bad: style.bad, good: style.good, unknown: style.info }[kind];
  return [
    `  ${colour(exampleTitles[kind])}`,
    ...text
      .trimEnd()
      .split('\n')
      .map((line) => `    ${line}`),
    '',
  ];
}

function facts(meta: CheckMeta, { style, width }: Look): string[] {
  const references = meta.references.map(({ framework, id }) => `${framework} ${id}`).join(', ');
  const rest = [
    `${legTitles[meta.leg]} level ${meta.level}`,
    ownerWords[meta.owner],
    effort(meta.minutes),
    ...(references === '' ? [] : [references]),
  ].join(' · ');
  const severity = severityStyle(style, meta.severity)(meta.severity);
  return hang(`  ${severity} · `, rest, width);
}

/** `page` is left out for a check that has none, such as a control of a profile. */
export function renderExplanation(meta: CheckMeta, page: CheckPage | undefined, look: Look): string {
  const { style, width } = look;
  const head = [...wrap(meta.title, width - 2).map((line) => `  ${style.bold(line)}`), `  ${style.dim(meta.id)}`];
  const settled = meta.settledBy === undefined ? [] : hang('  Settled by ', meta.settledBy, width);
  const body =
    page === undefined
      ? [`  ${style.bold('How to fix')}`, ...paragraphs(meta.remediation, look)]
      : [
          ...[...page.sections].flatMap(([heading, text]) => [`  ${style.bold(heading)}`, ...paragraphs(text, look)]),
          ...page.examples.flatMap((each) => example(each, look)),
        ];
  return `${['', ...head, '', ...facts(meta, look), ...settled, '', ...body].join('\n')}\n`;
}
