// The findings as text: by file, in the order of lines.

import type { Report } from '../../journey/index.ts';
import type { Finding, Subject } from '../../model/index.ts';
import { hang, padEnd } from '../layout.ts';
import { severityStyle, type Style, visible } from '../style.ts';
import type { Reporter, ReporterOptions } from './reporter.ts';

function describeSubject({ kind, namespace, name, container }: Subject): string {
  const where = namespace === '' ? '' : `${namespace}/`;
  return visible(`${kind} ${where}${name}${container === undefined ? '' : ` [${container}]`}`);
}

function byFile(findings: readonly Finding[]): [string, Finding[]][] {
  const files = new Map<string, Finding[]>();
  for (const finding of findings) {
    const file = finding.position?.file ?? '';
    const list = files.get(file);
    if (list === undefined) files.set(file, [finding]);
    else list.push(finding);
  }
  const line = ({ position }: Finding): number => position?.line ?? 0;
  for (const list of files.values()) list.sort((a, b) => line(a) - line(b));
  return [...files].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}

function mark({ verdict, severity, exception }: Finding, style: Style): string {
  if (verdict === 'unknown') return style.info(padEnd('unknown', 8));
  if (exception !== undefined) return style.dim(padEnd('accepted', 8));
  return severityStyle(style, severity)(padEnd(severity, 8));
}

function findingLines(finding: Finding, { style, width }: ReporterOptions): string[] {
  const line = finding.position === undefined ? '' : String(finding.position.line);
  const label = `  ${line.padStart(5)}  ${mark(finding, style)}  `;
  const lines = hang(label, visible(finding.message), width);
  const exception =
    finding.exception === undefined
      ? ''
      : ` · accepted by ${visible(finding.exception.owner)} until ${finding.exception.until}`;
  const detail = `${finding.check} · ${describeSubject(finding.subject)}${exception}`;
  return [...lines, `${' '.repeat(19)}${style.dim(detail)}`];
}

function totals({ findings }: Report, shown: readonly Finding[]): string {
  const open = findings.filter(({ verdict, exception }) => verdict === 'fail' && exception === undefined);
  const counts = (['critical', 'high', 'medium', 'low'] as const)
    .map((severity) => [severity, open.filter((finding) => finding.severity === severity).length] as const)
    .filter(([, number]) => number > 0)
    .map(([severity, number]) => `${number} ${severity}`);
  const unknown = findings.filter(({ verdict }) => verdict === 'unknown').length;
  const hidden = shown.length < findings.length && unknown > 0 ? ' (--all lists them)' : '';
  return `  ${open.length} findings${counts.length === 0 ? '' : `: ${counts.join(', ')}`}    ${unknown} unknown${hidden}`;
}

export const renderList: Reporter = (report, options) => {
  const shown = report.findings.filter(
    ({ verdict, exception }) => options.showAll || (verdict === 'fail' && exception === undefined),
  );
  const blocks = byFile(shown).flatMap(([file, findings]) => [
    options.style.bold(file === '' ? 'The app as a whole' : visible(file)),
    ...findings.flatMap((finding) => findingLines(finding, options)),
    '',
  ]);
  const unread = report.unreadable.map(
    ({ position, reason, advice }) =>
      `  ${options.style.warn('Not read')}  ${visible(position.file)}:${position.line}  ${visible(reason)}. ${visible(advice)}`,
  );
  const notices = report.notices.map((notice) => `  ${options.style.warn('Note')}  ${visible(notice)}`);
  return `${[...blocks, ...unread, ...notices, totals(report, shown), ''].join('\n')}`;
};
