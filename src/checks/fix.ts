// The commonest ways to put a finding right: its field gets one value, or goes; and how choices are written down.

import {
  type Diagnostic,
  type Json,
  type Edit,
  type JsonObject,
  type Path,
  asObject,
  valueAt,
} from '../model/index.ts';
import type { Choice, FixChoices, FixEdits, FixParts, Question } from './check.ts';

/** Sets the field that the finding names. */
export function setTo(value: Json): (subject: unknown, diagnostic: Diagnostic) => FixEdits {
  return (_subject, { path }) => (path === undefined ? undefined : [{ op: 'set', path, value }]);
}

/** Removes the field that the finding names: its default is the better value. */
export function removeField(_subject: unknown, { path }: Diagnostic): FixEdits {
  return path === undefined ? undefined : [{ op: 'remove', path }];
}

function isLone(value: Json | undefined): boolean {
  return Array.isArray(value) ? value.length === 1 : Object.keys(asObject(value)).length === 1;
}

/** Removes what stands at the path, and of what holds it all that would be left empty, below `root`. */
export function removeWhole(raw: JsonObject, path: Path, root: Path): Edit {
  if (valueAt(raw, path) === undefined) return { op: 'remove', path };
  let whole = path;
  while (whole.length > root.length + 1 && isLone(valueAt(raw, whole.slice(0, -1)))) whole = whole.slice(0, -1);
  return { op: 'remove', path: whole };
}

interface Way {
  readonly id: string;
  readonly title: string;
  readonly consequence: string;
  readonly leavesOpen?: readonly string[];
}

/** A way that is clear once it is chosen. */
export function way(words: Way, parts: FixParts | readonly NonNullable<FixEdits>[number][]): Choice {
  return { ...words, change: () => ('length' in parts ? { edits: parts } : parts) };
}

/** A way for which one value is asked. */
export function asking(
  words: Way,
  asks: Question,
  edits: (answer: string) => NonNullable<FixEdits> | FixParts,
): Choice {
  return {
    ...words,
    asks,
    change: (answer) => {
      const parts = edits(answer);
      return 'length' in parts ? { edits: parts } : parts;
    },
  };
}

/** Ways to choose from; those that this finding does not have are left out. */
export function offer(...ways: readonly (Choice | undefined)[]): FixChoices | undefined {
  const choices = ways.filter((each) => each !== undefined);
  return choices.length === 0 ? undefined : { choices };
}

/** Offers to take the field away that the finding names. */
export function offerRemoval(words: Way): (subject: unknown, diagnostic: Diagnostic) => FixChoices | undefined {
  return (_subject, { path }) => (path === undefined ? undefined : offer(way(words, [{ op: 'remove', path }])));
}

/** Offers one value for the field that the finding names. */
export function offerValue(
  value: Json,
  words: Way,
): (subject: unknown, diagnostic: Diagnostic) => FixChoices | undefined {
  return (_subject, { path }) => (path === undefined ? undefined : offer(way(words, [{ op: 'set', path, value }])));
}

/** Asks for the value of the field that the finding names. */
export function askValue(
  words: Way,
  asks: Question,
  read: (answer: string) => Json = (answer) => answer,
): (subject: unknown, diagnostic: Diagnostic) => FixChoices | undefined {
  return (_subject, { path }) =>
    path === undefined ? undefined : offer(asking(words, asks, (answer) => [{ op: 'set', path, value: read(answer) }]));
}
