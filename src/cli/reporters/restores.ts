// Restores that were made, for a terminal: a table of them, and one by itself.

import type { DescribedRestore, RestoreSummary } from '../../backup/index.ts';
import { hang, joinLines, padEnd, padStart } from '../layout.ts';
import { visible } from '../style.ts';
import { nextLines, table } from './backup.ts';
import type { ProgramLook } from './look.ts';
import { resultLines } from './described-backup.ts';
import { count } from './words.ts';

function phaseText({ phase }: RestoreSummary, { style }: ProgramLook): string {
  return phase === 'Completed' ? style.good(phase) : style.bad(visible(phase));
}

/** As in the table of backups: UTC, to the second. */
function time(iso: string): string {
  return visible(iso.replace('T', ' ').replace(/(?:\.\d+)?Z$/, ''));
}

/** What is not known stays empty: of Velero's restores the store does not say it. */
function rowOf(each: RestoreSummary, isWide: boolean, look: ProgramLook): string[] {
  const { name, backup, started, completed, errors, warnings, madeBy, context } = each;
  const row = [visible(name), visible(backup), phaseText(each, look), time(started), String(errors), String(warnings)];
  return isWide ? [...row, time(completed), madeBy, visible(context)] : row;
}

const head = ['Name', 'Backup', 'Phase', 'Started', 'Errors', 'Warnings'];
const wideHead = [...head, 'Completed', 'Made by', 'Cluster'];

export function renderRestores(
  restores: readonly RestoreSummary[],
  { place, isWide }: { readonly place: string; readonly isWide: boolean },
  look: ProgramLook,
): string {
  if (restores.length === 0) {
    const words = ['restore', 'create', '--from-backup', 'NAME', '--context', '.', '--store', place];
    return joinLines([`  ${visible(place)} tells of no restore`, '', ...nextLines([[words, 'makes one']], look)]);
  }
  const rows = restores.map((each) => rowOf(each, isWide, look));
  return joinLines(
    table([isWide ? wideHead : head, ...rows]).map((line, index) => (index === 0 ? look.style.dim(line) : line)),
  );
}

const outcomeOrder = ['created', 'updated', 'skipped', 'failed'] as const;

function kindLines({ kinds }: DescribedRestore): string[] {
  const rows = kinds.map(([kind, outcomes]) => {
    const parts = outcomeOrder.flatMap((each) => (outcomes[each] === undefined ? [] : [`${outcomes[each]} ${each}`]));
    return [Object.values(outcomes).reduce((sum, each) => sum + each, 0), visible(kind), parts.join(', ')] as const;
  });
  const widest = (column: 0 | 1): number => Math.max(0, ...rows.map((row) => String(row[column]).length));
  return rows.map(
    ([total, kind, words]) => `  ${padStart(String(total), widest(0))}  ${padEnd(kind, widest(1))}  ${words}`,
  );
}

function wayLines({ backup, context, server, namespaceMappings, madeBy }: DescribedRestore, width: number): string[] {
  const from = backup === '' ? 'the store does not say of which backup' : `of the backup ${backup}`;
  const to = context === '' ? '' : `, into ${context} at ${server}`;
  return [
    ...hang('  ', visible(`${from}${to}, by ${madeBy}`), width),
    ...Object.entries(namespaceMappings).map(([old, now]) => `  ${visible(old)} became ${visible(now)}`),
  ];
}

export function renderDescribedRestore(described: DescribedRestore, look: ProgramLook): string {
  const { name, started, completed, errors, warnings, kinds } = described;
  const title = look.style.bold(visible(name));
  return joinLines([
    `  ${title}  ${phaseText(described, look)}  ${count(errors, 'error')}, ${count(warnings, 'warning')}`,
    ...(started === '' ? [] : [`  ${time(started)} to ${time(completed)}`]),
    ...wayLines(described, look.width),
    '',
    ...kindLines(described),
    ...(kinds.length === 0 ? [] : ['']),
    ...resultLines(described.results, look),
  ]);
}
