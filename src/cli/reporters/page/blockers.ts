// What stands between each leg and its next level: the checks that fail, or the proofs that are missing.

import { type LegReport, legTitles, type Report } from '../../../journey/index.ts';
import { hang, padEnd, padStart, stringWidth, truncate } from '../../layout.ts';
import { severityStyle, visible } from '../../style.ts';
import type { ReporterOptions } from '../reporter.ts';
import { ownerWords, usualSettler } from '../words.ts';
import { command, labelled, room, type Section } from './section.ts';

/** Rows of a leg; the rest is a number. */
const shownRows = 3;
/** Columns of `11 of 11`; larger numbers push their row. */
const shareColumn = 8;
const narrowest = 30;

interface Row {
  readonly mark: string;
  readonly title: string;
  readonly share: string;
  readonly owner: string;
}

function failingRow(report: Report, leg: LegReport, id: string, { style }: ReporterOptions): Row {
  const { title = id, severity = 'low', owner = 'developer' } = report.catalogue[id] ?? {};
  const { failed = 0, subjects = 0 } = leg.checks[id] ?? {};
  return {
    mark: severityStyle(style, severity)('✗'),
    title,
    share: subjects > 1 ? `${failed} of ${subjects}` : '',
    owner: owner === 'developer' ? '' : ownerWords[owner],
  };
}

function rowsOfLeg(report: Report, leg: LegReport, options: ReporterOptions): Row[] {
  return (leg.next?.blockers ?? []).slice(0, shownRows).map((id) => failingRow(report, leg, id, options));
}

/** Columns for titles: as many as the longest needs, if shares and owners leave them. */
function titleColumn(rows: readonly Row[], options: ReporterOptions): number {
  const longest = (texts: readonly string[]): number => Math.max(0, ...texts.map((text) => stringWidth(text)));
  const owners = longest(rows.map(({ owner }) => owner));
  const left = room(options) - 2 - shareColumn - 2 - (owners === 0 ? 0 : owners + 2);
  return left < narrowest ? 0 : Math.min(left, longest(rows.map(({ title }) => title)));
}

function renderRow({ mark, title, share, owner }: Row, column: number, options: ReporterOptions): string {
  const { style } = options;
  if (column === 0) return `${mark} ${truncate(title, room(options) - 2)}`;
  return `${mark} ${padEnd(truncate(title, column), column)}  ${padStart(share, shareColumn)}  ${style.dim(owner)}`;
}

/** Where nothing fails, what nobody knows holds the level open. */
function proofRows(report: Report, ids: readonly string[], options: ReporterOptions): string[] {
  const settlers = [...new Set(ids.map((id) => report.catalogue[id]?.settledBy ?? usualSettler))];
  return settlers.flatMap((settler) => hang(`${options.style.info('?')} `, settler, room(options)));
}

/** The command that takes the leg on, where one of ours does. */
function commandRow({ findings }: Report, ids: readonly string[], options: ReporterOptions): string[] {
  const first = findings.find(
    (each) => ids.includes(each.check) && each.exception === undefined && each.command !== undefined,
  );
  return first?.command === undefined ? [] : [command(`${options.program} ${visible(first.command)}`, '', options)];
}

function linesOf(report: Report, leg: LegReport, column: number, options: ReporterOptions): string[] {
  const { blockers = [], unknown = [] } = leg.next ?? {};
  if (blockers.length === 0)
    return [...proofRows(report, unknown, options).slice(0, shownRows), ...commandRow(report, unknown, options)];
  const rows = rowsOfLeg(report, leg, options).map((row) => renderRow(row, column, options));
  const more = blockers.length - rows.length;
  return [
    ...rows,
    ...(more > 0 ? [options.style.dim(`  and ${more} more`)] : []),
    ...commandRow(report, blockers, options),
  ];
}

export const renderBlockers: Section = (report, options) => {
  const column = titleColumn(
    report.legs.flatMap((leg) => rowsOfLeg(report, leg, options)),
    options,
  );
  const blocks = report.legs.flatMap((leg) =>
    leg.next === undefined
      ? []
      : labelled(options.style.bold(legTitles[leg.leg]), linesOf(report, leg, column, options), options),
  );
  return blocks.length === 0 ? [] : [`  ${options.style.dim('What holds the next level back')}`, ...blocks];
};
