// How JSON is written, which is on one line or on many, with blanks or tabs; what is put in follows it.

import { isJsonObject, type Json, renderJson } from '../../model/index.ts';

export interface JsonHand {
  /** What a line has before it, more than the one that holds it. */
  readonly step: string;
  /** Behind commas and colons of one line. */
  readonly blank: string;
}

/** Where a value stands: what ends lines and what begins them; no line end keeps it on one line. */
export interface JsonLayout {
  readonly newLine: string;
  readonly margin: string;
}

const usualStep = '  ';

/** The step that occurs most often, of several the shortest. */
function stepOf(text: string): string {
  const counts = new Map<string, number>();
  for (const [, outer = '', inner = ''] of text.matchAll(/^([ \t]*)(?:[^\s].*)?[[{]\r?\n(?=([ \t]*)\S)/gm))
    if (inner.startsWith(outer) && inner !== outer) {
      const step = inner.slice(outer.length);
      counts.set(step, (counts.get(step) ?? 0) + 1);
    }
  const [commonest] = [...counts].sort(([a, one], [b, other]) => other - one || a.length - b.length);
  return commonest?.[0] ?? usualStep;
}

export function jsonHandOf(text: string): JsonHand {
  const [, blank = ' '] = /[{,]\s*"(?:[^"\\]|\\.)*"\s*:( ?)/.exec(text) ?? [];
  return { step: stepOf(text), blank };
}

function renderOnLine(value: Json, blank: string): string {
  const join = (parts: readonly string[]): string => parts.join(`,${blank}`);
  if (Array.isArray(value)) return `[${join((value as readonly Json[]).map((each) => renderOnLine(each, blank)))}]`;
  if (!isJsonObject(value)) return renderJson(value);
  return `{${join(Object.entries(value).map(([key, each]) => renderJsonField(key, renderOnLine(each ?? null, blank), blank)))}}`;
}

/** `value` is JSON already. */
export function renderJsonField(key: string, value: string, blank: string): string {
  return `${JSON.stringify(key)}:${blank}${value}`;
}

export function renderJsonAt(value: Json, { newLine, margin }: JsonLayout, { step, blank }: JsonHand): string {
  if (newLine === '') return renderOnLine(value, blank);
  return renderJson(value, step).replaceAll('\n', newLine + margin);
}
