// Digests for a terminal: the diff of each file, what could not be pinned, and the counts.

import type { PinAnswer } from '../../app/pin/pin.ts';
import { pushTo } from '../../model/index.ts';
import { hang } from '../layout.ts';
import { visible } from '../style.ts';
import { diffLines } from './diff-lines.ts';
import type { ProgramLook } from './look.ts';
import { count, subjectOf } from './words.ts';

/** Each image once, with those who run it. */
function unpinnedLines({ unpinned }: PinAnswer, { style, width }: ProgramLook): string[] {
  if (unpinned.length === 0) return [];
  const rows = new Map<string, string[]>();
  for (const { image, reason, subject } of unpinned) {
    const key = `${image}  ${reason}`;
    pushTo(rows, key, subjectOf(subject));
  }
  return [
    `  ${style.bold('Not pinned')}`,
    ...[...rows].flatMap(([key, subjects]) => [
      ...hang('    ', visible(key), width),
      ...hang('      ', visible(subjects.join('; ')), width).map(style.dim),
    ]),
    '',
  ];
}

function summary(
  { files, pinned, already, unpinned }: PinAnswer,
  written: boolean,
  { style, width }: ProgramLook,
): string[] {
  const had = already === 0 ? '' : ` ${count(already, 'image')} had a digest.`;
  if (files.length === 0) return [...hang('  ', `Nothing to edit.${had}`, width), ''];
  const sources = [...new Set(pinned.map(({ source }) => source))].join(', ');
  const what = `${written ? 'Edited' : 'Would edit'} ${count(files.length, 'file')}: ${count(pinned.length, 'image')} pinned, as told by ${sources}.${had}`;
  const mark = unpinned.length === 0 ? style.good('✓') : style.warn('!');
  return [...hang(`  ${mark} `, visible(what), width), ''];
}

export function renderPins(answer: PinAnswer, written: boolean, look: ProgramLook): string {
  const isWaiting = !written && answer.files.length > 0;
  const advice = `${look.program} pin --write, with the same words, writes this.`;
  return [
    '',
    ...diffLines(
      answer.files.map(({ diff }) => diff),
      look.style,
    ),
    ...unpinnedLines(answer, look),
    ...summary(answer, written, look),
    ...(isWaiting ? [...hang('  ', advice, look.width), ''] : []),
  ].join('\n');
}
