// The findings as text: by file, in the order of lines; those of a cluster by object.

import { isOpen, type Report } from '../../journey/index.ts';
import { type Finding, pushTo, severities } from '../../model/index.ts';
import { hang, padEnd, stringWidth } from '../layout.ts';
import { severityStyle, type Style, visible } from '../style.ts';
import type { Reporter, ReporterOptions } from './reporter.ts';
import { unreadLines } from './unread.ts';
import { count, subjectOf } from './words.ts';

/** Where a finding is listed: its file, the object of a cluster, or nowhere but in the app. */
function headOf({ position, subject }: Finding): string {
  const { apiVersion, kind, namespace, name } = subject;
  return position?.file ?? subjectOf({ apiVersion, kind, namespace, name });
}

function byFile(findings: readonly Finding[]): [string, Finding[]][] {
  const files = new Map<string, Finding[]>();
  for (const finding of findings) {
    const file = headOf(finding);
    pushTo(files, file, finding);
  }
  const line = ({ position }: Finding): number => position?.line ?? 0;
  const rank = ({ severity }: Finding): number => severities.indexOf(severity);
  for (const list of files.values()) list.sort((a, b) => line(a) - line(b) || rank(a) - rank(b));
  return [...files].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}

function mark({ verdict, severity, exception, known }: Finding, style: Style): string {
  if (verdict === 'unknown') return style.info(padEnd('unknown', 8));
  if (exception !== undefined) return style.dim(padEnd('accepted', 8));
  if (known === true) return style.dim(padEnd('known', 8));
  return severityStyle(style, severity)(padEnd(severity, 8));
}

function detailsOf({ check, subject, position, madeBy, exception }: Finding): string {
  return [
    check,
    subjectOf(subject),
    ...(position?.valuesKey === undefined ? [] : [`values: ${visible(position.valuesKey)}`]),
    ...(madeBy === undefined ? [] : [`from ${visible(madeBy)}`]),
    ...(exception === undefined
      ? []
      : [`accepted by ${visible(exception.owner)} until ${exception.until}: ${visible(exception.reason)}`]),
  ]
    .filter((each) => each !== '')
    .join(' · ');
}

function findingLines(finding: Finding, { style, width, program }: ReporterOptions): string[] {
  const line = finding.position === undefined ? '' : String(finding.position.line);
  const label = `  ${line.padStart(4)}  ${mark(finding, style)}  `;
  // A narrow terminal has no room for the margin: the words start below.
  const margin = width < 60 ? 4 : stringWidth(label);
  const words = hang(' '.repeat(margin), visible(finding.message), width);
  const first = width < 60 ? [label.trimEnd(), ...words] : [label + (words[0] ?? '').slice(margin), ...words.slice(1)];
  const details = hang(' '.repeat(margin), detailsOf(finding), width).map(style.dim);
  // Whole, to be copied.
  const command =
    finding.command === undefined
      ? []
      : [`${' '.repeat(margin)}${style.command(visible(`${program} ${finding.command}`))}`];
  return [...first, ...command, ...details];
}

function hiddenWords({ findings }: Report, showAll: boolean): string[] {
  const unknown = findings.filter(({ verdict }) => verdict === 'unknown').length;
  const accepted = findings.filter(({ exception }) => exception !== undefined).length;
  const known = findings.filter((finding) => finding.known === true && isOpen(finding)).length;
  const words = [
    ...(unknown === 0 ? [] : [`${unknown} unknown`]),
    ...(accepted === 0 ? [] : [`${accepted} accepted`]),
    ...(known === 0 ? [] : [`${known} known`]),
  ];
  return words.length === 0 || showAll ? words : [`${words.join(', ')} (--all lists them)`];
}

function totals(report: Report, { width, showAll, style }: ReporterOptions): string[] {
  const counted = report.findings.filter((finding) => isOpen(finding) && finding.known !== true);
  const counts = severities
    .map((severity) => ({ severity, number: counted.filter((finding) => finding.severity === severity).length }))
    .filter(({ number }) => number > 0)
    .map(({ severity, number }) => `${number} ${severity}`);
  const total = count(counted.length, report.gate?.known === undefined ? 'finding' : 'new finding');
  const words = [counts.length === 0 ? total : `${total}: ${counts.join(', ')}`, ...hiddenWords(report, showAll)];
  const colour = counted.length === 0 ? style.good : style.bold;
  return hang('  ', words.join(' · '), width).map(colour);
}

function notes({ unreadable, notices }: Report, { style, width }: ReporterOptions): string[] {
  const unread = unreadLines(unreadable, { style, width });
  const told = notices.flatMap((notice) => hang(`  ${style.warn('Note')}      `, visible(notice), width));
  const lines = [...unread, ...told];
  return lines.length === 0 ? [] : [...lines, ''];
}

export const renderList: Reporter = (report, options) => {
  const { style, showAll, width } = options;
  const shown = report.findings.filter((finding) => showAll || (isOpen(finding) && finding.known !== true));
  const blocks = byFile(shown).flatMap(([file, findings]) => [
    ...hang('', file === '' ? 'The app as a whole' : visible(file), width).map(style.bold),
    ...findings.flatMap((finding) => findingLines(finding, options)),
    '',
  ]);
  return `${[...blocks, ...notes(report, options), ...totals(report, options), ''].join('\n')}`;
};
