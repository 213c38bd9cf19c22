// The edits of `fix` for a terminal: the diff of each file, what that closes, and what is left for a person.

import type { FixAnswer } from '../../app/fix.ts';
import { hang } from '../layout.ts';
import { type Style, visible } from '../style.ts';
import { diffLines } from './diff-lines.ts';
import { count, ownerWords, subjectOf } from './words.ts';

interface Look {
  readonly style: Style;
  readonly width: number;
  readonly program: string;
}

function summary({ files, fixed, proof }: FixAnswer, written: boolean, { style, width }: Look): string[] {
  if (files.length === 0)
    return [...hang('  ', 'Nothing that could be edited without a decision of yours.', width), ''];
  const what = `${written ? 'Edited' : 'Would edit'} ${count(files.length, 'file')}: ${count(fixed.length, 'finding')} put right.`;
  const { before, after, opened } = proof;
  const again = `Judged again: ${before} failed before, ${after} after${opened.length === 0 ? ', none of them new' : ''}.`;
  return [
    ...hang('  ', what, width),
    ...hang(`  ${opened.length === 0 ? style.good('✓') : style.bad('✗')} `, again, width),
    ...opened.flatMap(({ check, subject, message }) =>
      hang('    ', `new: ${visible(subjectOf(subject))}  ${visible(message)}  ${check}`, width),
    ),
    '',
  ];
}

function refusedLines({ refused }: FixAnswer, { style, width }: Look): string[] {
  if (refused.length === 0) return [];
  const rows = new Map<string, number>();
  for (const { check, subject, reason } of refused) {
    const row = `${visible(subjectOf(subject))}  ${check}: ${visible(reason)}`;
    rows.set(row, (rows.get(row) ?? 0) + 1);
  }
  return [`  ${style.bold('Not edited')}`, ...[...rows.keys()].flatMap((row) => hang('    ', row, width)), ''];
}

function leftLines({ left }: FixAnswer, { style, width, program }: Look): string[] {
  if (left.length === 0) return [];
  const rows = left.map(({ check, findings, owner }) => {
    const who = owner === 'developer' ? '' : `, ${ownerWords[owner]}`;
    return `${String(findings).padStart(6)}  ${check}${style.dim(who)}`;
  });
  return [...hang(`  ${style.bold('Left for a person')}  `, `${program} explain CHECK says more`, width), ...rows, ''];
}

export function renderFix(answer: FixAnswer, written: boolean, look: Look): string {
  const { files, proof } = answer;
  const isWaiting = !written && files.length > 0;
  const advice =
    proof.opened.length > 0
      ? 'Nothing is written while an edit would open a new finding: name the checks to fix one by one.'
      : `${look.program} fix --write, with the same words, writes this.`;
  return [
    '',
    ...diffLines(
      answer.files.map(({ diff }) => diff),
      look.style,
    ),
    ...refusedLines(answer, look),
    ...leftLines(answer, look),
    ...summary(answer, written, look),
    ...(isWaiting ? [...hang('  ', advice, look.width), ''] : []),
  ].join('\n');
}
