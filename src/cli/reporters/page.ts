// The journey page: how far the app is, what blocks, who acts, what next.

import { type LegReport, legTitles, levelNames, type Report } from '../../journey/index.ts';
import { type Finding, levels, type Owner, owners } from '../../model/index.ts';
import { hang, padEnd, stringWidth, truncate, wrap } from '../layout.ts';
import { severityStyle, visible } from '../style.ts';
import type { Reporter, ReporterOptions } from './reporter.ts';

const ownerWords: Readonly<Record<Owner, string>> = {
  developer: 'developer',
  'cluster-administrator': 'cluster administrator',
  provider: 'provider',
};

function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}

function header({ source, findings }: Report, { style, width }: ReporterOptions): string[] {
  const unknown = new Set(findings.filter(({ verdict }) => verdict === 'unknown').map(({ check }) => check)).size;
  const facts = [
    `${count(source.objects, 'object')} from ${count(source.files, 'file')}`,
    `Kubernetes ${source.kubernetes}`,
    ...(unknown === 0 ? [] : [`${count(unknown, 'check')} need more than files`]),
  ];
  const name = style.bold(truncate(visible(source.name), 40));
  const line = `  ${name}   ${facts.join(' · ')}`;
  if (stringWidth(line) <= width) return [line, ''];
  return [`  ${name}`, ...facts.map((fact) => `  ${fact}`), ''];
}

function dots({ level, proven }: LegReport, { style }: ReporterOptions): string {
  return levels
    .map((each) => {
      if (each > level) return style.dim('○');
      return each <= proven ? style.good('●') : style.info('●');
    })
    .join('');
}

function legLine(leg: LegReport, options: ReporterOptions): string {
  const reached = leg.level === 0 ? '' : levelNames[leg.leg][leg.level];
  const name = leg.proven < leg.level ? `${reached}, unproven` : reached;
  const { next } = leg;
  const left = `  ${padEnd(legTitles[leg.leg], 12)} ${dots(leg, options)}`;
  if (next === undefined) return `${left}   ${options.style.good(name)}`;
  const steps =
    next.done === 0
      ? `${count(next.steps, 'step')} to level ${next.level}`
      : `${next.done} of ${next.steps} steps to level ${next.level}`;
  const wide = options.width >= 96;
  if (!wide && options.width >= 76) return `${left}   ${padEnd(name, 28)}${steps}`.trimEnd();
  return wide
    ? `${left}   ${padEnd(name, 37)}${padEnd(steps, 27)}${options.style.dim(levelNames[leg.leg][next.level])}`
    : `${left}   ${steps}`;
}

function legLines(report: Report, options: ReporterOptions): string[] {
  return [...report.legs.map((leg) => legLine(leg, options).trimEnd()), ''];
}

function blockerLine(report: Report, leg: LegReport, id: string, options: ReporterOptions): string {
  const { style, width } = options;
  const room = Math.max(24, width - 45);
  const { title = id, severity = 'low', owner = 'developer' } = report.catalogue[id] ?? {};
  const { failed = 0, subjects = 0 } = leg.checks[id] ?? {};
  const who = owner === 'developer' ? '' : style.dim(`  ${ownerWords[owner]}`);
  return `${severityStyle(style, severity)('✗')} ${padEnd(truncate(title, room), room)} ${failed} of ${subjects}${who}`;
}

function blockersOf(report: Report, leg: LegReport, options: ReporterOptions): string[] {
  if (leg.next === undefined) return [];
  const { blockers, level } = leg.next;
  const shown = blockers
    .slice(0, 3)
    .map(
      (id, index) =>
        `  ${padEnd(index === 0 ? `${legTitles[leg.leg]} ${level}` : '', 14)} ${blockerLine(report, leg, id, options)}`,
    );
  const more = blockers.length - shown.length;
  return more > 0 ? [...shown, `  ${' '.repeat(14)} ${options.style.dim(`  and ${more} more`)}`] : shown;
}

function blockerLines(report: Report, options: ReporterOptions): string[] {
  const rows = report.legs.flatMap((leg) => blockersOf(report, leg, options));
  return rows.length === 0 ? [] : [`  ${options.style.bold('What blocks the next level')}`, ...rows, ''];
}

function placeOf({ position }: Finding): string {
  return position === undefined ? '' : `${visible(position.file)}:${position.line}`;
}

/** A command with a word of what it gives, where both fit. */
function hinted(command: string, hint: string, { style, width }: ReporterOptions): string {
  const indent = '         ';
  const whole = `${indent}${style.command(command)}   ${style.dim(hint)}`;
  return stringWidth(whole) <= width ? whole : `${indent}${style.command(command)}`;
}

function nextLines({ next, source }: Report, options: ReporterOptions): string[] {
  const { style, width, program } = options;
  if (next === undefined) return [`  ${style.good('Nothing that files can tell stands in the way.')}`, ''];
  const minutes =
    next.minutes >= 120 ? `about ${Math.round(next.minutes / 60)} hours` : `about ${next.minutes} minutes`;
  const who = `${ownerWords[next.owner]}, ${minutes}`;
  const indent = '         ';
  const share = next.subjects > 1 ? `${next.failed} of ${next.subjects}: ` : '';
  const place = placeOf(next.first);
  const [title = '', ...titleRest] = wrap(next.title, width - 10);
  return [
    `  ${style.bold('Next')}   ${style.bold(title)}`,
    ...titleRest.map((line) => indent + style.bold(line)),
    `${indent}${style.dim(who)}`,
    ...wrap(`${share}${visible(next.first.message)}`, width - 10).map((line) => indent + line),
    ...wrap(next.remediation, width - 10).map((line) => indent + line),
    ...(place === '' ? [] : [`${indent}${style.dim('first')} ${place}`]),
    hinted(`${program} explain ${next.check}`, 'why, and how to fix it', options),
    hinted(`${program} check --check ${next.check} ${source.inputs.map(visible).join(' ')}`, 'every place', options),
    '',
  ];
}

function todoLines({ todo }: Report, { style, width, program }: ReporterOptions): string[] {
  const parts = owners.filter((owner) => todo[owner] > 0).map((owner) => `${ownerWords[owner]} ${todo[owner]}`);
  if (parts.length === 0) return [];
  const line = `  ${style.bold('To do')}  ${parts.join(' · ')}`;
  const hint = style.command(`${program} request --role cluster-administrator`);
  const others = todo['cluster-administrator'] + todo.provider > 0;
  if (!others) return [line];
  return stringWidth(line) + stringWidth(hint) + 4 <= width ? [`${line}    ${hint}`] : [line, `         ${hint}`];
}

function unknownLines({ findings, catalogue }: Report, { style, width }: ReporterOptions): string[] {
  const bySettler = new Map<string, Set<string>>();
  for (const { check, verdict } of findings) {
    if (verdict !== 'unknown') continue;
    const settler = catalogue[check]?.settledBy ?? 'a look at the target cluster';
    bySettler.set(settler, (bySettler.get(settler) ?? new Set()).add(check));
  }
  const rows = [...bySettler].sort(([, a], [, b]) => b.size - a.size);
  return rows.flatMap(([settler, checks], index) => {
    const label = index === 0 ? `  ${style.bold('Unknown')}  ` : '           ';
    return hang(label, `${padEnd(count(checks.size, 'check'), 10)} settled by ${settler}`, width);
  });
}

function unreadLines({ unreadable, skipped, notices }: Report, { style, width, showAll }: ReporterOptions): string[] {
  const shown = showAll ? unreadable : unreadable.slice(0, 5);
  const rows = shown.flatMap(({ position, reason }, index) => {
    const label = index === 0 ? `  ${style.warn('Not read')}  ` : '            ';
    return hang(label, `${visible(position.file)}:${position.line}  ${visible(reason)}`, width);
  });
  const more = unreadable.length > shown.length ? [`            and ${unreadable.length - shown.length} more`] : [];
  const left =
    skipped.length === 0
      ? []
      : [`  ${style.dim(`Skipped   ${count(skipped.length, 'file')} beside the app; --all says which and why`)}`];
  const listed = showAll
    ? skipped.flatMap(({ file, what }) => hang('            ', `${visible(file)}: ${visible(what)}`, width))
    : [];
  return [
    ...rows,
    ...more,
    ...left,
    ...listed,
    ...notices.flatMap((notice) => hang(`  ${style.warn('Note')}      `, visible(notice), width)),
  ];
}

export const renderPage: Reporter = (report, options) => {
  const tail = [...todoLines(report, options), ...unknownLines(report, options), ...unreadLines(report, options)];
  const lines = [
    '',
    ...header(report, options),
    ...legLines(report, options),
    ...blockerLines(report, options),
    ...nextLines(report, options),
    ...tail,
    '',
  ];
  return `${lines.join('\n')}`;
};
