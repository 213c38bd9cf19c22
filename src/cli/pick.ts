// Chooses one of many in a conversation: by its number, or by a text that narrows them.

import { hang } from './layout.ts';
import { type Style, visible } from './style.ts';

export type Ask = (question: string) => Promise<string | undefined>;

export interface Talk {
  readonly ask: Ask;
  /** Shows lines beside the question. */
  readonly tell: (text: string) => void;
  readonly style: Style;
  readonly width: number;
}

export interface Choice<T> {
  readonly title: string;
  readonly items: readonly T[];
  readonly labelOf: (item: T) => string;
}

export type Picked<T> =
  | { readonly item: T }
  | { readonly next: 'back' | 'end' }
  /** A text to look for in what the items hold. */
  | { readonly search: string };

/** At once on the screen. */
const most = 20;

const question = 'Number, or a part of the name; ?text looks inside, b goes back, q ends: ';

function matching<T>({ items, labelOf }: Choice<T>, text: string): readonly T[] {
  const wanted = text.toLowerCase();
  return items.filter((item) => labelOf(item).toLowerCase().includes(wanted));
}

function render<T>(choice: Choice<T>, shown: readonly T[], text: string, { style, width }: Talk): string {
  const narrowed = text === '' ? '' : style.dim(`  with "${visible(text)}": ${shown.length} of ${choice.items.length}`);
  const lines = shown
    .slice(0, most)
    .flatMap((item, index) => hang(`  ${String(index + 1).padStart(3)}  `, visible(choice.labelOf(item)), width));
  const more =
    shown.length > most ? [style.dim(`       and ${shown.length - most} more: a part of the name narrows them`)] : [];
  const none = choice.items.length === 0 ? [style.dim('       none')] : [];
  return ['', `  ${style.bold(visible(choice.title))}${narrowed}`, ...none, ...lines, ...more, ''].join('\n');
}

/** What an answer means; nothing where it narrows the list instead. */
function parseAnswer<T>(answer: string, shown: readonly T[]): Picked<T> | undefined {
  if (answer === 'q') return { next: 'end' };
  if (answer === 'b') return { next: 'back' };
  if (answer.startsWith('?') && answer.length > 1) return { search: answer.slice(1) };
  const item = /^\d+$/.test(answer) ? shown[Number(answer) - 1] : undefined;
  return item === undefined ? undefined : { item };
}

/** The only one that a text fits; nothing where it fits several, or says nothing. */
function onlyOne<T>(choice: Choice<T>, text: string): T | undefined {
  const [only, ...others] = text === '' ? [] : matching(choice, text);
  return others.length === 0 ? only : undefined;
}

/** The end of the input is an end, too. A text that fits one item alone chooses it. */
export async function pick<T>(choice: Choice<T>, talk: Talk): Promise<Picked<T>> {
  let text = '';
  for (;;) {
    const shown = matching(choice, text);
    talk.tell(render(choice, shown, text, talk));
    const answer = (await talk.ask(question))?.trim() ?? 'q';
    // One step back from a narrowed list is the whole list.
    const isWidened = answer === 'b' && text !== '';
    const parsed = isWidened ? undefined : parseAnswer(answer, shown);
    if (parsed !== undefined) return parsed;
    text = isWidened ? '' : answer.replace(/^\//, '');
    const item = onlyOne(choice, text);
    if (item !== undefined) return { item };
  }
}
