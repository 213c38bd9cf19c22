// The hand in which a text is written: its line ends, how far it goes in, and where its lists stand; what is put in follows it.

import { jsonHandOf } from './json-text.ts';

export interface Hand {
  readonly newLine: string;
  /** Columns that a field stands to the right of the one that holds it. */
  readonly step: number;
  /** Lists stand at the column of their key. */
  readonly flatLists: boolean;
}

const usualStep = 2;

/** The one that occurs most often; of several the smallest. */
function commonest(values: readonly number[]): number | undefined {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort(([a, one], [b, other]) => other - one || a - b)[0]?.[0];
}

/** Lines that open something, with what stands on the next line: blanks, and a dash where a list begins. */
const opening = /^( *)((?:- +)*)[\w./"'-]+:[ \t]*(?:#.*)?\r?\n(?=(?:[ \t]*(?:#.*)?\r?\n)*( *)(- )?[^\s#])/gm;

function isFlat(key: number, dash: number): boolean {
  return dash <= key;
}

function handOfYaml(text: string): Omit<Hand, 'newLine'> {
  const lists: boolean[] = [];
  const steps: number[] = [];
  for (const [, blanks = '', dashes = '', below = '', dash] of text.matchAll(opening)) {
    const key = blanks.length + dashes.length;
    if (dash !== undefined) lists.push(isFlat(key, below.length));
    else if (below.length > key) steps.push(below.length - key);
  }
  return { step: commonest(steps) ?? usualStep, flatLists: lists.filter(Boolean).length * 2 > lists.length };
}

/** JSON is a text that begins with a brace or a bracket. */
export function handOf(text: string): Hand {
  const newLine = text.includes('\r\n') ? '\r\n' : '\n';
  return /^\s*[[{]/.test(text)
    ? { newLine, step: jsonHandOf(text).step.replaceAll('\t', '  ').length, flatLists: false }
    : { newLine, ...handOfYaml(text) };
}

interface Column {
  readonly from: number;
  readonly to: number;
  readonly isDash: boolean;
}

/** Moves lines of one document, which are given one after the other, to where the hand has them. */
class Mover {
  private readonly hand: Hand;
  private open: Column[] = [];

  constructor(hand: Hand) {
    this.hand = hand;
  }

  /** The column for a line that stands at `from`. */
  move(from: number, isItem: boolean): number {
    this.open = this.open.filter((each) => each.from < from);
    const to = this.below(this.open.at(-1), isItem);
    this.open.push({ from, to, isDash: isItem });
    if (isItem) this.open.push({ from: from + usualStep, to: to + usualStep, isDash: false });
    return to;
  }

  private below(holder: Column | undefined, isItem: boolean): number {
    if (holder === undefined) return 0;
    if (holder.isDash) return holder.to + usualStep;
    return isItem && this.hand.flatLists ? holder.to : holder.to + this.hand.step;
  }
}

/** A document of ours (steps of two, lists below their keys, each value on one line) in the hand of somebody else; comments go with the line below them. */
export function inHand(document: string, hand: Hand): string {
  const mover = new Mover(hand);
  const waiting: string[] = [];
  const lines = document.split('\n').flatMap((line) => {
    const text = line.trimStart();
    if (text.startsWith('#')) {
      waiting.push(text);
      return [];
    }
    const blanks = text === '' ? '' : ' '.repeat(mover.move(line.length - text.length, text.startsWith('- ')));
    return [...waiting.splice(0), text].map((each) => blanks + each);
  });
  return [...lines, ...waiting].join(hand.newLine);
}
