// Reads single fields of a kubeconfig by type; a wrong type is an error that names the field and never quotes its value.

import { isAbsolute, join } from 'node:path';
import { type Json, type JsonObject, isJsonObject, UserError } from '../../model/index.ts';
import type { DataOrFile, Place } from './kubeconfig.ts';

export function invalid({ file, entry }: Place, problem: string): UserError {
  return new UserError(
    'kubeconfig-invalid',
    `${file}: ${entry === '' ? '' : `${entry}: `}${problem}`,
    'Correct the file, or choose another with --kubeconfig or KUBECONFIG.',
  );
}

/** Text, or `undefined` where the field is missing, null or empty: kubectl makes no difference between them. */
export function textField(object: JsonObject, key: string, place: Place): string | undefined {
  const value = object[key] ?? undefined;
  if (value === undefined || value === '') return undefined;
  if (typeof value !== 'string') throw invalid(place, `"${key}" is not text`);
  return value;
}

export function flagField(object: JsonObject, key: string, place: Place): boolean {
  const value = object[key] ?? false;
  if (typeof value !== 'boolean') throw invalid(place, `"${key}" is neither true nor false`);
  return value;
}

export function textsField(object: JsonObject, key: string, place: Place): readonly string[] | undefined {
  const value = object[key] ?? undefined;
  if (value === undefined) return undefined;
  if (!Array.isArray(value) || !value.every((item: Json) => typeof item === 'string'))
    throw invalid(place, `"${key}" is not a list of texts`);
  return value as readonly string[];
}

export function objectField(object: JsonObject, key: string, place: Place): JsonObject | undefined {
  const value = object[key] ?? undefined;
  if (value === undefined) return undefined;
  if (!isJsonObject(value)) throw invalid(place, `"${key}" is not a mapping`);
  return value;
}

/** The objects of a list; `undefined` items stand for nothing. */
export function objectsField(object: JsonObject, key: string, place: Place): readonly JsonObject[] {
  const value = object[key] ?? [];
  if (!Array.isArray(value) || !value.every(isJsonObject)) throw invalid(place, `"${key}" is not a list of mappings`);
  return value as readonly JsonObject[];
}

/** A path of the kubeconfig: relative to the folder of the file it stands in. */
export function pathField(object: JsonObject, key: string, place: Place): string | undefined {
  const path = textField(object, key, place);
  return path === undefined || isAbsolute(path) ? path : join(place.folder, path);
}

/** `certificate-authority-data` or `certificate-authority`: the data wins where both are given, as with kubectl. */
export function dataOrFileField(object: JsonObject, key: string, place: Place): DataOrFile | undefined {
  const data = textField(object, `${key}-data`, place);
  if (data !== undefined) {
    if (!/^[A-Za-z0-9+/\s]+={0,2}\s*$/.test(data)) throw invalid(place, `"${key}-data" is not base64`);
    return { data };
  }
  const file = pathField(object, key, place);
  return file === undefined ? undefined : { file };
}
