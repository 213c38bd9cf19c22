// A unified diff of one file for a person to read: lines that hold secrets are masked, edits never are ones of secrets.

import { structuredPatch } from 'diff';
import { findSecretText } from '../checks/index.ts';
import type { EditedFile } from '../fixes/index.ts';
import type { Snapshot } from '../model/index.ts';

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

function withhold(line: string, before: string, isSecret: boolean): string {
  const [, head, key = '', value = ''] = field.exec(line) ?? [];
  if (head === undefined) return isSecret && !/(?:^|:)\s*$/.test(line) ? mask : line;
  const plain = value.replace(/^(["'])(.*)\1$/, '$2');
  const isHidden = (isSecret && !openFields.test(key)) || findSecretText(nameOf(key, before), plain) !== undefined;
  return isHidden ? head + mask : line;
}

/** Hunks with three lines around, as `diff -u` and git write them. */
export function renderDiff(snapshot: Snapshot, edited: EditedFile): string {
  const { file, before, after } = edited;
  const old = before ?? '';
  const secrets = linesOfSecrets(snapshot, edited);
  const { hunks } = structuredPatch(file, file, old, after, '', '', { context: 3 });
  const oldText = old.split('\n');
  const body = hunks.flatMap(({ oldStart, oldLines, newStart, newLines, lines }) => {
    let old = oldStart - 1;
    const shown = lines.map((line, index) => {
      const [sign = ' '] = line;
      if (sign === '\\') return line;
      if (sign === '+') return sign + withhold(line.slice(1), lines[index - 1]?.slice(1) ?? '', false);
      old += 1;
      return sign + withhold(line.slice(1), oldText[old - 2] ?? '', secrets.has(old - 1));
    });
    return [`@@ -${oldStart},${oldLines} +${newStart},${newLines} @@`, ...shown];
  });
  return [before === undefined ? '--- /dev/null' : `--- ${file}`, `+++ ${file}`, ...body, ''].join('\n');
}
