// What is in backups, for a terminal: objects, where a text stands, the history of one object, and differences field by field.

import type { DiffAnswer } from '../../app/backups/saved-objects.ts';
import type { FieldChange, FoundObject, ObjectHistory } from '../../backup/index.ts';
import { type Json, renderJson } from '../../model/index.ts';
import { hang, joinLines, padEnd, stringWidth, widestOf } from '../layout.ts';
import { visible } from '../style.ts';
import type { Look } from './look.ts';
import { count } from './words.ts';

interface Named {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

function nameOf({ kind, namespace, name }: Named): string {
  return visible(`${kind} ${namespace === '' ? '' : `${namespace}/`}${name}`);
}

function matchLines({ matches = [] }: FoundObject, { style, width }: Look): string[] {
  const columns = Math.max(width, 60);
  return matches.flatMap(({ path, text }) => {
    const label = `      ${style.dim(visible(path))}  `;
    // Beside a long path there would be a column of words only.
    if (stringWidth(label) <= columns / 2) return hang(label, visible(text), columns);
    return [label.trimEnd(), ...hang('        ', visible(text), columns)];
  });
}

/** A row for each object; below it, where the searched text stands. */
export function renderFound(objects: readonly FoundObject[], look: Look): string {
  if (objects.length === 0) return joinLines(['  nothing of that is in the backup']);
  const rows = objects.map((each) => [visible(each.kind), visible(each.namespace), visible(each.name)] as const);
  const widest = [0, 1].map((column) => widestOf(rows.map((row) => row[column] ?? '')));
  return joinLines([
    ...objects.flatMap((each, index) => {
      const [kind = '', namespace = '', name = ''] = rows[index] ?? [];
      const row = `  ${padEnd(kind, widest[0] ?? 0)}  ${padEnd(namespace, widest[1] ?? 0)}  ${name}`;
      return [row, ...matchLines(each, look)];
    }),
    '',
    `  ${look.style.dim(count(objects.length, 'object'))}`,
  ]);
}

const longest = 60;

function valueText(value: Json | undefined): string {
  const text = renderJson(value ?? null);
  return visible(text.length > longest ? `${text.slice(0, longest - 1)}…` : text);
}

function valuesOf({ change, before, after, withheld }: FieldChange): string {
  if (withheld === true) return `${change} (values of Secrets are not shown)`;
  if (change === 'added') return valueText(after);
  return change === 'removed' ? valueText(before) : `${valueText(before)} → ${valueText(after)}`;
}

const marks = { added: '+', removed: '-', changed: '~' } as const;

function mark(change: keyof typeof marks, { style }: Look): string {
  const paint = { added: style.good, removed: style.bad, changed: style.warn }[change];
  return paint(marks[change]);
}

function fieldLines(fields: readonly FieldChange[], indent: string, look: Look): string[] {
  return fields.flatMap((field) =>
    hang(`${indent}${mark(field.change, look)} `, `${visible(field.path)}  ${valuesOf(field)}`, look.width),
  );
}

function sumLine({ differences, same, leftOut, sealed, before, after, live }: DiffAnswer): string {
  const changes = (['added', 'removed', 'changed'] as const).flatMap((change) => {
    const number = differences.filter((each) => each.change === change).length;
    return number === 0 ? [] : [`${number} ${change}`];
  });
  const what = changes.length === 0 ? 'no difference' : changes.join(', ');
  const rest = leftOut === 0 ? '' : `, ${leftOut} kept by the cluster itself and left out (--all)`;
  const closed = sealed === 0 ? '' : `, of ${count(sealed, 'sealed Secret')} no values`;
  const other = live ? `the cluster ${visible(after)}` : visible(after);
  return `  from ${visible(before)} to ${other}: ${what}; ${same} the same${closed}${rest}`;
}

/** The differences, then what they come to. */
export function renderDiff(answer: DiffAnswer, look: Look): string {
  const { differences, problems } = answer;
  return joinLines([
    ...differences.flatMap((each) => {
      const again = each.recreated ? look.style.dim('  deleted and made again') : '';
      return [`  ${mark(each.change, look)} ${nameOf(each)}${again}`, ...fieldLines(each.fields, '      ', look)];
    }),
    ...(differences.length === 0 ? [] : ['']),
    ...problems.flatMap((problem) => hang(`  ${look.style.warn('!')} `, visible(problem), look.width)),
    sumLine(answer),
  ]);
}

/** A line for each backup, and what changed in it below. */
export function renderHistory({ object, entries, unread }: ObjectHistory, look: Look): string {
  const { style } = look;
  const problems = unread.flatMap(({ backup, why }) =>
    hang(`  ${style.bad('✗')} `, visible(`${backup} could not be looked at: ${why}`), look.width),
  );
  if (object === '') return joinLines([...problems, '  no backup has such an object']);
  const widest = widestOf(entries.map(({ backup }) => visible(backup)));
  return joinLines([
    `  ${style.bold(visible(object))}`,
    ...entries.flatMap(({ backup, started, state, fields }) => [
      `  ${visible(started.replace('T', ' ').replace('Z', ''))}  ${padEnd(visible(backup), widest)}  ${state === 'same' || state === 'absent' ? style.dim(state) : style.bold(state)}`,
      ...fieldLines(fields, '      ', look),
    ]),
    ...problems,
  ]);
}
