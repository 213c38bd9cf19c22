// What the sections of the page share: they are lines, and their words hang behind a label.

import type { Report } from '../../../journey/index.ts';
import { padEnd, stringWidth, wrap } from '../../layout.ts';
import type { ReporterOptions } from '../reporter.ts';

export type Section = (report: Report, options: ReporterOptions) => string[];

/** Columns before the words of a section: its label stands in them. */
export const indent = 11;
/** Below this many columns labels stand above their words. */
const narrow = 60;

export function isNarrow({ width }: ReporterOptions): boolean {
  return width < narrow;
}

/** Columns left for the words of a section. */
export function room(options: ReporterOptions): number {
  return options.width - (isNarrow(options) ? 4 : indent + 2);
}

/** Lines behind a label, or below it where the terminal is narrow. They must fit into `room` already. */
export function labelled(label: string, lines: readonly string[], options: ReporterOptions): string[] {
  if (isNarrow(options)) return [`  ${label}`, ...lines.map((line) => `    ${line}`)];
  return lines.map((line, index) => `  ${padEnd(index === 0 ? label : '', indent)}${line}`);
}

/** Words of which each stands whole: joined by dots where they fit, one below the other where not. */
export function joinOrStack(words: readonly string[], width: number): string[] {
  const line = words.join(' · ');
  return stringWidth(line) <= width ? [line] : [...words];
}

/** A command to copy, never broken: a word on what it gives stands behind it, or is left out. */
export function command(text: string, hint: string, options: ReporterOptions): string {
  const { style } = options;
  const fits = stringWidth(text) + stringWidth(hint) + 3 <= room(options);
  return style.command(text) + (fits && hint !== '' ? `   ${style.dim(hint)}` : '');
}

/** Wraps plain text and colours each line. */
export function paint(text: string, colour: (line: string) => string, width: number): string[] {
  return wrap(text, width).map((line) => colour(line));
}
