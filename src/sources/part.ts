// What one file or one rendered unit gave, and how such parts become one snapshot.

import type {
  DuplicateKey,
  Evidence,
  KubeObject,
  ObjectSource,
  Skipped,
  SourceText,
  Unreadable,
  WrittenIn,
} from '../model/index.ts';

/** Like a snapshot of its own: indexes of texts and objects count within the part. */
export interface Part {
  readonly texts: readonly SourceText[];
  readonly objects: readonly KubeObject[];
  readonly unreadable: readonly Unreadable[];
  readonly skipped: readonly Skipped[];
  readonly duplicateKeys: readonly DuplicateKey[];
  readonly evidence: readonly Evidence[];
}

export const emptyPart: Part = { texts: [], objects: [], unreadable: [], skipped: [], duplicateKeys: [], evidence: [] };

export function unreadablePart(...unreadable: readonly Unreadable[]): Part {
  return { ...emptyPart, unreadable };
}

export function skippedPart(file: string, what: string): Part {
  return { ...emptyPart, skipped: [{ file, what }] };
}

function shiftText(by: number): (written: WrittenIn) => WrittenIn {
  return (written) => ({ ...written, text: written.text + by });
}

function shiftSource(source: ObjectSource, by: number): ObjectSource {
  const shifted = { ...source, text: source.text + by };
  return source.writtenIn === undefined ? shifted : { ...shifted, writtenIn: source.writtenIn.map(shiftText(by)) };
}

/** The parts one after the other; indexes are moved along. */
export function joinParts(parts: readonly Part[]): Part {
  const texts: SourceText[] = [];
  const objects: KubeObject[] = [];
  const unreadable: Unreadable[] = [];
  const skipped: Skipped[] = [];
  const duplicateKeys: DuplicateKey[] = [];
  const evidence: Evidence[] = [];
  for (const part of parts) {
    const textOffset = texts.length;
    const objectOffset = objects.length;
    for (const text of part.texts) texts.push(text);
    for (const object of part.objects)
      objects.push(textOffset === 0 ? object : { ...object, source: shiftSource(object.source, textOffset) });
    for (const key of part.duplicateKeys) duplicateKeys.push({ ...key, object: key.object + objectOffset });
    unreadable.push(...part.unreadable);
    skipped.push(...part.skipped);
    for (const each of part.evidence) evidence.push(each);
  }
  return { texts, objects, unreadable, skipped, duplicateKeys, evidence };
}

/** The part without the objects that `leaveOut` names by index; their texts stay, so that positions hold. */
export function withoutObjects(part: Part, leaveOut: ReadonlySet<number>): Part {
  if (leaveOut.size === 0) return part;
  const newIndex = new Map<number, number>();
  const objects = part.objects.filter((_, index) => {
    if (leaveOut.has(index)) return false;
    newIndex.set(index, newIndex.size);
    return true;
  });
  const duplicateKeys = part.duplicateKeys.flatMap((key) => {
    const object = newIndex.get(key.object);
    return object === undefined ? [] : [{ ...key, object }];
  });
  return { ...part, objects, duplicateKeys };
}
