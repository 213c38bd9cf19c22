// Cuts a stream into documents before parsing, so that one broken document does not hide the others.

export interface TextRange {
  readonly start: number;
  readonly end: number;
}

function isSeparator(text: string, at: number): boolean {
  const next = text.charCodeAt(at + 3);
  return Number.isNaN(next) || next === 10 || next === 13 || next === 32 || next === 9;
}

/** Ranges of the documents of a YAML stream; each begins at its own `---` line or at the stream's start. */
export function splitDocuments(text: string): TextRange[] {
  const ranges: TextRange[] = [];
  let start = 0;
  let at = text.startsWith('---') ? 0 : text.indexOf('\n---');
  while (at !== -1) {
    const line = text.charCodeAt(at) === 10 ? at + 1 : at;
    if (isSeparator(text, line)) {
      if (line > start) ranges.push({ start, end: line });
      start = line;
    }
    at = text.indexOf('\n---', line + 2);
  }
  if (start < text.length) ranges.push({ start, end: text.length });
  return ranges;
}
