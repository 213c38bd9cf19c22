// The name of a new file, in the way the folder names its files.

import { isMixed, type ManifestFile } from './folder.ts';
import { type KindStyle, spellKind, styleOf, tellsSpelling } from './kind-words.ts';

type Order = 'name-kind' | 'kind-name' | 'kind' | 'name';

interface NamePattern {
  readonly order: Order;
  readonly separator: string;
  readonly kind: string;
  /** Left out where the name says no kind. */
  readonly style?: KindStyle;
}

interface Named {
  readonly kind: string;
  readonly name: string;
}

const separators = ['-', '_', '.'];

function splitName(stem: string, { kind, name }: Named): NamePattern | undefined {
  for (const separator of separators) {
    const after = stem.startsWith(name + separator) ? styleOf(stem.slice(name.length + 1), kind) : undefined;
    if (after !== undefined) return { order: 'name-kind', separator, kind, style: after };
    const before = stem.endsWith(separator + name) ? styleOf(stem.slice(0, -name.length - 1), kind) : undefined;
    if (before !== undefined) return { order: 'kind-name', separator, kind, style: before };
  }
  return undefined;
}

function patternOf({ stem, objects }: ManifestFile): NamePattern | undefined {
  const [first] = objects;
  if (first === undefined) return undefined;
  const style = styleOf(stem, first.kind);
  if (style !== undefined) return { order: 'kind', separator: '-', kind: first.kind, style };
  return (
    splitName(stem, first) ?? (stem === first.name ? { order: 'name', separator: '-', kind: first.kind } : undefined)
  );
}

function commonest<T>(values: readonly T[]): T | undefined {
  const counts = new Map<T, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  const most = Math.max(0, ...counts.values());
  return [...counts].find(([, count]) => count === most)?.[0];
}

/** Kinds of several words say how words are joined; whether names are plural is told by all. */
function styleFrom(patterns: readonly NamePattern[]): KindStyle {
  const told = patterns.flatMap(({ kind, style }) => (style === undefined ? [] : [{ kind, style }]));
  const spelling = commonest(
    told.filter(({ kind, style }) => tellsSpelling(kind, style)).map(({ style }) => style.spelling),
  );
  return { spelling: spelling ?? 'kebab', isPlural: commonest(told.map(({ style }) => style.isPlural)) ?? false };
}

export interface FileWish extends Named {
  /** The object that it is for, where it belongs to that one alone; then its file and number say where it stands. */
  readonly owner: Named | undefined;
  /** Several objects of the kind go to the file. */
  readonly isSeveral: boolean;
}

function patternsOf(files: readonly ManifestFile[]): NamePattern[] {
  return files.filter((file) => !isMixed(file)).flatMap((file) => patternOf(file) ?? []);
}

/** True where files are named for kinds alone: what is of one kind goes together, whoever it is for. */
export function areNamedByKind(files: readonly ManifestFile[]): boolean {
  return commonest(patternsOf(files).map(({ order }) => order)) === 'kind';
}

/** Without number and ending. */
export function stemFor(files: readonly ManifestFile[], { kind, name, owner, isSeveral }: FileWish): string {
  const patterns = patternsOf(files);
  const style = styleFrom(patterns);
  const order = commonest(patterns.map((pattern) => pattern.order)) ?? 'name';
  const word = spellKind(kind, { ...style, isPlural: order === 'kind' ? style.isPlural || isSeveral : isSeveral });
  if (order === 'kind' || owner === undefined || isSeveral) return word;
  const separator = commonest(patterns.map((pattern) => pattern.separator)) ?? '-';
  const subject = name.startsWith(owner.name) ? name : owner.name;
  return order === 'kind-name' ? word + separator + subject : subject + separator + word;
}

/** Files are numbered where most of them are. */
export function areNumbered(files: readonly ManifestFile[]): boolean {
  return files.length > 1 && files.filter(({ number }) => number !== '').length * 2 > files.length;
}

function withNumber(pattern: string, value: number): string {
  return String(value).padStart(pattern.length - 1, '0') + pattern.slice(-1);
}

/** The number of the owner's file; else the next one. */
export function numberFor(files: readonly ManifestFile[], ownerFile: ManifestFile | undefined): string {
  if (!areNumbered(files)) return '';
  if (ownerFile !== undefined) return ownerFile.number;
  const numbers = files.flatMap(({ number }) => (number === '' ? [] : [Number.parseInt(number, 10)]));
  const last = files.findLast(({ number }) => number !== '')?.number ?? '';
  const steps = numbers.slice(1).map((number, index) => number - (numbers[index] ?? 0));
  return withNumber(last, (numbers.at(-1) ?? 0) + Math.max(1, commonest(steps) ?? 1));
}

/** A name that kubectl applies before all of the folder: what follows needs the namespace. */
export function firstName(files: readonly ManifestFile[], stem: string, extension: string): string {
  const [first] = files;
  const numbered = files.find(({ number }) => number !== '')?.number;
  const before = first === undefined ? '' : first.number + first.stem + first.extension;
  const lower = numbered === undefined ? 0 : Math.max(0, Number.parseInt(numbered, 10) - 1);
  const candidates = [
    ...(areNumbered(files) ? [] : ['']),
    ...(numbered === undefined ? [] : [withNumber(numbered, lower)]),
    '00-',
    '0-',
  ].map((number) => number + stem + extension);
  return candidates.find((name) => name < before) ?? candidates[0] ?? stem + extension;
}
