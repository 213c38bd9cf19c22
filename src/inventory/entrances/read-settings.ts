// What a controller was told to serve: read from its flags and variables, and open where they point at what is not seen.

import type { Program } from '../cluster-facts/view.ts';
import { type ClassSettings, isClassFlag, isSourceFlag } from './known-controllers.ts';

const flagPattern = /^--?([\w.-]+)(?:=(.*))?$/s;
const variable = /\$\(([\w.-]+)\)/g;

/** Flags by their lower-case name; a word that stands apart is the value of the flag before it. */
export type ClassFlags = ReadonlyMap<string, string>;

/** Words of a shell's line are flags too; variables are put in where their values are told. */
function wordsOf({ words, env }: Pick<Program, 'words' | 'env'>): string[] {
  const filled = words.map((word) => word.replaceAll(variable, (all, name: string) => env[name] ?? all));
  return filled.flatMap((word) => (word.startsWith('-') ? [word] : word.split(/\s+/)));
}

export function readClassFlags(program: Pick<Program, 'words' | 'env'>): ClassFlags {
  const words = wordsOf(program);
  const flags = new Map<string, string>();
  for (const [index, word] of words.entries()) {
    const [, name = '', value] = flagPattern.exec(word) ?? [];
    if (!isClassFlag(name) && !isSourceFlag(name)) continue;
    const following = words[index + 1];
    const apart = following === undefined || following.startsWith('-') ? 'true' : following;
    flags.set(name.toLowerCase(), value ?? apart);
  }
  return flags;
}

/** The words of a program that say which classes it serves: what may be kept of somebody else's program. */
export function keepClassWords(words: readonly string[]): string[] {
  const flags = [...readClassFlags({ words, env: {} })];
  // A source may be given its password.
  return flags.map(([name, value]) => `--${name}=${isClassFlag(name) || value === 'false' ? value : 'true'}`);
}

/** What a program serves; `undefined` where it was told in a way that is not seen here. */
export interface ServedClasses {
  /** Names of classes; empty where any will do. */
  readonly names: readonly string[] | undefined;
  /** True where a flag says so; false for what the program does when nobody tells it. */
  readonly isNamed: boolean;
  readonly controller: string | undefined;
  readonly classless: boolean | undefined;
  /** The only namespaces whose Ingresses it serves; empty for all. */
  readonly namespaces: readonly string[] | undefined;
  /** False where it serves no Ingresses at all. */
  readonly isOn: boolean;
}

const unseen: ServedClasses = {
  names: undefined,
  isNamed: false,
  controller: undefined,
  classless: undefined,
  namespaces: undefined,
  isOn: true,
};

/** A value that still holds a variable is not known. */
function known(value: string): string | undefined {
  return value.includes('$(') ? undefined : value;
}

function list(value: string): string[] | undefined {
  return known(value)
    ?.split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '');
}

function controllerOf({ controller, controllerFlag }: ClassSettings, flags: ClassFlags): string | undefined {
  const written = controllerFlag === undefined ? undefined : flags.get(controllerFlag.name);
  if (written === undefined) return controller;
  const value = known(written);
  return value === undefined || controllerFlag?.holds === 'all' ? value : `${controller}/${value}`;
}

function firstOf(flags: ClassFlags, names: readonly string[]): string | undefined {
  return names.map((name) => flags.get(name)).find((value) => value !== undefined);
}

function isClassless({ classless }: ClassSettings, flags: ClassFlags, isNamed: boolean): boolean {
  if (classless === 'without-name') return !isNamed;
  return classless !== undefined && (flags.get(classless.flag) ?? 'false') === 'true';
}

/** Whether it serves Ingresses at all; `undefined` where no flag tells of any source. */
function isTurnedOn({ sources }: ClassSettings, flags: ClassFlags): boolean | undefined {
  if (sources === undefined) return true;
  const started = [...flags.keys()];
  const isTold = started.some((flag) => flag.startsWith(sources.any));
  return isTold ? started.some((flag) => flag.startsWith(sources.ingress)) : undefined;
}

export function readServedClasses(program: Program, settings: ClassSettings): ServedClasses {
  const flags = readClassFlags(program);
  const { nameVariable = '', nameFlags, namespaceFlags = [] } = settings;
  const told = firstOf(flags, nameFlags) ?? program.env[nameVariable];
  const isOn = told !== undefined || isTurnedOn(settings, flags);
  if (isOn === undefined) return unseen;
  return {
    names: told === undefined ? [settings.name] : list(told),
    isNamed: told !== undefined,
    controller: controllerOf(settings, flags),
    classless: isClassless(settings, flags, told !== undefined),
    namespaces: list(firstOf(flags, namespaceFlags) ?? ''),
    isOn,
  };
}
