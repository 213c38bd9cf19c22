// Functions of Go templates as ApplicationSets of Argo CD know them: of Go, of Sprig, and their own. Sources: pkg.go.dev/text/template, masterminds.github.io/sprig,
// argo-cd.readthedocs.io (Go Template). What is rare, or not the same everywhere, is left out: it is told as not known.

import { isJsonObject, type Json } from '../../model/index.ts';
import { NotKnown } from './not-known.ts';

/** `undefined` is Go's nil. */
export type GoValue = Json | undefined;

export type GoFunction = (...values: readonly GoValue[]) => GoValue;

/** Zero of its type, as `if` and `default` see it. */
export function isEmpty(value: GoValue): boolean {
  if (value === undefined || value === null || value === '' || value === 0 || value === false) return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

/** As a text; a list or a map would print in Go's own way. */
export function textOf(value: GoValue): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new NotKnown(
    isEmpty(value) && typeof value !== 'object' ? 'a value that is not given' : 'a list or a map as text',
  );
}

function stringOf(value: GoValue): string {
  if (typeof value === 'string') return value;
  throw new NotKnown('a value that is no text');
}

function numberOf(value: GoValue): number {
  if (typeof value === 'number' && Number.isInteger(value)) return value;
  throw new NotKnown('a value that is no whole number');
}

function listOf(value: GoValue): readonly Json[] {
  if (Array.isArray(value)) return value as readonly Json[];
  throw new NotKnown('a value that is no list');
}

/** Go counts bytes. */
function plainOf(value: GoValue): string {
  const text = stringOf(value);
  if (/^[\x20-\x7e]*$/.test(text)) return text;
  throw new NotKnown('a text with other letters than those of ASCII');
}

/** A name as DNS has it: how Argo CD writes `nameNormalized` and `basenameNormalized`. */
export function sanitizeName(name: string): string {
  const plain = name.toLowerCase().replaceAll(/[^-a-z0-9.]/g, '-');
  return plain.slice(0, 253).replaceAll(/^[-.]+|[-.]+$/g, '');
}

/** The longest that `slugify` leaves whole where no other length is told. */
const slugLength = 50;

function slugify(...values: readonly GoValue[]): string {
  const length = values.length > 1 ? numberOf(values[0]) : slugLength;
  const slug = sanitizeName(plainOf(values.at(-1)))
    .replaceAll('.', '-')
    .replaceAll(/-+/g, '-');
  if (slug.length > length) throw new NotKnown('"slugify" of a text that it cuts');
  return slug;
}

function indexOf(value: GoValue, ...keys: readonly GoValue[]): GoValue {
  return keys.reduce<GoValue>((inner, key) => {
    if (isJsonObject(inner)) return inner[stringOf(key)];
    const [list, at] = [listOf(inner), numberOf(key)];
    if (at >= 0 && at < list.length) return list[at];
    throw new NotKnown('an item that the list does not have');
  }, value);
}

/** Values of two kinds are an error, and numbers are of one kind or the other by where they come from. */
function isEqual(value: GoValue, ...others: readonly GoValue[]): boolean {
  if ([value, ...others].some((each) => typeof each !== typeof value || !/^(?:string|boolean)$/.test(typeof each)))
    throw new NotKnown('a comparison of other values than texts');
  return others.includes(value as Json);
}

function ternary(yes: GoValue, no: GoValue, condition: GoValue): GoValue {
  if (typeof condition !== 'boolean') throw new NotKnown('a condition that is neither true nor false');
  return condition ? yes : no;
}

function printf(format: GoValue, ...values: readonly GoValue[]): string {
  let at = 0;
  const text = stringOf(format).replaceAll(/%(.?)/g, (_, verb: string) => {
    if (verb === '%') return '%';
    const value = values[at];
    at += 1;
    if (verb === 's') return stringOf(value);
    if (verb === 'v') return textOf(value);
    throw new NotKnown(`"%${verb}" in "printf"`);
  });
  if (at !== values.length) throw new NotKnown('"printf" with another number of values');
  return text;
}

function truncate(length: GoValue, text: GoValue): string {
  const [count, plain] = [numberOf(length), plainOf(text)];
  return count < 0 ? plain.slice(count) : plain.slice(0, count);
}

function trimAll(letters: GoValue, text: GoValue): string {
  const cut = new Set(stringOf(letters));
  const all = Array.from(stringOf(text));
  const isKept = (letter: string): boolean => !cut.has(letter);
  const first = all.findIndex(isKept);
  return first === -1 ? '' : all.slice(first, all.findLastIndex(isKept) + 1).join('');
}

function indent(spaces: GoValue, text: GoValue): string {
  const pad = ' '.repeat(numberOf(spaces));
  return pad + stringOf(text).replaceAll('\n', `\n${pad}`);
}

/** JSON is YAML: what is parsed again is the same, however it is laid out. */
function toYaml(value: GoValue): string {
  if (typeof value === 'object' && value !== null) return JSON.stringify(value);
  throw new NotKnown('"toYaml" of a single value');
}

const table: Readonly<Record<string, GoFunction>> = {
  and: (...values) => values.find(isEmpty) ?? values.at(-1),
  coalesce: (...values) => values.find((value) => !isEmpty(value)),
  contains: (part, text) => stringOf(text).includes(stringOf(part)),
  default: (usual, ...[value]) => (isEmpty(value) ? usual : value),
  empty: isEmpty,
  eq: isEqual,
  first: (list) => listOf(list)[0],
  hasKey: (map, key) => isJsonObject(map) && Object.hasOwn(map, stringOf(key)),
  hasPrefix: (part, text) => stringOf(text).startsWith(stringOf(part)),
  hasSuffix: (part, text) => stringOf(text).endsWith(stringOf(part)),
  indent,
  index: indexOf,
  join: (between, list) => listOf(list).map(textOf).join(stringOf(between)),
  last: (list) => listOf(list).at(-1),
  lower: (text) => stringOf(text).toLowerCase(),
  ne: (value, other) => !isEqual(value, other),
  nindent: (spaces, text) => `\n${indent(spaces, text)}`,
  normalize: (text) => sanitizeName(stringOf(text)),
  not: isEmpty,
  or: (...values) => values.find((value) => !isEmpty(value)) ?? values.at(-1),
  printf,
  quote: (...values) => values.map((value) => JSON.stringify(plainOf(textOf(value)))).join(' '),
  replace: (old, other, text) => stringOf(text).replaceAll(stringOf(old), () => stringOf(other)),
  slugify,
  splitList: (between, text) => stringOf(text).split(stringOf(between)),
  squote: (...values) => values.map((value) => `'${textOf(value)}'`).join(' '),
  ternary,
  toJson: toYaml,
  toString: textOf,
  toYaml,
  trim: (text) => stringOf(text).trim(),
  trimAll,
  trimPrefix: (part, text) => withoutStart(stringOf(part), stringOf(text)),
  trimSuffix: (part, text) => withoutEnd(stringOf(part), stringOf(text)),
  trunc: truncate,
  upper: (text) => stringOf(text).toUpperCase(),
};

function withoutStart(part: string, text: string): string {
  return text.startsWith(part) ? text.slice(part.length) : text;
}

function withoutEnd(part: string, text: string): string {
  return part !== '' && text.endsWith(part) ? text.slice(0, -part.length) : text;
}

/** Throws `NotKnown` for another one. */
export function findFunction(name: string): GoFunction {
  const found = Object.hasOwn(table, name) ? table[name] : undefined;
  if (found === undefined) throw new NotKnown(`the function "${name}"`);
  return found;
}
