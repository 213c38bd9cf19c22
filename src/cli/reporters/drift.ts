// Drift for a terminal: what differs with its place in the files, then what is missing on either side.

import type { DriftAnswer, DriftedField } from '../../app/compare/drift.ts';
import { hang } from '../layout.ts';
import { visible } from '../style.ts';
import type { Look } from './look.ts';
import { count, subjectOf } from './words.ts';

function writerWords({ manager, time, subresource }: NonNullable<DriftedField['writer']>): string {
  const how = subresource === '' ? '' : ` (${subresource})`;
  return `written by ${manager}${how}${time === '' ? '' : ` on ${time.slice(0, 10)}`}`;
}

function changedLines({ changed }: DriftAnswer, { style, width }: Look): string[] {
  return changed.flatMap(({ object, fields }) => [
    `  ${style.bold(subjectOf(object))}`,
    ...fields.flatMap(({ path, position, declared, live, writer }) => [
      ...hang('    ', `${visible(path)}  ${visible(`${position.file}:${position.line}`)}`, width).map(style.dim),
      ...hang(`      ${style.good('files')}    `, visible(declared), width),
      ...hang(`      ${style.bad('cluster')}  `, live === undefined ? 'nothing' : visible(live), width),
      ...(writer === undefined ? [] : hang('               ', visible(writerWords(writer)), width).map(style.dim)),
    ]),
    '',
  ]);
}

function listLines(title: string, rows: readonly string[], { style, width }: Look): string[] {
  if (rows.length === 0) return [];
  return [`  ${style.bold(title)}`, ...rows.flatMap((row) => hang('    ', row, width)), ''];
}

export function renderDrift(answer: DriftAnswer, look: Look): string {
  const { context, same, changed, missing, besides, unknown } = answer;
  const summary = [
    `${count(same, 'object')} as declared`,
    `${changed.length} otherwise`,
    `${missing.length} missing`,
    ...(besides.length === 0 ? [] : [`${besides.length} besides`]),
  ].join(', ');
  return [
    '',
    ...hang('  ', `${visible(context)}: ${summary}`, look.width),
    '',
    ...changedLines(answer, look),
    ...listLines(
      'In the files and not in the cluster',
      missing.map(({ object, position }) => `${subjectOf(object)}  ${visible(`${position.file}:${position.line}`)}`),
      look,
    ),
    ...listLines('In the cluster and not in the files', besides.map(subjectOf), look),
    ...listLines('Not known: you may not list these', unknown.map(subjectOf), look),
  ].join('\n');
}
