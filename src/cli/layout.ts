// Columns for terminals of any width: measures what a person sees, not how many characters there are.

import stringWidth from 'string-width';

export function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - stringWidth(text)));
}

/** Cuts to a width; the cut is shown by an ellipsis. Only for text without colours. */
export function truncate(text: string, width: number): string {
  if (stringWidth(text) <= width) return text;
  let result = '';
  let used = 0;
  for (const character of text) {
    const next = used + stringWidth(character);
    if (next > width - 1) break;
    result += character;
    used = next;
  }
  return `${result}…`;
}

/** Breaks text into lines of at most `width` columns, between words; a longer word has a line of its own. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && stringWidth(longer) > width) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return [...lines, line];
}

/** Wraps text behind a first-line label; further lines are indented to the label's width. */
export function hang(label: string, text: string, width: number): string[] {
  const indent = stringWidth(label);
  const [first = '', ...rest] = wrap(text, Math.max(20, width - indent));
  return [`${label}${first}`, ...rest.map((line) => ' '.repeat(indent) + line)];
}

export { stringWidth };
