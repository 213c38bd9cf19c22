// Many subjects in few words: by kind, each object once, with its containers where the object's name does not tell them.

import { pushTo, type Subject } from '../../model/index.ts';
import { visible } from '../style.ts';
import { subjectOf } from './words.ts';

export interface Listed {
  readonly subject: Subject;
  /** What is to stand behind it. */
  readonly own?: string | undefined;
}

/** More objects would hide what they are listed for. */
const most = 8;

/** All that is listed of one object: by container, what stands behind it. */
interface Entry {
  readonly subject: Subject;
  readonly own: Map<string | undefined, Set<string>>;
}

function entriesOf(listed: readonly Listed[]): Entry[] {
  const entries = new Map<string, Entry>();
  for (const { subject, own } of listed) {
    const { kind, namespace, name, container } = subject;
    const key = `${kind}\n${namespace}\n${name}`;
    const entry = entries.get(key) ?? { subject, own: new Map<string | undefined, Set<string>>() };
    entries.set(key, entry);
    const words = entry.own.get(container) ?? new Set();
    entry.own.set(container, own === undefined ? words : words.add(own));
  }
  return [...entries.values()];
}

function remarksOf({ subject: { name }, own }: Entry): string {
  const parts = [...own];
  const isTold = parts.every(([container]) => container === undefined || container === name);
  const texts = parts.flatMap(([container, words]) => {
    const all = [...words].join(', ');
    if (isTold || container === undefined) return all === '' ? [] : [all];
    return [all === '' ? container : `${container}: ${all}`];
  });
  return isTold || texts.length === 0
    ? texts.join(', ')
    : `container${texts.length === 1 ? '' : 's'} ${texts.join(', ')}`;
}

function entryText(entry: Entry): string {
  const { namespace, name } = entry.subject;
  const remarks = remarksOf(entry);
  return visible(`${namespace === '' ? '' : `${namespace}/`}${name}${remarks === '' ? '' : ` (${remarks})`}`);
}

/** `Deployment shop/web, shop/api (container proxy: 8080); Job shop/init; and 4 more`; nothing for the app as a whole. */
export function listSubjects(listed: readonly Listed[]): string {
  const entries = entriesOf(listed.filter(({ subject }) => subjectOf(subject) !== ''));
  const shown = entries.slice(0, entries.length === most + 1 ? most + 1 : most);
  const kinds = new Map<string, string[]>();
  for (const entry of shown) pushTo(kinds, entry.subject.kind, entryText(entry));
  const parts = [...kinds].map(([kind, texts]) => `${visible(kind)} ${texts.join(', ')}`);
  const more = entries.length - shown.length;
  return [...parts, ...(more === 0 ? [] : [`and ${more} more`])].join('; ');
}
