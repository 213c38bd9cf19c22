// Backups for a terminal: what was made, what a store holds, and whether one is whole.

import type { FoundBackup } from '../../app/drills/last-drill.ts';
import type { BackupSummary, CreatedBackup, Verification } from '../../backup/index.ts';
import { shellCommand } from '../../model/index.ts';
import { hang, joinLines, padEnd, stringWidth } from '../layout.ts';
import { type Style, visible } from '../style.ts';
import { problemLines, rightLines } from './gaps.ts';
import { dumpLines } from './hooks.ts';
import type { ProgramLook } from './look.ts';
import { count } from './words.ts';

const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

/** `3.4 MiB`. */
export function sizeText(bytes: number): string {
  let [value, unit] = [bytes, 0];
  while (value >= 1024 && unit < units.length - 1) [value, unit] = [value / 1024, unit + 1];
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit] ?? ''}`;
}

function seconds(from: string, to: string): string {
  return `${((Date.parse(to) - Date.parse(from)) / 1000).toFixed(1)} s`;
}

function snapshotLines({ snapshots }: CreatedBackup): string[] {
  const drivers = [...new Set(snapshots.map(({ driver }) => visible(driver)))].join(', ');
  return snapshots.length === 0 ? [] : [`  with ${count(snapshots.length, 'snapshot')} in ${drivers}`];
}

function volumeLines({ volumes }: CreatedBackup): string[] {
  if (volumes.length === 0) return [];
  const sum = (key: 'bytes' | 'files'): number => volumes.reduce((total, each) => total + each[key], 0);
  return [
    `  with the data of ${count(volumes.length, 'volume')}: ${count(sum('files'), 'file')}, ${sizeText(sum('bytes'))}`,
  ];
}

const mostWithout = 5;

/** The most costly surprise of all: a restore that brings an empty volume back. */
export function withoutDataLines(
  { withoutData }: Pick<CreatedBackup, 'withoutData'>,
  { style, width }: ProgramLook,
): string[] {
  if (withoutData.length === 0) return [];
  const names = withoutData.map(({ namespace, claim, volume }) => (claim === '' ? volume : `${namespace}/${claim}`));
  const more = names.length > mostWithout ? ` and ${names.length - mostWithout} more` : '';
  const which = visible(`${names.slice(0, mostWithout).join(', ')}${more}`);
  const mark = `  ${style.warn('!')} `;
  const all = withoutData.every(({ reason }) => reason === withoutData[0]?.reason) ? withoutData[0]?.reason : undefined;
  return [
    ...hang(
      mark,
      `without the data of ${count(withoutData.length, 'volume')}, which would come back empty: ${which}`,
      width,
    ),
    ...(all === undefined || all === '' ? [] : hang('      ', visible(all), width)),
  ];
}

/** What somebody does who wants the data too. */
function dataHintLines({ withoutData }: CreatedBackup, { style, width }: ProgramLook): string[] {
  if (withoutData.length === 0) return [];
  const hint = '--default-volumes-to-fs-backup saves their files, --dump the content of databases';
  return hang('      ', hint, width).map((line) => style.dim(line));
}

function secretLines({ plainSecrets }: CreatedBackup, { style, width }: ProgramLook): string[] {
  if (plainSecrets === 0) return [];
  const verb = plainSecrets === 1 ? 'is' : 'are';
  return hang(
    `  ${style.dim('·')} `,
    `${count(plainSecrets, 'Secret')} ${verb} in it in plain text, for whoever reads the store; --seal-to encrypts`,
    width,
  );
}

/** Commands that lead on, each with what it is for, which is left out where there is no room. */
export function nextLines(
  commands: readonly (readonly [words: readonly string[], what: string])[],
  { program, style, width }: ProgramLook,
): string[] {
  const rows = commands.map(([words, what]) => [visible(`${program} ${shellCommand(words)}`), what] as const);
  const widest = (column: 0 | 1): number => Math.max(...rows.map((row) => stringWidth(row[column])));
  const hasRoom = 2 + widest(0) + 3 + widest(1) <= width;
  return rows.map(([text, what]) => {
    if (!hasRoom) return `  ${style.command(text)}`;
    return `  ${style.command(padEnd(text, widest(0)))}   ${style.dim(what)}`;
  });
}

export interface MadeFrom {
  readonly store: string;
  /** How the cluster is named: `--context prod`. */
  readonly cluster: readonly string[];
}

function outcomeText(phase: CreatedBackup['phase'], style: Style): string {
  if (phase === 'Failed') return style.bad('nothing was saved');
  return phase === 'Completed' ? style.good('saved') : style.warn('saved in part');
}

export function renderCreated(made: CreatedBackup, { store, cluster }: MadeFrom, look: ProgramLook): string {
  const { style } = look;
  return joinLines([
    `  ${style.bold(visible(made.name))}  ${outcomeText(made.phase, style)}: ${count(made.objects, 'object')}, ${sizeText(made.bytes)} as ${sizeText(made.archiveBytes)}, in ${seconds(made.started, made.completed)}`,
    ...volumeLines(made),
    ...snapshotLines(made),
    `  ${style.dim(visible(store))}`,
    ...dumpLines(made.dumps, sizeText),
    ...problemLines(made.problems, look),
    ...rightLines(made.problems, look),
    ...withoutDataLines(made, look),
    ...dataHintLines(made, look),
    ...secretLines(made, look),
    ...movedLines(made, look),
    ...changeLines(made, look),
    ...(made.phase === 'Failed' ? [] : ['']),
    ...nextLines(
      made.phase === 'Failed'
        ? []
        : [
            [['backup', 'verify', made.name, '--store', store], 'is every byte as it was written?'],
            [['drill', '--from-backup', made.name, ...cluster, '--store', store], 'does it come back?'],
          ],
      look,
    ),
  ]);
}

/** Columns as wide as what stands in them. */
export function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => stringWidth(row[column] ?? ''))));
  return rows.map((row) => `  ${row.map((cell, column) => padEnd(cell, widths[column] ?? 0)).join('  ')}`);
}

export function phaseText({ phase }: BackupSummary, { style }: ProgramLook): string {
  if (phase === 'Completed') return style.good(phase);
  return phase === 'Unfinished' ? style.dim(phase) : style.bad(visible(phase));
}

const mostNamespaces = 3;

function namespacesText({ includedNamespaces: names }: BackupSummary): string {
  if (names.length === 0 || names.includes('*')) return 'all';
  const more = names.length - mostNamespaces;
  return names.slice(0, mostNamespaces).join(', ') + (more > 0 ? ` and ${more} more` : '');
}

/** What the last drill has shown of it. */
function drillCell({ drill }: FoundBackup, { style }: ProgramLook): string {
  if (drill === undefined) return '';
  const day = visible(drill.time.slice(0, 10));
  return drill.holds ? style.good(`came back ${day}`) : style.bad(`did not come back ${day}`);
}

export function renderBackups(backups: readonly FoundBackup[], store: string, look: ProgramLook): string {
  if (backups.length === 0) {
    const words = ['backup', 'create', '--context', '.', '-n', 'NAMESPACE', '--store', store];
    return joinLines([`  ${visible(store)} holds no backup`, '', ...nextLines([[words, 'makes one']], look)]);
  }
  const isDrilled = backups.some(({ drill }) => drill !== undefined);
  const head = [
    'Name',
    'Phase',
    'Objects',
    'Started',
    'Made by',
    'Expires',
    'Namespaces',
    ...(isDrilled ? ['Last drill'] : []),
  ];
  const rows = backups.map((each) => [
    visible(each.name),
    phaseText(each, look),
    each.phase === 'Unfinished' ? '' : String(each.items),
    visible(each.started.replace('T', ' ').replace('Z', '')),
    each.madeBy,
    each.expiration === '' ? 'never' : visible(each.expiration.slice(0, 10)),
    each.phase === 'Unfinished' ? '' : visible(namespacesText(each)),
    ...(isDrilled ? [drillCell(each, look)] : []),
  ]);
  return joinLines(table([head, ...rows]).map((line, index) => (index === 0 ? look.style.dim(line) : line)));
}

/** They change all the time, and nobody restores them. */
const restless: ReadonlySet<string> = new Set(['events', 'events.events.k8s.io', 'leases.coordination.k8s.io']);
const mostChanged = 5;

/** Lists whose moment the API server had forgotten before their end. */
export function movedLines({ lists }: Pick<CreatedBackup, 'lists'>, { style, width }: ProgramLook): string[] {
  const names = lists.flatMap(({ inconsistent, groupResource }) => (inconsistent ? [groupResource] : []));
  if (names.length === 0) return [];
  const what = `${count(names.length, 'list')} took so long that later pages show a later moment: ${visible(names.join(', '))}`;
  return hang(`  ${style.warn('!')} `, what, width);
}

/** What went on while the lists were made: the backup shows each list's own moment. */
export function changeLines({ lists }: Pick<CreatedBackup, 'lists'>, { style, width }: ProgramLook): string[] {
  const told = lists.filter(({ groupResource }) => !restless.has(groupResource));
  const unknown = told.filter(({ changes }) => changes === undefined).length;
  const changed = told.flatMap((list) => (list.changes === undefined ? [] : [{ ...list, ...list.changes }]));
  const total = changed.reduce((sum, { added, modified, deleted }) => sum + added + modified + deleted, 0);
  const names = changed.flatMap((each) => each.names.map((name) => `${each.groupResource} ${name}`));
  const shown = names.slice(0, mostChanged).join(', ') + (total > Math.min(names.length, mostChanged) ? ', …' : '');
  const mark = `  ${style.dim('·')} `;
  return [
    // That it shows one moment can be said only where all lists tell, and each shows one.
    ...(told.length === 0 || (total === 0 && (unknown > 0 || told.some(({ inconsistent }) => inconsistent)))
      ? []
      : hang(mark, changeText(total, shown), width)),
    ...(unknown === 0 ? [] : hang(mark, `what changed since ${count(unknown, 'list')} cannot be told`, width)),
  ];
}

function changeText(total: number, shown: string): string {
  if (total === 0) return 'nothing changed while it was read: it shows one moment';
  return `${count(total, 'object')} changed while it was read, and may be in it as before: ${visible(shown)}`;
}

const mostFlaws = 20;

export function renderVerification(
  { name, compared, objects, files, bytes, signature, flaws }: Verification,
  look: ProgramLook,
): string {
  const { style, width } = look;
  const what =
    compared === 'hashes'
      ? `${count(objects, 'object')} and ${count(files, 'key')}, ${sizeText(bytes)}: every byte is as it was written`
      : `${count(objects, 'object')} can be read; Velero notes no hashes, so that their content cannot be compared`;
  const signed = {
    none: '',
    invalid: '',
    unchecked: '; signed, which --key would check',
    valid: '; the signature holds',
  };
  if (flaws.length === 0) return joinLines([`  ${style.good('✓')} ${visible(name)}  ${what}${signed[signature]}`]);
  return joinLines([
    `  ${style.bad('✗')} ${style.bold(visible(name))}  ${count(flaws.length, 'place')} not as written`,
    ...flaws.slice(0, mostFlaws).flatMap(({ where, what: why }) => hang('    ', visible(`${where} ${why}`), width)),
    ...(flaws.length > mostFlaws ? [`    and ${flaws.length - mostFlaws} more: -o json lists them`] : []),
  ]);
}
