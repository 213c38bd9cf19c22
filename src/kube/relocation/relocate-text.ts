// Rewrites the references in a text: names of Services, accounts, namespaces that are named as such. A word is changed only as a whole.

import { judgeHost, type Standing } from './host-names.ts';
import type { Relocation } from './relocation.ts';

export interface TextChange {
  readonly before: string;
  readonly after: string;
}

export interface TextLeft {
  readonly text: string;
  readonly reason: string;
}

export interface RelocatedText {
  readonly text: string;
  readonly changes: readonly TextChange[];
  readonly left: readonly TextLeft[];
  /** The namespace's name by itself, which may be the name of anything: worth telling only where it may be a setting. */
  readonly lone: readonly TextLeft[];
}

/** A name with dots, from its first to its last letter; words of one label are no hosts that change. */
const dotted = /(?<![\p{L}\p{N}_])[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?(?![\p{L}\p{N}_])/gu;

/** What stands around a match. */
interface Around {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const separators: ReadonlySet<string> = new Set([
  ' ',
  '\t',
  '\n',
  '\r',
  '"',
  "'",
  '`',
  '<',
  '>',
  '(',
  ')',
  '[',
  ']',
  '{',
  '}',
  ',',
  ';',
]);

/** The word before, up to the next blank, quote or bracket: is there a scheme in it, and no path behind that yet? */
function hasScheme({ text, start }: Around): boolean {
  let from = start;
  while (from > 0 && start - from < 300 && !separators.has(text.charAt(from - 1))) from -= 1;
  const word = text.slice(from, start);
  const at = word.lastIndexOf('://');
  return at >= 0 && !word.includes('/', at + 3);
}

function isKey(after: string): boolean {
  return /^["']?\s*(?:=|:(?:\s|$))/.test(after);
}

function objectionTo({ text, start, end }: Around, hasPort: boolean): string | undefined {
  if (hasPort) return undefined;
  const [before, earlier] = [text.charAt(start - 1), text.charAt(start - 2)];
  const after = text.slice(end, end + 8);
  if (before === '@' && /[\w.+-]/.test(earlier)) return 'may be a mail address';
  if ((before === '/' && earlier !== '/') || before === '\\') return 'is a part of a path';
  if (after.startsWith('(')) return 'may be a word of a program';
  return isKey(after) ? 'stands where a key stands' : undefined;
}

function standingOf(around: Around): Standing {
  const { text, start, end } = around;
  const hasPort = /^:[0-9]{1,5}(?![0-9])/.test(text.slice(end, end + 7));
  const isWhole = start === 0 && end === text.length;
  const isHost = hasPort || isWhole || hasScheme(around);
  const objection = hasScheme(around) ? undefined : objectionTo(around, hasPort);
  return { isTail: text.charAt(start - 1) === '.', isHost, ...(objection === undefined ? {} : { objection }) };
}

type Note = (change: TextChange | TextLeft) => void;

function relocateHosts(text: string, moving: Relocation, note: Note): string {
  if (!text.includes('.')) return text;
  return text.replaceAll(dotted, (word: string, start: number) => {
    if (!word.includes('.')) return word;
    const verdict = judgeHost(word, standingOf({ text, start, end: start + word.length }), moving);
    if (verdict === undefined) return word;
    if ('reason' in verdict) note({ text: word, reason: verdict.reason });
    else note({ before: word, after: verdict.name });
    return 'name' in verdict ? verdict.name : word;
  });
}

function escapeName(name: string): string {
  return name.replaceAll('-', String.raw`\-`);
}

/** Places where a namespace is named as one, whatever surrounds it: two groups around the name. */
const namings: readonly ((name: string) => RegExp)[] = [
  // Users and groups of accounts. Source: Kubernetes docs, authentication, service account tokens.
  (name) => new RegExp(String.raw`(?<![\w-])(system:serviceaccounts?:)(${name})(?![\w.-])()`, 'g'),
  // SPIFFE identities. Source: Istio docs, security, identity.
  (name) => new RegExp(String.raw`(/ns/)(${name})(/sa/)`, 'g'),
  // Paths of the Kubernetes API.
  (name) => new RegExp(String.raw`(/namespaces/)(${name})(?![\w.-])()`, 'g'),
  // `namespace: shop`, `"namespace": "shop"`, `{namespace="shop"}`, `--namespace=shop`, `--namespace shop`.
  (name) =>
    new RegExp(
      String.raw`((?<![A-Za-z0-9])(?:[A-Za-z0-9_.]{1,60}[_.-])?(?:[Nn]amespaces?|NAMESPACES?)["']?(?:\s*(?:=~|!~|!=|==|=|:)\s*|\s+)["']?)(${name})(?![\w.-])()`,
      'g',
    ),
  // Lists of them, as Prometheus and many operators have: `namespaces: [a, shop]`, `namespaces:`, `names:`, `- shop`.
  (name) =>
    new RegExp(
      String.raw`(namespaces["']?:\s*(?:names["']?:\s*)?(?:\[|-)\s*(?:["']?[\w.-]{1,63}["']?\s*(?:,|\n\s*-)\s*){0,50}["']?)(${name})(?![\w.-])()`,
      'g',
    ),
  // Programs that take the namespace as -n.
  (name) =>
    new RegExp(String.raw`(\b(?:kubectl|oc|helm|istioctl|flux)\b[^\n;|&]{0,200}?\s-n[= ]?)(${name})(?![\w.-])()`, 'g'),
  // Expressions of Calico and of namespace selectors in text.
  (name) =>
    new RegExp(
      String.raw`((?:projectcalico\.org|kubernetes\.io/metadata|kubernetes\.io)[/.](?:name|namespace)["']?\s*(?:==|!=|=|:)\s*["']?)(${name})(?![\w.-])()`,
      'g',
    ),
];

const compiled = new Map<string, readonly RegExp[]>();

function namingsOf(name: string): readonly RegExp[] {
  let found = compiled.get(name);
  if (found === undefined) compiled.set(name, (found = namings.map((make) => make(escapeName(name)))));
  return found;
}

/** As much of a naming as tells what it is: a command line may hold what is nobody's business. */
function lastWords(text: string): string {
  return text.trim().split(/\s+/).slice(-2).join(' ');
}

function relocateNamings(text: string, { namespaces }: Relocation, note: Note): string {
  let changed = text;
  for (const [old, next] of namespaces) {
    if (!changed.includes(old)) continue;
    for (const pattern of namingsOf(old))
      changed = changed.replaceAll(pattern, (whole, before: string, _name: string, after: string) => {
        const made = `${before}${next}${after}`;
        note({ before: lastWords(whole), after: lastWords(made) });
        return made;
      });
  }
  return changed;
}

/** The name by itself: it may be the namespace's, or that of anything else. */
function loneNames(text: string, { namespaces }: Relocation): TextLeft[] {
  return [...namespaces.keys()].flatMap((name) => {
    if (!text.includes(name)) return [];
    const alone = new RegExp(String.raw`(?<![\w.-])${escapeName(name)}(?![\w-]|\.[\w])`);
    return alone.test(text) ? [{ text: name, reason: 'may be the name of the namespace, or of something else' }] : [];
  });
}

function isChange(told: TextChange | TextLeft): told is TextChange {
  return 'before' in told;
}

/** Each change once. */
function distinct<T extends TextChange | TextLeft>(all: readonly T[]): T[] {
  return [...new Map(all.map((each) => [JSON.stringify(each), each])).values()];
}

/** A text is small enough to be looked at as a whole; what is larger is data, not settings. */
const longestText = 4_000_000;

export function relocateText(text: string, moving: Relocation): RelocatedText {
  if (text.length > longestText) return { text, changes: [], left: [], lone: [] };
  const told: (TextChange | TextLeft)[] = [];
  const note: Note = (each) => void told.push(each);
  const changed = relocateNamings(relocateHosts(text, moving, note), moving, note);
  const changes = distinct(told.filter(isChange));
  const left = distinct(told.filter((each): each is TextLeft => !isChange(each)));
  const made = new Set(moving.namespaces.values());
  const lone = loneNames(changed, moving).filter(({ text: name }) => !made.has(name));
  return { text: changed, changes, left, lone };
}
