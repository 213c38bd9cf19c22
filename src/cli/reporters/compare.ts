// A comparison for a terminal: what the two places are, then what has to be done.

import type { CompareAnswer } from '../../app/compare/compare.ts';
import type { Look } from './look.ts';
import { proofLines } from './rehearsal.ts';
import { type Finding, type Owner, owners, severities } from '../../model/index.ts';
import { hang, padEnd, truncate } from '../layout.ts';
import { severityStyle, visible } from '../style.ts';
import { count, ownerWords, subjectOf } from './words.ts';

interface CompareLook extends Look {
  readonly showAll: boolean;
}

const told = (text: string): string => (text === '' ? 'not told by files' : text);

function rowLines({ rows, from, to }: CompareAnswer, { style, width, showAll }: CompareLook): string[] {
  const shown = rows.filter(({ same }) => showAll || !same);
  const room = Math.max(10, ...shown.map(({ what }) => what.length));
  const column = Math.max(12, Math.floor((width - room - 6) / 2));
  const line = (what: string, left: string, right: string): string =>
    `  ${padEnd(visible(what), room)}  ${padEnd(truncate(visible(left), column - 2), column)}${truncate(visible(right), column)}`.trimEnd();
  const alike = rows.length - shown.length;
  return [
    style.dim(line('', from, to)),
    ...shown.map((each) => line(each.what, told(each.from), told(each.to))),
    ...(alike === 0 ? [] : [style.dim(`  ${count(alike, 'row')} alike; --all shows them`)]),
    '',
  ];
}

function findingLines(finding: Finding, { style, width }: CompareLook): string[] {
  const { severity, verdict, message, check, subject } = finding;
  const mark =
    verdict === 'unknown' ? style.info(padEnd('unknown', 8)) : severityStyle(style, severity)(padEnd(severity, 8));
  const words = hang(' '.repeat(14), visible(message), width);
  const details = [check, subjectOf(subject)].filter((each) => each !== '').join(' · ');
  return [
    `    ${mark}  ${(words[0] ?? '').trimStart()}`,
    ...words.slice(1),
    ...hang(' '.repeat(14), details, width).map(style.dim),
  ];
}

function bySeverity(a: Finding, b: Finding): number {
  return severities.indexOf(a.severity) - severities.indexOf(b.severity);
}

function stepsOf(owner: Owner, { steps }: CompareAnswer, look: CompareLook): string[] {
  const own = steps.filter((step) => step.owner === owner).sort(bySeverity);
  if (own.length === 0) return [];
  const title = `${ownerWords[owner]}: ${count(own.length, 'step')}`;
  return [`  ${look.style.bold(title)}`, ...own.flatMap((step) => findingLines(step, look)), ''];
}

function openLines({ open }: CompareAnswer, look: CompareLook): string[] {
  if (open.length === 0) return [];
  if (!look.showAll)
    return [
      `  ${look.style.dim(`${count(open.length, 'question')} that the target leaves open; --all lists them`)}`,
      '',
    ];
  return [`  ${look.style.bold('Open')}`, ...open.flatMap((finding) => findingLines(finding, look)), ''];
}

export function renderCompare(answer: CompareAnswer, look: CompareLook): string {
  const { objects, namespaces, from, to, steps } = answer;
  const where = namespaces.length === 0 ? '' : ` in ${namespaces.map(visible).join(', ')}`;
  const verdict =
    steps.length === 0
      ? look.style.good('  Nothing that is seen stands in the way.')
      : `  ${look.style.bold(`What changes on ${visible(to)}`)}`;
  return [
    '',
    ...hang('  ', `${count(objects, 'object')}${where}: from ${visible(from)} to ${visible(to)}`, look.width),
    '',
    ...rowLines(answer, look),
    verdict,
    '',
    ...owners.flatMap((owner) => stepsOf(owner, answer, look)),
    ...openLines(answer, look),
    ...(answer.proof === undefined ? [] : proofLines(answer.proof, look)),
  ].join('\n');
}
