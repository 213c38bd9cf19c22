// Writes a JSON value as YAML that kubectl reads back as the same value.

import { isExactNumber, isJsonObject, type Json, type JsonObject, renderJson } from '../../model/index.ts';
import { resolvePlainScalar } from '../../kube/yaml/index.ts';
import type { Hand } from './hand.ts';

/** The quotes that keys beside have, all of them. */
export type KeyQuote = '"' | "'";

/** Where a value is written: column of its first character, and the hand of the text. */
export interface Layout extends Partial<Hand> {
  readonly keyQuote?: KeyQuote | undefined;
  readonly column: number;
  readonly newLine: string;
}

/** Behind the dash of an item. */
const dashWidth = 2;

/** Characters that would begin something else, or end the text, where they stand in a plain scalar. */
const unsafeStart = /^[-?:,[\]{}#&*!|>'"%@`\s]/;
const safeDash = /^-[^\s]/;
const unsafeInside = /: |:$| #|[\p{Cc}\u2028\u2029\ufeff]/u;
/** Nothing at all, or what begins and ends documents. */
const isMark = /^(?:$|---|\.\.\.$)/;
const unsafeInFlow = /[,[\]{}]/;

/** Words that other readers of YAML take for dates or times of day. */
const looksTyped = /^\d{4}-\d\d?-\d\d?|^[-+]?\d[\d_]*(?::[0-5]?\d)+(?:\.\d*)?$|^[.]?(?:inf|nan)$|^[<=]+$/i;

function isPlain(text: string, isFlow: boolean): boolean {
  if (text !== text.trim() || isMark.test(text) || unsafeInside.test(text)) return false;
  if (unsafeStart.test(text) && !safeDash.test(text)) return false;
  if (isFlow && unsafeInFlow.test(text)) return false;
  return resolvePlainScalar(text) === text && !looksTyped.test(text);
}

/** JSON's quotes are YAML's double quotes; what YAML ends lines with, or cannot hold, is escaped besides. */
function quote(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\u009f\u2028\u2029\ufeff]/g,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

export function renderKey(key: string, mark?: KeyQuote): string {
  if (mark !== undefined) return renderInQuotes(key, mark);
  return isPlain(key, true) ? key : quote(key);
}

function renderScalar(value: null | boolean | number | string, isFlow: boolean): string {
  if (typeof value !== 'string') return JSON.stringify(value);
  if (isExactNumber(value)) return renderJson(value);
  return isPlain(value, isFlow) ? value : quote(value);
}

function fieldsOf(object: JsonObject): (readonly [string, Json])[] {
  return Object.entries(object).map(([key, value]) => [key, value ?? null] as const);
}

/** On one line, with brackets; `blank` stands inside of braces. Where keys are in double quotes, texts are, too, as in JSON. */
export function renderFlow(value: Json, blank = ' ', mark?: KeyQuote): string {
  if (Array.isArray(value))
    return `[${(value as readonly Json[]).map((each) => renderFlow(each, blank, mark)).join(', ')}]`;
  if (mark === '"' && typeof value === 'string' && !isExactNumber(value)) return quote(value);
  if (!isJsonObject(value)) return renderScalar(value as null | boolean | number | string, true);
  const fields = fieldsOf(value).map(([key, each]) => `${renderKey(key, mark)}: ${renderFlow(each, blank, mark)}`);
  return fields.length === 0 ? '{}' : `{${blank}${fields.join(', ')}${blank}}`;
}

/** In the quotes that the former value had. */
export function renderInQuotes(text: string, mark: string): string {
  if (mark === "'" && /^[\u0020-\u007e]*$/.test(text)) return `'${text.replaceAll("'", "''")}'`;
  return mark === '"' ? quote(text) : renderScalar(text, true);
}

/** True for what stands on lines of its own: lists and objects that hold something. */
export function isNested(value: Json): boolean {
  if (Array.isArray(value)) return value.length > 0;
  return isJsonObject(value) && Object.keys(value).length > 0;
}

/** Text of lines stays readable, as a block, where a block can hold it exactly. */
function renderText(text: string, { column, newLine }: Layout): string | undefined {
  const lines = text.replace(/\n$/, '').split('\n');
  const isBlock =
    text.includes('\n') &&
    /^[\t\u0020-\u007e\u00a1-\ud7ff\n]*$/.test(text) &&
    !/^\s/.test(text) &&
    !text.endsWith('\n\n');
  if (!isBlock) return undefined;
  const indent = ' '.repeat(column);
  const head = text.endsWith('\n') ? '|' : '|-';
  return [head, ...lines.map((line) => (line === '' ? '' : indent + line))].join(newLine);
}

/** What stands behind `key:`: a blank and the value, or a line end and the value below. `column` is the key's. */
export function renderAfterColon(value: Json, layout: Layout): string {
  const { column, newLine, step = 2, flatLists = false } = layout;
  const inner = { ...layout, column: flatLists && Array.isArray(value) ? column : column + step };
  if (isNested(value)) return `${newLine}${' '.repeat(inner.column)}${renderBlock(value, inner)}`;
  const text = typeof value === 'string' ? renderText(value, inner) : undefined;
  return ` ${text ?? (isJsonObject(value) || Array.isArray(value) ? renderFlow(value) : renderScalar(value as string, false))}`;
}

/** A field, from its key on. */
export function renderField(key: string, value: Json, layout: Layout): string {
  return `${renderKey(key, layout.keyQuote)}:${renderAfterColon(value, layout)}`;
}

/** An item of a list, from its dash on. */
export function renderItem(value: Json, layout: Layout): string {
  return `- ${renderBlock(value, { ...layout, column: layout.column + dashWidth })}`;
}

/** The value in block style; its first line has no indentation, as the caller stands at the column already. */
export function renderBlock(value: Json, layout: Layout): string {
  const between = layout.newLine + ' '.repeat(layout.column);
  if (!isNested(value))
    return renderAfterColon(value, { ...layout, column: layout.column - (layout.step ?? 2) }).slice(1);
  if (Array.isArray(value)) return (value as readonly Json[]).map((each) => renderItem(each, layout)).join(between);
  return fieldsOf(value as JsonObject)
    .map(([key, each]) => renderField(key, each, layout))
    .join(between);
}
