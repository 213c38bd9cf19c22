// Changes of a text by lines: made, and turned round. A line is taken with its end, so that every byte is accounted for.

import type { LineChange } from './plan.ts';

/** The lines of a text, each with its end; the last one may have none. */
export function splitLines(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/** The text after the changes; `undefined` where the lines that shall go are not the ones that stand there. */
export function applyLineChanges(text: string, changes: readonly LineChange[]): string | undefined {
  const lines = splitLines(text);
  const parts: string[] = [];
  let at = 0;
  for (const { line, remove, add } of changes) {
    const start = line - 1;
    const standing = lines.slice(start, start + remove.length);
    if (start < at || start > lines.length || standing.join('') !== remove.join('')) return undefined;
    parts.push(lines.slice(at, start).join(''), add.join(''));
    at = start + remove.length;
  }
  return parts.join('') + lines.slice(at).join('');
}

/** The changes that lead back: their line numbers are those of the changed text. */
export function invertLineChanges(changes: readonly LineChange[]): LineChange[] {
  let grown = 0;
  return changes.map(({ line, remove, add }) => {
    const inverse = { line: line + grown, remove: add, add: remove };
    grown += add.length - remove.length;
    return inverse;
  });
}
