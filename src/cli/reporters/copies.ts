// Copies of backups for a terminal: what was copied, how it was compared, and what stays behind.

import type { CopiedBackup, DownloadedArchive } from '../../backup/index.ts';
import { shellCommand } from '../../model/index.ts';
import { hang, joinLines } from '../layout.ts';
import { visible } from '../style.ts';
import { sizeText } from './backup.ts';
import type { ProgramLook } from './look.ts';
import { count } from './words.ts';

const comparisons = {
  hashes: 'every byte as the seal has it',
  reading: 'as it could be read: Velero notes no hashes',
} as const;

const repositories = {
  missing: 'the other store has no such repository; --volumes copies it',
  same: 'the other store has the same repository; whether these data are in it was not looked at, --volumes copies them',
  another: 'the other store has another repository of that name',
} as const;

function leftLines({ leftBehind }: CopiedBackup, { style, width }: ProgramLook): string[] {
  return leftBehind.flatMap(({ namespace, volumes, repository }) => {
    const text = `the data of ${count(volumes, 'volume')} of ${namespace} stay behind, in kopia/${namespace}/: ${repositories[repository]}`;
    return hang(`  ${style.warn('!')} `, visible(text), width);
  });
}

function repositoryLines({ repositories: all }: CopiedBackup, { style, width }: ProgramLook): string[] {
  return all.flatMap(({ namespace, copied, already, bytes }) => {
    const before = already === 0 ? '' : `, ${already} there already`;
    const text = `the data of volumes of ${namespace}: ${count(copied, 'blob')} of its kopia repository, ${sizeText(bytes)}${before}`;
    return hang(`  ${style.good('✓')} `, visible(text), width);
  });
}

/** `place` as the user named it: it can be used again. */
export function renderCopied(copied: CopiedBackup, place: string, look: ProgramLook): string {
  const { style, program } = look;
  const { name, compared, already, bytes } = copied;
  const before = already === 0 ? '' : `, ${count(already, 'key')} there already`;
  return joinLines([
    `  ${style.bold(visible(name))}  ${style.good('copied')}: ${count(copied.copied, 'key')}, ${sizeText(bytes)}${before}; ${comparisons[compared]}`,
    `  ${style.dim(visible(place))}`,
    ...repositoryLines(copied, look),
    ...leftLines(copied, look),
    '',
    `  ${style.command(`${program} ${visible(shellCommand(['backup', 'verify', name, '--store', place]))}`)}`,
  ]);
}

export function renderDownloaded(
  name: string,
  { file, bytes, compared }: DownloadedArchive,
  { style }: ProgramLook,
): string {
  return joinLines([
    `  ${style.bold(visible(name))}  ${style.good('saved')}: ${sizeText(bytes)}; ${comparisons[compared]}`,
    `  ${style.dim(visible(file))}`,
  ]);
}
