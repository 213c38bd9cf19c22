// What stands at the end of a command line that somebody is still typing: a name of which kind, and where those names are.

import type { Command, Option } from 'commander';
import type { SourceFlags } from '../flags.ts';
import { namedOptions, type NameKind, namedWords, ownOptions } from './named-words.ts';

export type TypedFlags = SourceFlags & { readonly store?: string; readonly fromBackup?: string };

export interface WantedName {
  readonly kind: NameKind;
  /** What is there of the name. */
  readonly typed: string;
  /** What stands before it in the same word, as in a list: `shop,`. */
  readonly before: string;
  /** Options of the line that say where to look. */
  readonly flags: TypedFlags;
  /** Words behind the command, without the one that is typed. */
  readonly operands: readonly string[];
}

/** The line as far as it goes: its command, the words behind it, its options, and the one that waits for its value. */
interface Reading {
  path: string;
  command: Command;
  operands: string[];
  flags: Record<string, string | readonly string[] | boolean>;
  waiting: Option | undefined;
}

const takesValue = ({ required, optional }: Option): boolean => required || optional;

function setFlag({ flags }: Reading, option: Option, value: string | true): void {
  const key = option.attributeName();
  const earlier = flags[key];
  const isList = option.parseArg !== undefined && value !== true;
  flags[key] = isList ? [...(Array.isArray(earlier) ? earlier : []), value] : value;
}

function readOption(reading: Reading, word: string): void {
  const sign = word.indexOf('=');
  const name = sign < 0 ? word : word.slice(0, sign);
  const option = reading.command.options.find(({ long, short }) => long === name || short === name);
  if (option === undefined) return;
  if (!takesValue(option)) setFlag(reading, option, true);
  else if (sign < 0) reading.waiting = option;
  else setFlag(reading, option, word.slice(sign + 1));
}

function readOperand(reading: Reading, word: string): void {
  const next = reading.operands.length > 0 ? undefined : reading.command.commands.find((each) => each.name() === word);
  if (next === undefined) {
    reading.operands.push(word);
    return;
  }
  reading.command = next;
  reading.path = `${reading.path} ${word}`.trim();
}

function readWords(program: Command, words: readonly string[]): Reading {
  const reading: Reading = { path: '', command: program, operands: [], flags: {}, waiting: undefined };
  for (const word of words) {
    if (reading.waiting !== undefined) {
      setFlag(reading, reading.waiting, word);
      reading.waiting = undefined;
    } else if (word.startsWith('-') && word !== '-') readOption(reading, word);
    else readOperand(reading, word);
  }
  return reading;
}

/** Namespaces of a command about backups are those of a backup; of a command about files, those of the cluster that is read instead. */
function kindOfOption({ path, command, flags }: Reading, { long }: Option): NameKind | undefined {
  const kind = ownOptions[`${path} ${long}`] ?? namedOptions[long ?? ''];
  if (kind !== 'namespace') return kind;
  const has = (name: string): boolean => command.options.some((each) => each.long === name);
  if (has('--from-backup') || namedWords[path]?.[0] === 'backup') return 'saved-namespace';
  const readsCluster = has('--context') && !(has('--values') && flags['context'] === undefined);
  return readsCluster ? kind : undefined;
}

function kindOfWord({ path, command, operands }: Reading): NameKind | undefined {
  const kinds = namedWords[path] ?? [];
  const isEndless = command.registeredArguments.at(-1)?.variadic === true;
  return kinds[operands.length] ?? (isEndless ? kinds.at(-1) : undefined);
}

const isList = (kind: NameKind): boolean => kind === 'namespace' || kind === 'saved-namespace';

function wanted(kind: NameKind | undefined, { flags, operands }: Reading, typed: string): WantedName | undefined {
  if (kind === undefined) return undefined;
  const cut = isList(kind) ? typed.lastIndexOf(',') + 1 : 0;
  return { kind, typed: typed.slice(cut), before: typed.slice(0, cut), flags: flags as TypedFlags, operands };
}

/** The last word is the one that is typed. Nothing where it is no name that anybody knows. */
export function findWanted(program: Command, words: readonly string[]): WantedName | undefined {
  const typed = words.at(-1) ?? '';
  const reading = readWords(program, words.slice(0, -1));
  if (reading.waiting !== undefined) return wanted(kindOfOption(reading, reading.waiting), reading, typed);
  if (!typed.startsWith('-')) return wanted(kindOfWord(reading), reading, typed);
  const sign = typed.indexOf('=');
  const option = reading.command.options.find(({ long }) => sign > 0 && long === typed.slice(0, sign));
  return option && wanted(kindOfOption(reading, option), reading, typed.slice(sign + 1));
}
