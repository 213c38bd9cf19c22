// The lines of a unified diff for a terminal: safe to show, and in colours.

import { type Style, visible } from '../style.ts';

function colourLine(line: string, style: Style): string {
  const text = visible(line.replace(/\r$/, ''));
  if (line.startsWith('--- ') || line.startsWith('+++ ')) return style.bold(text);
  if (line.startsWith('@@')) return style.dim(text);
  if (line.startsWith('+')) return style.good(text);
  return line.startsWith('-') ? style.bad(text) : text;
}

/** One diff after the other, with an empty line behind each. */
export function diffLines(diffs: readonly string[], style: Style): string[] {
  return diffs.flatMap((diff) => [
    ...diff
      .trimEnd()
      .split('\n')
      .map((line) => colourLine(line, style)),
    '',
  ]);
}
