// A unified diff of one file for a person to read: lines that hold secrets are masked, also where an edit of something else stands in the same line.

import { structuredPatch } from 'diff';
import { findSecretText } from '../../checks/index.ts';
import type { EditedFile } from '../../fixes/index.ts';
import type { Snapshot } from '../../model/index.ts';

const field = /^(\s*(?:-\s+)*["']?([^\s"':#][^"':]*)["']?:\s+)(\S.*)$/;
const mask = '(withheld)';

interface Range {
  readonly start: number;
  readonly end: number;
}

/** Where Secrets stand in a text: as documents of their own, or as what a kustomization makes one from; a template that prints one, all of it. */
function rangesOfSecrets({ objects, texts }: Snapshot, { text, before = '' }: EditedFile): Range[] {
  const secrets = objects.filter(({ kind }) => kind === 'Secret').map(({ source }) => source);
  if (texts[text]?.template !== undefined && secrets.some((source) => source.text === text))
    return [{ start: 0, end: before.length }];
  return secrets.flatMap((source) => [source, ...(source.writtenIn ?? [])]).filter((place) => place.text === text);
}

/** Numbers of the lines, from 0, that stand in Secrets. */
function linesOfSecrets(snapshot: Snapshot, edited: EditedFile): ReadonlySet<number> {
  const { before = '' } = edited;
  const lines = new Set<number>();
  for (const { start, end } of rangesOfSecrets(snapshot, edited)) {
    const first = before.slice(0, start).split('\n').length - 1;
    const count = before.slice(start, end).split('\n').length;
    for (let line = first; line < first + count; line += 1) lines.add(line);
  }
  return lines;
}

/** What names the value of a line: its key, or the name of the variable in the line before. */
function nameOf(key: string, before: string): string {
  const variable = /name:\s*["']?([\w.-]+)/.exec(before)?.[1];
  return key === 'value' && variable !== undefined ? variable : key;
}

/** Fields of a Secret that are no secret. */
const openFields = /^(?:apiVersion|kind|name|namespace|type|metadata)$/;

/** A line as it may be shown; the line before names the value of a variable. */
export function withholdInLine(line: string, before: string, isSecret: boolean): string {
  const [, head, key = '', value = ''] = field.exec(line) ?? [];
  if (head === undefined) return isSecret && !/(?:^|:)\s*$/.test(line) ? mask : line;
  // In JSON a comma follows, which is no part of it.
  const plain = value.replace(/,$/, '').replace(/^(["'])(.*)\1$/, '$2');
  const isHidden = (isSecret && !openFields.test(key)) || findSecretText(nameOf(key, before), plain) !== undefined;
  return isHidden ? head + mask : line;
}

interface ShownLine {
  readonly text: string;
  /** A line around an edit that may not be shown: the hunk goes around it, so that the diff still applies. */
  readonly isLeftOut: boolean;
}

interface Hunk {
  readonly old: number;
  readonly now: number;
  readonly lines: readonly string[];
}

const isOld = (line: string): boolean => line.startsWith(' ') || line.startsWith('-');
const isNew = (line: string): boolean => line.startsWith(' ') || line.startsWith('+');

/** Pieces of a hunk between the lines that are left out; those without an edit say nothing. */
function splitHunk({ old, now }: Omit<Hunk, 'lines'>, lines: readonly ShownLine[]): Hunk[] {
  const pieces: { old: number; now: number; lines: string[] }[] = [{ old, now, lines: [] }];
  let at = { old, now };
  for (const { text, isLeftOut } of lines) {
    at = { old: at.old + (isOld(text) ? 1 : 0), now: at.now + (isNew(text) ? 1 : 0) };
    if (isLeftOut) pieces.push({ ...at, lines: [] });
    else pieces.at(-1)?.lines.push(text);
  }
  return pieces.filter((piece) => piece.lines.some((line) => /^[-+]/.test(line)));
}

function renderHunk({ old, now, lines }: Hunk): string[] {
  const counts = [lines.filter(isOld).length, lines.filter(isNew).length];
  // As diff and git count: where there is no line, the one before is named.
  const [oldStart, newStart] = [counts[0] === 0 ? old - 1 : old, counts[1] === 0 ? now - 1 : now];
  return [`@@ -${oldStart},${counts[0]} +${newStart},${counts[1]} @@`, ...lines];
}

/** The lines of one file's hunks, from top to bottom, as they may be shown. */
class SafeLines {
  private readonly oldText: readonly string[];
  private readonly secrets: ReadonlySet<number>;

  constructor(snapshot: Snapshot, edited: EditedFile) {
    this.oldText = (edited.before ?? '').split('\n');
    this.secrets = linesOfSecrets(snapshot, edited);
  }

  /** `oldStart` counts from 1. */
  show(oldStart: number, lines: readonly string[]): ShownLine[] {
    let old = oldStart - 1;
    // A line that comes instead of one with a secret most likely holds it too, as in JSON of one line.
    let holdsSecret = false;
    return lines.map((line, index) => {
      const text = line.slice(1);
      if (line.startsWith('\\')) return { text: line, isLeftOut: false };
      if (line.startsWith('+')) {
        const before = lines[index - 1]?.slice(1) ?? '';
        return { text: `+${withholdInLine(text, before, holdsSecret)}`, isLeftOut: false };
      }
      const safe = withholdInLine(text, this.oldText[old - 1] ?? '', this.secrets.has(old));
      old += 1;
      const isAround = line.startsWith(' ');
      holdsSecret = !isAround && (holdsSecret || safe !== text);
      return { text: line.slice(0, 1) + safe, isLeftOut: isAround && safe !== text };
    });
  }
}

/** Hunks with three lines around, as `diff -u` and git write them. */
export function renderDiff(snapshot: Snapshot, edited: EditedFile): string {
  const { file, before, after } = edited;
  const safe = new SafeLines(snapshot, edited);
  const { hunks } = structuredPatch(file, file, before ?? '', after, '', '', { context: 3 });
  const body = hunks.flatMap(({ oldStart, newStart, lines }) =>
    splitHunk({ old: oldStart, now: newStart }, safe.show(oldStart, lines)).flatMap(renderHunk),
  );
  return [before === undefined ? '--- /dev/null' : `--- ${file}`, `+++ ${file}`, ...body, ''].join('\n');
}
