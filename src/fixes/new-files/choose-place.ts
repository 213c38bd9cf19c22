// Where a new object goes: into a file of the folder where that is its habit, else into a file of its own.

import { isClusterScoped } from '../../kube/scope.ts';
import { parseApiVersion } from '../../kube/api-version.ts';
import { asObject, asString, type NewObject, type Snapshot } from '../../model/index.ts';
import { folderOf, isMixed, type ManifestFile, manifestsIn } from './folder.ts';
import { spellKind, styleOf } from './kind-words.ts';
import { areNamedByKind, firstName, numberFor, stemFor } from './name-file.ts';

export type NewPlace =
  /** In a file that is there: before its documents, behind them, or as an item of the list that it holds. */
  | { readonly file: string; readonly text: number; readonly at: 'start' | 'end' | 'item' }
  | { readonly file: string; readonly text?: never };

export interface Folders {
  /** True for a path that is not free. */
  readonly isTaken: (file: string) => boolean;
}

interface Wanted {
  readonly create: NewObject;
  readonly kind: string;
  readonly name: string;
  readonly isNamespace: boolean;
  /** It belongs to the object beside it alone. */
  readonly isOwned: boolean;
  /** Objects of the kind that are created for the folder. */
  readonly count: number;
}

const isJson = ({ extension }: ManifestFile): boolean => extension === '.json';

/** A file for the kind: named for it, or holding several of it and nothing else. */
function fileOfKind(files: readonly ManifestFile[], kind: string): ManifestFile | undefined {
  return files.find(
    (file) =>
      !isJson(file) &&
      file.objects.every((object) => object.kind === kind) &&
      (file.objects.length > 1 || styleOf(file.stem, kind) !== undefined),
  );
}

function isListItem({ create }: Wanted): boolean {
  return create.beside.source.within.length > 0;
}

/** Apps of the folder stand each in a file with all that belongs to it; or the folder is one file. */
function isAddedTo(file: ManifestFile, files: readonly ManifestFile[], wanted: Wanted): boolean {
  if (isJson(file) && !isListItem(wanted)) return false;
  if (files.length === 1) return file.objects.length > 1;
  if (!wanted.isOwned) return false;
  const mixed = files.filter(isMixed).length;
  return isMixed(file) || mixed * 2 > files.length;
}

function newFile(files: readonly ManifestFile[], beside: ManifestFile | undefined, wanted: Wanted, folders: Folders) {
  const { kind, name, isNamespace, isOwned, count, create } = wanted;
  const folder = folderOf(create.beside.source.file);
  const extension = beside?.extension ?? '.yaml';
  const owner = isOwned ? { kind: create.beside.kind, name: create.beside.name } : undefined;
  const isSeveral = owner === undefined && !isNamespace && count > 1;
  const stem = stemFor(files, { kind, name, owner, isSeveral });
  const number = numberFor(files, owner === undefined ? undefined : beside);
  const usual = isNamespace ? firstName(files, stem, extension) : number + stem + extension;
  const longer = [
    `${number}${name}-${stem}`,
    `${number}${name}-${spellKind(kind, { spelling: 'kebab', isPlural: false })}`,
  ];
  const names = [usual, ...longer.map((each) => each + extension)];
  const free = names.find((each) => !folders.isTaken(folder + each));
  return { file: folder + (free ?? `${number}${name}-${stem}-new${extension}`) };
}

/** What is the same for all objects of a folder is looked up once. */
export class PlaceChooser {
  private readonly snapshot: Snapshot;
  private readonly folders: Folders;
  private readonly files = new Map<string, readonly ManifestFile[]>();
  /** Files of several objects that are new in this plan. */
  private readonly started = new Map<string, NewPlace>();
  private readonly counts: ReadonlyMap<string, number>;

  constructor(snapshot: Snapshot, folders: Folders, all: readonly NewObject[]) {
    this.snapshot = snapshot;
    this.folders = folders;
    this.counts = countKinds(all);
  }

  choose(create: NewObject): NewPlace {
    const { file } = create.beside.source;
    const folder = folderOf(file);
    const files = this.files.get(folder) ?? manifestsIn(folder, this.snapshot);
    this.files.set(folder, files);
    const wanted = this.read(create, folder);
    const beside = files.find((each) => each.file === file);
    const same = wanted.isNamespace ? undefined : fileOfKind(files, wanted.kind);
    if (same !== undefined) return { file: same.file, text: same.text, at: 'end' };
    if (beside !== undefined && isAddedTo(beside, files, wanted)) return placeIn(beside, wanted);
    const apart = { ...wanted, isOwned: wanted.isOwned && !areNamedByKind(files) };
    return this.start(apart, () => newFile(files, beside, apart, this.folders));
  }

  private read(create: NewObject, folder: string): Wanted {
    const kind = asString(create.raw['kind']) ?? '';
    const name = asString(asObject(create.raw['metadata'])['name']) ?? '';
    const { beside } = create;
    const isOwned = name === beside.name || name.startsWith(`${beside.name}-`);
    const isNamespace = kind === 'Namespace';
    return {
      create,
      kind,
      name,
      isNamespace,
      isOwned: isOwned && !isNamespace,
      count: this.counts.get(folder + kind) ?? 1,
    };
  }

  /** General objects of a kind share a file; an owned one has its own. */
  private start({ create, kind, isOwned, name }: Wanted, open: () => NewPlace): NewPlace {
    const key = [folderOf(create.beside.source.file), kind, isOwned ? name : ''].join('\n');
    const place = this.started.get(key) ?? open();
    this.started.set(key, place);
    return place;
  }
}

function placeIn({ file, text }: ManifestFile, wanted: Wanted): NewPlace {
  if (wanted.isNamespace) return { file, text, at: 'start' };
  return { file, text, at: isListItem(wanted) ? 'item' : 'end' };
}

function countKinds(all: readonly NewObject[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { raw, beside } of all) {
    const key = folderOf(beside.source.file) + (asString(raw['kind']) ?? '');
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

/** The namespace that the object goes to; '' for one of the whole cluster. */
export function namespaceOf({ raw, beside }: NewObject): string {
  const { group } = parseApiVersion(asString(raw['apiVersion']) ?? '');
  if (isClusterScoped(group, asString(raw['kind']) ?? '')) return '';
  return asString(asObject(raw['metadata'])['namespace']) ?? beside.namespace;
}
