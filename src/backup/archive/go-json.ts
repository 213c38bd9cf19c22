// JSON text byte for byte as Go's encoding/json writes a decoded object: what Velero puts into its archives.

import { digitsOf, isJsonObject, type Json } from '../../model/index.ts';

/** What JSON.stringify leaves as it is and Go escapes. Source: Go 1.25 encoding/json, which escapes HTML unless told not to. */
const special = /[<>&\u2028\u2029]/g;
const surrogate = /[\ud800-\udfff]/;

function escapeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

function quote(text: string): string {
  return JSON.stringify(text).replace(special, escapeUnit);
}

/** Halves of a character beyond the Basic Multilingual Plane rank above all whole ones, as their bytes in UTF-8 do. */
function rankOf(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}

function compareAsBytes(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at += 1) {
    const difference = rankOf(a.charCodeAt(at)) - rankOf(b.charCodeAt(at));
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

type Order = ((a: string, b: string) => number) | undefined;

function render(value: Json | undefined, order: Order): string {
  if (typeof value === 'string') return digitsOf(value) ?? quote(value);
  if (Array.isArray(value)) return `[${value.map((each: Json) => render(each, order)).join(',')}]`;
  if (!isJsonObject(value)) return JSON.stringify(value ?? null);
  let text = '{';
  // A key is sorted by its bytes; without rare characters JavaScript's own order is the same.
  for (const key of Object.keys(value).sort(order)) {
    const member = value[key];
    if (member !== undefined) text += `${text === '{' ? '' : ','}${quote(key)}:${render(member, order)}`;
  }
  return `${text}}`;
}

/** Compact, keys sorted, `<`, `>` and `&` escaped, no line end. */
export function renderGoJson(value: Json): string {
  const text = render(value, undefined);
  return surrogate.test(text) ? render(value, compareAsBytes) : text;
}
