// The report as Markdown, for pull requests and wikis.

import { legTitles, levelNames, type Report } from '../../journey/index.ts';
import type { Finding } from '../../model/index.ts';
import { visible } from '../style.ts';
import type { Reporter } from './reporter.ts';
import { sourceWords } from './words.ts';

/** Text from the input that cannot break a table, become a link or start HTML. */
export function escapeMarkdown(text: string): string {
  return visible(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/[\\`*_[\]|#!~@]/g, (character) => `\\${character}`);
}

function legRows({ legs }: Report): string[] {
  return legs.map(({ leg, level, proven, next }) => {
    const name = level === 0 ? '' : levelNames[leg][level];
    const steps = next === undefined ? '' : `${next.done} of ${next.steps} steps to level ${next.level}`;
    return `| ${legTitles[leg]} | ${'●'.repeat(level)}${'○'.repeat(4 - level)} ${name} | ${proven} | ${steps} |`;
  });
}

function place({ position }: Finding): string {
  return position === undefined ? '' : escapeMarkdown(`${position.file}:${position.line}`);
}

function findingRow(finding: Finding): string {
  const { check, severity, owner, message, exception } = finding;
  const accepted =
    exception === undefined ? '' : ` (accepted by ${escapeMarkdown(exception.owner)} until ${exception.until})`;
  return `| ${severity} | ${check} | ${place(finding)} | ${escapeMarkdown(message)}${accepted} | ${owner} |`;
}

export const renderMarkdown: Reporter = (report) => {
  const failing = report.findings.filter(({ verdict }) => verdict === 'fail');
  const unknown = new Set(report.findings.filter(({ verdict }) => verdict === 'unknown').map(({ check }) => check));
  const next =
    report.next === undefined
      ? []
      : [
          `**Next:** ${report.next.title}. ${escapeMarkdown(report.next.first.message)} (${place(report.next.first)})`,
          '',
        ];
  const lines = [
    `# ${escapeMarkdown(report.source.name)}: from Minikube to production`,
    '',
    `${escapeMarkdown(sourceWords(report.source))}, judged for Kubernetes ${report.source.kubernetes}.`,
    ...(report.source.headline === undefined ? [] : ['', escapeMarkdown(report.source.headline)]),
    '',
    '| leg | level | proven | next |',
    '| --- | --- | --- | --- |',
    ...legRows(report),
    '',
    ...next,
    `## Findings (${failing.length})`,
    '',
    '| severity | check | place | finding | owner |',
    '| --- | --- | --- | --- | --- |',
    ...failing.map(findingRow),
    '',
    `${unknown.size} checks are unknown until more than files is given.`,
    ...report.unreadable.map(
      ({ position, reason }) =>
        `\nNot read: ${escapeMarkdown(`${position.file}:${position.line}`)}: ${escapeMarkdown(reason)}`,
    ),
    '',
  ];
  return lines.join('\n');
};
