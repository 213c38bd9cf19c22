// Colours with meaning, and text that is safe to show: names from the input may hold control characters.

import { Ansis } from 'ansis';
import type { Severity } from '../model/index.ts';

export interface Style {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly warn: (text: string) => string;
  readonly info: (text: string) => string;
  readonly command: (text: string) => string;
}

/** A style with or without colours. */
export function createStyle(colour: boolean): Style {
  const ink = new Ansis(colour ? 2 : 0);
  return {
    bold: (text) => ink.bold(text),
    dim: (text) => ink.dim(text),
    good: (text) => ink.green(text),
    bad: (text) => ink.red(text),
    warn: (text) => ink.yellow(text),
    info: (text) => ink.cyan(text),
    command: (text) => ink.cyan(text),
  };
}

export function severityStyle(style: Style, severity: Severity): (text: string) => string {
  switch (severity) {
    case 'critical':
      return (text) => style.bold(style.bad(text));
    case 'high':
      return style.bad;
    case 'medium':
      return style.warn;
    case 'low':
      return style.dim;
  }
}

// C0 and C1 controls, and the marks that turn the direction of text around: none of them may reach a terminal.
// eslint-disable-next-line no-control-regex
const unsafe = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** Text from the input with control characters made visible, such as `\u001b`. */
export function visible(text: string): string {
  return text.replace(unsafe, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
