// Schedules for a terminal: all in a table, and one with its runs and backups.

import type { DescribedSchedule, LastBackup, ListedSchedule } from '../../../app/schedules/read-schedules.ts';
import type { ScheduleRun } from '../../../backup/index.ts';
import { hang, padEnd, stringWidth } from '../../layout.ts';
import { visible } from '../../style.ts';
import type { Look } from '../plan.ts';
import { resultText } from './run.ts';
import { factLines, keepsText, minuteText, namespacesText, nextText, textOf, timesText } from './words.ts';

function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => stringWidth(row[column] ?? ''))));
  return rows.map((row) => `  ${row.map((cell, column) => padEnd(cell, widths[column] ?? 0)).join('  ')}`);
}

function backupText(last: LastBackup | undefined, { style }: Look): string {
  if (last === undefined) return style.warn('none');
  if ('unknown' in last) return style.dim(last.unknown === '' ? 'not asked' : 'not known');
  const phase = last.phase === 'Completed' ? '' : ` ${style.bad(visible(last.phase))}`;
  return `${minuteText(last.started)}${phase}`;
}

function runText(run: ScheduleRun | undefined, look: Look): string {
  return run === undefined ? look.style.dim('none yet') : `${minuteText(run.started)} ${resultText(run, look)}`;
}

function nextCell({ paused, next: [first] }: ListedSchedule, { style }: Look): string {
  if (paused) return style.warn('paused');
  return first === undefined ? 'never' : minuteText(first);
}

/** Why stores did not tell, each reason once. */
function unknownLines(schedules: readonly ListedSchedule[], { style, width }: Look): string[] {
  const reasons = schedules.flatMap(({ lastBackup, store }) =>
    lastBackup !== undefined && 'unknown' in lastBackup && lastBackup.unknown !== ''
      ? [`${store}: ${lastBackup.unknown}`]
      : [],
  );
  return [...new Set(reasons)].flatMap((reason) => hang(`  ${style.warn('!')} `, visible(reason), width));
}

export function renderSchedules(schedules: readonly ListedSchedule[], look: Look): string {
  if (schedules.length === 0) return '  no backup schedules here\n';
  const { style } = look;
  const head = ['SCHEDULE', 'RUNS', 'NEXT (UTC)', 'LAST RUN', 'LAST BACKUP'].map((each) => style.dim(each));
  const rows = schedules.map((each) => [
    style.bold(visible(`${each.namespace}/${each.name}`)),
    timesText(each),
    nextCell(each, look),
    runText(each.runs[0], look),
    backupText(each.lastBackup, look),
  ]);
  return textOf([...table([head, ...rows]), ...unknownLines(schedules, look)]);
}

function runLines({ runs, lastWords }: DescribedSchedule, look: Look): string[] {
  const { style, width } = look;
  const rows = runs.map((run) => [
    minuteText(run.started),
    resultText(run, look),
    visible(run.job),
    run.byHand ? 'by hand' : '',
    style.dim(visible(run.message)),
  ]);
  const words = lastWords === '' ? [] : lastWords.split('\n').flatMap((line) => hang('      ', visible(line), width));
  return [
    '',
    `  ${style.bold('Runs')}`,
    ...(rows.length === 0 ? ['    none yet'] : table(rows).map((row) => `  ${row}`)),
    ...words,
  ];
}

function backupLines({ backups, lastBackup }: DescribedSchedule, look: Look): string[] {
  const { style, width } = look;
  const head = ['', `  ${style.bold('Backups')}`];
  if (lastBackup !== undefined && 'unknown' in lastBackup && lastBackup.unknown === '') return [];
  if (lastBackup !== undefined && 'unknown' in lastBackup)
    return [...head, ...hang(`    ${style.warn('!')} `, visible(lastBackup.unknown), width)];
  if (backups.length === 0) return [...head, '    none in the store'];
  const rows = backups.map(({ name, phase, started }) => [
    minuteText(started),
    phase === 'Completed' ? style.good(phase) : style.bad(visible(phase)),
    visible(name),
  ]);
  return [...head, ...table(rows).map((row) => `  ${row}`)];
}

function rightsLines({ missingRights, name }: DescribedSchedule, { style, width, program }: Look): string[] {
  if (missingRights.length === 0) return [];
  const text = `its account may not do all that a run needs by now: ${missingRights.join(', ')}. ${program} schedule create ${name}, with the same words, gives it the rights.`;
  return ['', ...hang(`  ${style.warn('!')} `, visible(text), width)];
}

const volumeWords = {
  none: 'objects only, no data of volumes',
  named: 'with the files of volumes that pods name',
  all: 'with the files of all volumes',
} as const;

const snapshotWords = {
  no: '',
  usual: '; snapshots of others where there is a class for them',
  asked: '; snapshots of the others',
} as const;

function movedWord({ snapshots, movesData }: DescribedSchedule): string {
  return movesData && snapshots !== 'no' ? ', moved into the store' : '';
}

export function renderSchedule(described: DescribedSchedule, look: Look): string {
  const { namespace, name, paused, next, includes, excludes, volumes, snapshots, store, keeps, image } = described;
  const rows = [
    ['runs', timesText(described)],
    ['next', paused ? 'never: it is paused' : nextText(next)],
    [
      'saves',
      `${namespacesText(includes, excludes)}; ${volumeWords[volumes]}${snapshotWords[snapshots]}${movedWord(described)}`,
    ],
    ['into', visible(store)],
    ['keeps', keepsText(keeps)],
    ['image', visible(image)],
  ] as const;
  return textOf([
    `  ${look.style.bold(visible(`${namespace}/${name}`))}${paused ? `  ${look.style.warn('paused')}` : ''}`,
    ...factLines(rows, look),
    ...runLines(described, look),
    ...backupLines(described, look),
    ...rightsLines(described, look),
  ]);
}
