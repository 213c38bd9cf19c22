// A kubectl command taken apart: what it does, to what, where.

import { type NamedResource, parseResource } from '../../../kube/resources.ts';

export interface KubectlCall {
  /** `get`, `rollout restart`, `create job`. */
  readonly action: string;
  /** Words that are no options, behind the action. */
  readonly operands: readonly string[];
  /** Options by name without dashes; several of one name in their order. */
  readonly options: ReadonlyMap<string, readonly string[]>;
  /** '' with `--all-namespaces`. */
  readonly namespace: string;
}

/** Options that take a value as the next word, of the commands that are understood. */
const withValue = new Set(
  'n namespace f filename l selector o output c container k kustomize p patch type replicas timeout for from image field-selector raw context kubeconfig as as-group as-uid s server token since tail sort-by to-revision subresource field-manager grace-period cascade user cluster request-timeout v from-literal from-file from-env-file template limits requests duration audience pod-selector current-replicas resource-version max-log-requests since-time port target-port name overrides restart env labels'.split(
    ' ',
  ),
);

const longNames: Readonly<Record<string, string>> = {
  n: 'namespace',
  f: 'filename',
  l: 'selector',
  A: 'all-namespaces',
  w: 'watch',
  k: 'kustomize',
  p: 'patch',
  c: 'container',
  o: 'output',
};

/** Actions of two words. */
const groups = new Set(['rollout', 'set', 'create', 'auth', 'top', 'config', 'certificate', 'apply']);
const second: Readonly<Record<string, RegExp>> = {
  apply: /^(?:view-last-applied|edit-last-applied|set-last-applied)$/,
};

interface Parsed {
  readonly plain: string[];
  readonly options: Map<string, string[]>;
}

function addOption({ options }: Parsed, name: string, value: string): void {
  const long = longNames[name] ?? name;
  options.set(long, [...(options.get(long) ?? []), value]);
}

/** `-it` is two options, `-nshop` one with its value. */
function readShort(parsed: Parsed, letters: string): void {
  if (letters.length > 1 && withValue.has(letters.charAt(0)))
    addOption(parsed, letters.charAt(0), letters.slice(1).replace(/^=/, ''));
  else for (const letter of letters) addOption(parsed, letter, 'true');
}

/** `-n shop`, `-nshop`, `--namespace=shop`, `-it`. Returns how many words were taken. */
function readOption(parsed: Parsed, word: string, next: string | undefined): number {
  const [, dashes, name = '', value] = /^(--?)([^=]+)(?:=(.*))?$/s.exec(word) ?? [];
  if (value === undefined && withValue.has(name) && next !== undefined) {
    addOption(parsed, name, next);
    return 2;
  }
  if (dashes === '--' || value !== undefined) addOption(parsed, name, value ?? 'true');
  else readShort(parsed, name);
  return 1;
}

function parseWords(words: readonly string[]): Parsed {
  const parsed: Parsed = { plain: [], options: new Map() };
  for (let at = 0; at < words.length; ) {
    const word = words[at] ?? '';
    if (word === '--') break;
    if (/^\d*[<>]/.test(word)) {
      at += /[<>]&?$/.test(word) ? 2 : 1;
    } else if (word.startsWith('-') && word !== '-') at += readOption(parsed, word, words[at + 1]);
    else {
      parsed.plain.push(word);
      at += 1;
    }
  }
  return parsed;
}

function lastOf(options: ReadonlyMap<string, readonly string[]>, name: string): string | undefined {
  return options.get(name)?.at(-1);
}

/** How many of the first words are the action. */
function lengthOfAction([first = '', next]: readonly string[]): number {
  const hasSecond = groups.has(first) && next !== undefined && (second[first]?.test(next) ?? true);
  return hasSecond ? 2 : 1;
}

/** `words` behind `kubectl`; `home` is the namespace of the pod, which kubectl uses where none is named. */
export function parseKubectl(words: readonly string[], home: string): KubectlCall | undefined {
  const { plain, options } = parseWords(words);
  const length = lengthOfAction(plain);
  const isEverywhere = lastOf(options, 'all-namespaces') === 'true';
  if (plain.length === 0) return undefined;
  return {
    action: plain.slice(0, length).join(' '),
    operands: plain.slice(length),
    options,
    namespace: isEverywhere ? '' : (lastOf(options, 'namespace') ?? home),
  };
}

type NamedType = readonly [type: string, name: string | undefined];

export interface Target {
  readonly resource: NamedResource;
  /** Absent for all of them, or where only the shell knows the name. */
  readonly name?: string;
  /** True where a name is given, known or not. */
  readonly isNamed: boolean;
}

function toTarget(type: string, name: string | undefined): Target | undefined {
  const resource = parseResource(type);
  if (resource === undefined || type.includes('$')) return undefined;
  const isKnown = name !== undefined && !name.includes('$');
  return { resource, isNamed: name !== undefined, ...(isKnown ? { name } : {}) };
}

/** `pods`, `pod web db`, `deploy/web svc/web`, `pods,services`; `undefined` where one of them cannot be told. */
export function targetsOf(operands: readonly string[], usual?: string): readonly Target[] | undefined {
  const [first = '', ...names] = operands;
  const pairs: NamedType[] = first.includes('/')
    ? operands.map((each) => {
        const [type = '', name] = each.split('/');
        return [type, name];
      })
    : targetPairs(first, names, usual);
  const targets = pairs.map(([type, name]) => toTarget(type, name));
  return targets.some((each) => each === undefined) || targets.length === 0
    ? undefined
    : targets.flatMap((each) => each ?? []);
}

/** `usual`: the type that a command means where only names are given. */
function targetPairs(first: string, names: readonly string[], usual: string | undefined): NamedType[] {
  if (usual !== undefined) return [first, ...names].map((name) => [usual, name]);
  const types = first.split(',');
  return types.flatMap((type) => (names.length === 0 ? [undefined] : names).map((name): NamedType => [type, name]));
}
