// Columns for terminals of any width: measures what a person sees, not how many characters there are.

import stringWidth from 'fast-string-width';

export function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - stringWidth(text)));
}

/** Columns of the widest text; of any number of them, where arguments of a call are limited. */
export function widestOf(texts: readonly string[]): number {
  return texts.reduce((most, text) => Math.max(most, stringWidth(text)), 0);
}

export function padStart(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - stringWidth(text))) + text;
}

/** The first characters that fit into `width` columns. Only for text without colours. */
function fitting(text: string, width: number): string {
  let used = 0;
  let end = 0;
  for (const character of text) {
    used += stringWidth(character);
    if (used > width) break;
    end += character.length;
  }
  return text.slice(0, end);
}

/** Cuts to a width; the cut is shown by an ellipsis. Only for text without colours. */
export function truncate(text: string, width: number): string {
  return stringWidth(text) <= width ? text : `${fitting(text, Math.max(0, width - 1)).trimEnd()}…`;
}

/** A word that is too long for a line, in pieces that fit; paths break after a slash where one is near the end. */
function pieces(word: string, width: number): string[] {
  if (stringWidth(word) <= width) return [word];
  const whole = fitting(word, width) || word.slice(0, 1);
  const slash = whole.lastIndexOf('/') + 1;
  const piece = slash > whole.length / 2 ? whole.slice(0, slash) : whole;
  return [piece, ...pieces(word.slice(piece.length), width)];
}

/** Breaks text into lines of at most `width` columns, between words where it can. Only for text without colours. */
export function wrap(text: string, width: number): string[] {
  const columns = Math.max(10, width);
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ').flatMap((each) => pieces(each, columns))) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && stringWidth(longer) > columns) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return [...lines, line];
}

/** Wraps text behind a label; further lines are indented to the label's width. The label may have colours, the text not. */
export function hang(label: string, text: string, width: number): string[] {
  const margin = stringWidth(label);
  const [first = '', ...rest] = wrap(text, width - margin);
  return [`${label}${first}`, ...rest.map((line) => ' '.repeat(margin) + line)];
}

export { stringWidth };

/** Lines as they are printed: no blanks stand at the end of one. */
export function joinLines(lines: readonly string[]): string {
  return lines.map((line) => `${line.trimEnd()}\n`).join('');
}
