// Events of a text as go-yaml has them, which asks for no indentation inside of brackets and quotes: js-yaml does, as the specification says.

import { type Event, parseEvents, YAMLException } from 'js-yaml';

/** Deepest nesting that is read; Kubernetes' own objects stay under 60. */
export const maxDepth = 400;

/** Wider than anything is indented. */
const padding = ' '.repeat(400);

/** Each takes another parse of the document. */
const maxPaddedLines = 100;

export interface TextEvents {
  /** What the offsets of the events count in. */
  readonly source: string;
  readonly events: readonly Event[];
  /** The offset in the given text. */
  readonly toGiven: (offset: number) => number;
}

/** Start of the line that stands too far to the left for js-yaml. */
function deficientLine(error: unknown, source: string): number | undefined {
  if (!(error instanceof YAMLException) || error.reason !== 'deficient indentation') return undefined;
  const { position } = error.mark ?? { position: 0 };
  return source.lastIndexOf('\n', position - 1) + 1;
}

/** Blanks at the start of these lines mean nothing: they are inside of brackets or quotes. `lines` are their starts, in the text with blanks. */
function readPadded(text: string): TextEvents | undefined {
  const lines: number[] = [];
  let source = text;
  while (lines.length <= maxPaddedLines)
    try {
      const events = parseEvents(source, { maxDepth });
      const before = (offset: number): number => lines.filter((line) => line < offset).length;
      return { source, events, toGiven: (offset) => offset - before(offset) * padding.length };
    } catch (error) {
      const line = deficientLine(error, source);
      if (line === undefined || line === lines.at(-1)) return undefined;
      lines.push(line);
      source = source.slice(0, line) + padding + source.slice(line);
    }
  return undefined;
}

/** Throws js-yaml's exception, whose place is in the given text. */
export function readEvents(text: string): TextEvents {
  try {
    return { source: text, events: parseEvents(text, { maxDepth }), toGiven: (offset) => offset };
  } catch (error) {
    const padded = deficientLine(error, text) === undefined ? undefined : readPadded(text);
    if (padded === undefined) throw error;
    return padded;
  }
}
