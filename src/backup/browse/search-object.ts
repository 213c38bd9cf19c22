// Finds a text in an object, and never in the values of a Secret. Pure.

import { isJsonObject, type Json, type JsonObject, type Path, toJsonPointer, toText } from '../../model/index.ts';
import { maskSecret } from './mask-secret.ts';

export interface Match {
  /** JSON pointer of the field. */
  readonly path: string;
  /** The line of the value that has the text, cut where it is long; the key where the text stands in that. */
  readonly text: string;
}

/** Of a found line. */
const shown = 120;

function around(line: string, at: number): string {
  if (line.length <= shown) return line;
  const from = Math.max(0, Math.min(at - shown / 3, line.length - shown));
  return `${from > 0 ? '…' : ''}${line.slice(from, from + shown)}${from + shown < line.length ? '…' : ''}`;
}

function* scalars(value: Json | undefined, path: Path): Generator<{ readonly path: Path; readonly text: string }> {
  if (Array.isArray(value)) for (const [index, each] of value.entries()) yield* scalars(each as Json, [...path, index]);
  else if (isJsonObject(value))
    for (const [key, each] of Object.entries(value)) {
      if (path.length === 1 && path[0] === 'metadata' && key === 'managedFields') continue;
      yield { path: [...path, key], text: key };
      yield* scalars(each, [...path, key]);
    }
  else if (value !== undefined && value !== null) yield { path, text: toText(value) };
}

/** Places of the text, upper and lower case alike; `most` of them at most. */
export function searchObject(object: JsonObject, text: string, most: number): readonly Match[] {
  const wanted = text.toLowerCase();
  const found = new Map<string, Match>();
  for (const { path, text: value } of scalars(maskSecret(object), [])) {
    if (!value.toLowerCase().includes(wanted)) continue;
    const line = value.split('\n').find((each) => each.toLowerCase().includes(wanted)) ?? value;
    const pointer = toJsonPointer(path);
    found.set(pointer, { path: pointer, text: around(line, line.toLowerCase().indexOf(wanted)) });
    if (found.size >= most) break;
  }
  return [...found.values()];
}
