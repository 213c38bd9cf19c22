// A folder of the user's manifests as it is seen by somebody who adds a file to it.

import type { KubeObject, Snapshot, SourceText } from '../../model/index.ts';

export interface ManifestFile {
  readonly file: string;
  /** Index in `Snapshot.texts`. */
  readonly text: number;
  /** Name without folder, number in front and ending. */
  readonly stem: string;
  /** `10-` of `10-web.yaml`; '' where there is none. */
  readonly number: string;
  /** With its dot: `.yaml`. */
  readonly extension: string;
  readonly objects: readonly KubeObject[];
}

export function folderOf(file: string): string {
  return file.includes('/') ? file.slice(0, file.lastIndexOf('/') + 1) : '';
}

function readName(file: string): Pick<ManifestFile, 'stem' | 'number' | 'extension'> {
  const base = file.slice(folderOf(file).length);
  const [, number = '', stem = '', extension = ''] = /^(\d+[-_.])?(.*?)(\.[^.]*)?$/.exec(base) ?? [];
  return { number, stem, extension };
}

function isManifest({ rendered, file }: SourceText, objects: readonly KubeObject[]): boolean {
  return !rendered && file !== '-' && objects.length > 0;
}

/** The files in the folder that gave objects, in the order in which kubectl applies them. */
export function manifestsIn(folder: string, { texts, objects }: Snapshot): ManifestFile[] {
  const files = texts.flatMap((source, text) => {
    if (folderOf(source.file) !== folder) return [];
    const own = objects.filter((object) => object.source.text === text);
    return isManifest(source, own) ? [{ file: source.file, text, ...readName(source.file), objects: own }] : [];
  });
  return files.toSorted((a, b) => (a.file < b.file ? -1 : 1));
}

/** True for a file that holds several kinds: an app with what belongs to it. */
export function isMixed({ objects }: ManifestFile): boolean {
  return new Set(objects.map(({ kind }) => kind)).size > 1;
}
