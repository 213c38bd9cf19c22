// An export for a terminal: where the files are, what was left out, and which Secrets somebody must bring.

import type { NeededSecret } from '../../backup/index.ts';
import { shellCommand } from '../../model/index.ts';
import { hang } from '../layout.ts';
import { visible } from '../style.ts';
import type { ProgramLook } from './look.ts';
import { count } from './words.ts';

interface Answer {
  readonly folder: string;
  readonly files: readonly string[];
  readonly secrets: readonly NeededSecret[];
  readonly leftOut: Readonly<Record<string, number>>;
  readonly problems: readonly string[];
}

function leftWords(leftOut: Answer['leftOut']): string[] {
  const words = Object.entries(leftOut)
    .filter(([why]) => why !== 'Secret')
    .map(([why, number]) => `${number} ${why}`);
  return words.length === 0 ? [] : [`left out: ${words.join(', ')}`];
}

function secretWords(secrets: Answer['secrets']): string[] {
  if (secrets.length === 0) return [];
  const names = secrets.map(({ namespace, name }) => `${namespace}/${name}`).join(', ');
  return [
    `values of ${count(secrets.length, 'Secret')} were not exported: ${names}. SECRETS.md says what must be there.`,
  ];
}

export function renderExported({ folder, files, secrets, leftOut, problems }: Answer, look: ProgramLook): string {
  const { style, width, program } = look;
  const rows = [
    `  ${style.bold(visible(folder))}  ${style.good('written')}: ${count(files.length, 'file')}`,
    ...leftWords(leftOut).flatMap((text) => hang('  ', visible(text), width)),
    ...secretWords(secrets).flatMap((text) => hang(`  ${style.warn('!')} `, visible(text), width)),
    ...problems.flatMap((text) => hang(`  ${style.bad('✗')} `, visible(text), width)),
    '',
    `  ${style.command(`${program} ${visible(shellCommand(['check', folder]))}`)}`,
  ];
  return rows.map((row) => `${row.trimEnd()}\n`).join('');
}
