// What a rule keeps and what it lets go, for a terminal.

import type { Pruned, PrunePlan } from '../../backup/index.ts';
import { hang, joinLines, padEnd } from '../layout.ts';
import { visible } from '../style.ts';
import type { ProgramLook } from './look.ts';
import { count } from './words.ts';

type Series = PrunePlan['series'][number];

function titleOf({ schedule, namespaces }: Series): string {
  if (schedule !== '') return `schedule ${schedule}`;
  return namespaces.length === 0
    ? 'without a schedule, all namespaces'
    : `without a schedule, ${namespaces.join(', ')}`;
}

function seriesLines(series: Series, { style }: ProgramLook): string[] {
  const { decisions } = series;
  const widest = Math.max(...decisions.map(({ name }) => name.length));
  const rows = decisions.map(({ name, keep, started, phase, reasons }) => {
    const mark = keep ? style.good('keep') : style.bad('goes');
    const time = visible(started.slice(0, 16).replace('T', ' '));
    const state = phase === 'Completed' ? '' : `${visible(phase)}: `;
    return `    ${mark}  ${padEnd(visible(name), widest)}  ${padEnd(time, 16)}  ${style.dim(state + reasons.join(', '))}`;
  });
  return [`  ${style.bold(visible(titleOf(series)))}`, ...rows, ''];
}

function passedOverLines({ passedOver: { ofVelero, ofOthers } }: PrunePlan, look: ProgramLook): string[] {
  const told = [
    ...(ofVelero === 0
      ? []
      : [`${count(ofVelero, 'backup')} that Velero made: Velero deletes them, with their volumes`]),
    ...(ofOthers === 0
      ? []
      : [`${count(ofOthers, 'backup')} of other schedules or of none; --all takes those of none too`]),
  ];
  return told.flatMap((line) => hang('  ', `not looked at: ${line}`, look.width)).map((line) => look.style.dim(line));
}

export function renderPrunePlan(plan: PrunePlan, look: ProgramLook): string {
  if (plan.series.length === 0)
    return joinLines(['  no backup is of a schedule that the rule is about', ...passedOverLines(plan, look)]);
  return joinLines(['', ...plan.series.flatMap((each) => seriesLines(each, look)), ...passedOverLines(plan, look)]);
}

export function renderPruned(pruned: readonly Pruned[], look: ProgramLook): string {
  const { style, width } = look;
  const gone = pruned.filter(({ result }) => result === 'deleted').length;
  const refused = pruned.filter(({ result }) => result === 'refused');
  return joinLines([
    `  ${pruned.length === 0 ? 'nothing to delete' : `deleted ${count(gone, 'backup')}`}`,
    ...refused.flatMap(({ name, message = '' }) =>
      hang(`  ${style.warn('!')} `, visible(`${name} stays for now, the store refuses: ${message}`), width),
    ),
  ]);
}

export function renderNotPruned(failure: string, { style, width }: ProgramLook): string {
  return joinLines(hang(`  ${style.warn('!')} `, visible(`older backups could not be tidied: ${failure}`), width));
}
