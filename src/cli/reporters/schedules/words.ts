// What is said of schedules in several places: when, what, and what is kept.

import { stringWidth, hang } from '../../layout.ts';
import { visible } from '../../style.ts';
import type { PlanLook } from '../plan.ts';

/** `2026-11-30 02:00`. */
export function minuteText(iso: string): string {
  return visible(iso.slice(0, 16).replace('T', ' '));
}

/** `0 2 * * *, Europe/Berlin`. */
export function timesText({ schedule, timeZone }: { readonly schedule: string; readonly timeZone: string }): string {
  return visible(`${schedule}, ${timeZone === 'Etc/UTC' ? 'UTC' : timeZone}`);
}

/** Instants, all of them of one zone that everybody has. */
export function nextText(next: readonly string[]): string {
  return next.length === 0 ? 'never' : `${next.map(minuteText).join(', ')} UTC`;
}

export function namespacesText(includes: readonly string[], excludes: readonly string[] = []): string {
  const isAll = includes.length === 0 || includes.join() === '*';
  const named = isAll ? 'all namespaces' : `namespace${includes.length === 1 ? '' : 's'} ${includes.join(', ')}`;
  return visible(excludes.length === 0 ? named : `${named}, but not ${excludes.join(', ')}`);
}

const units: Readonly<Record<string, string>> = {
  last: 'newest',
  hourly: 'hours',
  daily: 'days',
  weekly: 'weeks',
  monthly: 'months',
  yearly: 'years',
};

/** From options of `backup prune`: `the newest of 7 days, of 4 weeks, and what is younger than 30d`. */
export function keepsText(words: readonly string[]): string {
  const pairs = words.flatMap((word, index) =>
    word.startsWith('--keep-') ? [[word.slice(7), words[index + 1] ?? '']] : [],
  );
  const value = (name: string): string | undefined => pairs.find(([each]) => each === name)?.[1];
  const [last, within] = [value('last'), value('within')];
  const periods = Object.keys(units).flatMap((unit) =>
    unit === 'last' || value(unit) === undefined ? [] : [`${value(unit)} ${units[unit] ?? unit}`],
  );
  const told = [
    ...(last === undefined ? [] : [`the last ${last}`]),
    ...(periods.length === 0 ? [] : [`the newest of each of ${periods.join(', ')}`]),
    ...(within === undefined ? [] : [`what is younger than ${within}`]),
  ];
  return told.length === 0 ? 'everything: nothing is ever deleted' : visible(told.join('; '));
}

/** Rows of a label and its text, the texts in one column. */
export function factLines(
  rows: readonly (readonly [label: string, text: string])[],
  { style, width }: PlanLook,
): string[] {
  const widest = Math.max(...rows.map(([label]) => stringWidth(label)));
  return rows.flatMap(([label, text]) =>
    hang(`    ${style.dim(label)}${' '.repeat(widest - stringWidth(label))}  `, text, width),
  );
}

export function textOf(lines: readonly string[]): string {
  return lines.map((line) => `${line.trimEnd()}\n`).join('');
}
