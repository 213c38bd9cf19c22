// Names of new patch files: as the user names patches, where there is one to learn from.

import { parseYaml, splitDocuments } from '../../kube/yaml/index.ts';
import { asObject, asString, type KubeObject } from '../../model/index.ts';
import { folderOf } from '../new-files/folder.ts';

type Named = Pick<KubeObject, 'kind' | 'name'>;

/** A patch that is there: its path from the kustomization, and its text where that was read. */
export interface KnownPatch {
  readonly path: string;
  readonly text?: string | undefined;
}

/** `prod-{name}-patch.yaml`, as what stands around the name. */
interface Naming {
  readonly folder: string;
  readonly before: string;
  readonly after: string;
  /** What the file's name leaves out of the object's: `prod-` of `prod-web` in `web-patch.yaml`. */
  readonly dropped: string;
  /** In lower case, where the file's name has it as a word. */
  readonly kind: string | undefined;
}

const atEdge = /^$|[-_.]$/;
const edge = /^[-_.]/;

/** Whole words only: the kind `job` is no part of `jobs-patch.yaml`. */
function indexOfWord(text: string, word: string): number {
  for (let at = text.indexOf(word); at !== -1; at = text.indexOf(word, at + 1))
    if (atEdge.test(text.slice(0, at)) && edge.test(text.slice(at + word.length))) return at;
  return -1;
}

function hasWord(text: string, word: string): boolean {
  return text.split(/[-_.]/).includes(word);
}

/** From the whole name on to its last word: `prod-web`, `web`. */
function endsOf(name: string): string[] {
  const words = name.split('-');
  return words.map((_, index) => words.slice(index).join('-'));
}

function learn(path: string, { kind, name }: Named): Naming | undefined {
  const folder = folderOf(path);
  const base = path.slice(folder.length);
  const found = endsOf(name).find((end) => indexOfWord(base, end) !== -1);
  if (found === undefined) return undefined;
  const at = indexOfWord(base, found);
  const [before, after] = [base.slice(0, at), base.slice(at + found.length)];
  const lower = kind.toLowerCase();
  const hasKind = hasWord(before, lower) || hasWord(after, lower);
  return {
    folder,
    before,
    after,
    dropped: name.slice(0, name.length - found.length),
    kind: hasKind ? lower : undefined,
  };
}

/** What the first document is about; nothing where several stand there: their file is named for something else. */
function subjectOf(text: string): Named | undefined {
  const ranges = splitDocuments(text);
  const [range] = ranges;
  if (range === undefined || ranges.length > 1) return undefined;
  const parsed = parseYaml(text, range);
  const value = asObject(parsed.ok ? parsed.parsed.values[0] : undefined);
  const [kind, name] = [asString(value['kind']), asString(asObject(value['metadata'])['name'])];
  return kind === undefined || name === undefined ? undefined : { kind, name };
}

function shapeOf({ folder, before, after, kind }: Naming): string {
  const shape = `${before} ${after}`;
  return folder + (kind === undefined ? shape : shape.replace(kind, 'KIND'));
}

/** The naming that most of the patches have; of several the first. */
function findNaming(patches: readonly KnownPatch[]): Naming | undefined {
  const learned = patches.flatMap(({ path, text }) => {
    const subject = text === undefined ? undefined : subjectOf(text);
    return (subject === undefined ? undefined : learn(path, subject)) ?? [];
  });
  const counts = new Map<string, number>();
  for (const naming of learned) counts.set(shapeOf(naming), (counts.get(shapeOf(naming)) ?? 0) + 1);
  const most = Math.max(0, ...counts.values());
  return learned.find((naming) => counts.get(shapeOf(naming)) === most);
}

/** Where no name tells what its patch is about: `patch` before or behind the name, as the first has it. */
function plainNaming([first]: readonly KnownPatch[]): Naming {
  const path = first?.path ?? '';
  const folder = folderOf(path);
  const ending = path.endsWith('.yml') ? '.yml' : '.yaml';
  const isBehind = /[-_.]patch\.ya?ml$/.test(path);
  const [before, after] = isBehind ? ['', `-patch${ending}`] : ['patch-', ending];
  return { folder, before, after, dropped: '', kind: undefined };
}

/** The naming with the kind of another object in the place of the one that it was learned from. */
function ofKind(naming: Naming, kind: string): Naming {
  const { before, after, kind: old } = naming;
  if (old === undefined) return naming;
  const own = kind.toLowerCase();
  return { ...naming, before: before.replace(old, own), after: after.replace(old, own) };
}

/** A name for the patch of an object, from the kustomization; `isFree` tells whether a path is taken. */
export function namePatch(
  { kind, name }: Named,
  patches: readonly KnownPatch[],
  isFree: (path: string) => boolean,
): string {
  const own = patches.filter(({ path }) => !path.startsWith('..'));
  const naming = ofKind(findNaming(own) ?? plainNaming(own), kind);
  const { folder, before, after, dropped } = naming;
  const short = name.startsWith(dropped) ? name.slice(dropped.length) : name;
  const called = (words: string): string => `${folder}${before}${words}${after}`;
  if (isFree(called(short))) return called(short);
  const words = naming.kind === undefined ? `${kind.toLowerCase()}-${short}` : short;
  let path = called(words);
  for (let number = 2; !isFree(path); number += 1) path = called(`${words}-${number}`);
  return path;
}
