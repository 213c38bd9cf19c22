// Schedules for a terminal: all in a table, and one with its runs and backups.

import type {
  DescribedSchedule,
  LastBackup,
  LastDrill,
  ListedSchedule,
} from '../../../app/schedules/read-schedules.ts';
import type { ScheduleRun } from '../../../backup/index.ts';
import { hang, padEnd, stringWidth } from '../../layout.ts';
import { visible } from '../../style.ts';
import type { PlanLook } from '../plan.ts';
import { resultText } from './run.ts';
import { factLines, keepsText, minuteText, namespacesText, nextText, textOf, timesText } from './words.ts';

function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => stringWidth(row[column] ?? ''))));
  return rows.map((row) => `  ${row.map((cell, column) => padEnd(cell, widths[column] ?? 0)).join('  ')}`);
}

function backupText(last: LastBackup | undefined, { style }: PlanLook): string {
  if (last === undefined) return style.warn('none');
  if ('unknown' in last) return style.dim(last.unknown === '' ? 'not asked' : 'not known');
  const phase = last.phase === 'Completed' ? '' : ` ${style.bad(visible(last.phase))}`;
  return `${minuteText(last.started)}${phase}`;
}

function runText(run: ScheduleRun | undefined, look: PlanLook): string {
  return run === undefined ? look.style.dim('none yet') : `${minuteText(run.started)} ${resultText(run, look)}`;
}

/** Of drills, what the store knows of the last one. */
function drillText(last: LastDrill | undefined, { style }: PlanLook): string {
  if (last === undefined) return '';
  return `${minuteText(last.time)} ${last.holds ? style.good('came back') : style.bad('did not come back')}`;
}

function nextCell({ paused, next: [first] }: ListedSchedule, { style }: PlanLook): string {
  if (paused) return style.warn('paused');
  return first === undefined ? 'never' : minuteText(first);
}

/** Why stores did not tell, each reason once. */
function unknownLines(schedules: readonly ListedSchedule[], { style, width }: PlanLook): string[] {
  const reasons = schedules.flatMap(({ lastBackup, store }) =>
    lastBackup !== undefined && 'unknown' in lastBackup && lastBackup.unknown !== ''
      ? [`${store}: ${lastBackup.unknown}`]
      : [],
  );
  return [...new Set(reasons)].flatMap((reason) => hang(`  ${style.warn('!')} `, visible(reason), width));
}

export function renderSchedules(schedules: readonly ListedSchedule[], look: PlanLook): string {
  if (schedules.length === 0) return '  no schedules here\n';
  const { style } = look;
  const head = ['SCHEDULE', 'RUNS', 'NEXT (UTC)', 'LAST RUN', 'LAST BACKUP', 'LAST DRILL'].map((each) =>
    style.dim(each),
  );
  const rows = schedules.map((each) => [
    style.bold(visible(`${each.namespace}/${each.name}`)),
    timesText(each),
    nextCell(each, look),
    runText(each.runs[0], look),
    backupText(each.lastBackup, look),
    drillText(each.lastDrill, look),
  ]);
  return textOf([...table([head, ...rows]), ...unknownLines(schedules, look)]);
}

function runLines({ runs, lastWords }: DescribedSchedule, look: PlanLook): string[] {
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

function backupLines({ backups, lastBackup }: DescribedSchedule, look: PlanLook): string[] {
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

function rightsLines({ missingRights, name, drill }: DescribedSchedule, { style, width, program }: PlanLook): string[] {
  if (missingRights.length === 0) return [];
  const text = `its account may not do all that a run needs by now: ${missingRights.join(', ')}. ${program} schedule ${drill === undefined ? 'create' : 'drill'} ${name}, with the same words, gives it the rights.`;
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

function doingRows(schedule: DescribedSchedule): (readonly [string, string])[] {
  const { includes, excludes, volumes, snapshots, store, keeps, drill } = schedule;
  if (drill === undefined)
    return [
      [
        'saves',
        `${namespacesText(includes, excludes)}; ${volumeWords[volumes]}${snapshotWords[snapshots]}${movedWord(schedule)}`,
      ],
      ['into', visible(store)],
      ['keeps', keepsText(keeps)],
    ];
  const data = volumes === 'none' ? 'objects only' : 'with the data of volumes';
  return [
    ['tries', visible(`the newest whole backup of ${drill.of}, ${data}`)],
    ...drill.fences.map(
      ([from, to]) => ['restores', visible(`${from} into ${to}, which is closed and emptied`)] as const,
    ),
    ['from', visible(store)],
  ];
}

function drillLines({ lastDrill }: DescribedSchedule, look: PlanLook): string[] {
  if (lastDrill === undefined) return [];
  const text = `${visible(lastDrill.backup)}  ${drillText(lastDrill, look)}`;
  return ['', `  ${look.style.bold('Last drill')}`, `    ${text}`];
}

export function renderSchedule(described: DescribedSchedule, look: PlanLook): string {
  const { namespace, name, paused, next, image } = described;
  const rows = [
    ['runs', timesText(described)],
    ['next', paused ? 'never: it is paused' : nextText(next)],
    ...doingRows(described),
    ['image', visible(image)],
  ] as const;
  return textOf([
    `  ${look.style.bold(visible(`${namespace}/${name}`))}${paused ? `  ${look.style.warn('paused')}` : ''}`,
    ...factLines(rows, look),
    ...runLines(described, look),
    ...backupLines(described, look),
    ...drillLines(described, look),
    ...rightsLines(described, look),
  ]);
}
