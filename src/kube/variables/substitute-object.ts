// The variables of a Flux Kustomization in an object, with the types that the values have then.

import { asObject, isJsonObject, type Json, type JsonObject, type Variables } from '../../model/index.ts';
import { parseYaml } from '../yaml/index.ts';
import { type Lookup, substituteText } from './substitute-text.ts';

const switchName = 'kustomize.toolkit.fluxcd.io/substitute';

function isSwitchedOff({ metadata }: JsonObject): boolean {
  const { labels, annotations } = asObject(metadata);
  return asObject(labels)[switchName] === 'disabled' || asObject(annotations)[switchName] === 'disabled';
}

/** What Flux writes without quotes when it puts variables in: quotes of the file are gone by then. */
function standsPlain(text: string): boolean {
  return !/^[\s!"#%&'*,>@[\]`{|}]|^[?:-](?:\s|$)|:\s|:$|\s#|\n|\s$/.test(text);
}

/** A text that was plain is read again: `3` becomes a number, and nothing at all null. */
function typed(text: string, was: string): Json {
  if (!standsPlain(was)) return text;
  const read = parseYaml(text);
  const value = read.ok ? (read.parsed.values[0] ?? null) : text;
  const isCollection = typeof value === 'object' && value !== null;
  return isCollection && !/^[[{]/.test(text) ? text : value;
}

function put(value: Json, lookup: Lookup): Json {
  if (typeof value === 'string') {
    const text = value.includes('$') ? substituteText(value, lookup) : undefined;
    return text === undefined || text === value ? value : typed(text, value);
  }
  if (Array.isArray(value)) return (value as readonly Json[]).map((each) => put(each, lookup));
  if (!isJsonObject(value)) return value;
  const fields = Object.entries(value).map(([key, each]): [string, Json] => [
    key.includes('$') ? (substituteText(key, lookup) ?? key) : key,
    put(each ?? null, lookup),
  ]);
  return Object.fromEntries(fields);
}

/** What cannot be told stays as it is written. */
export function substituteObject(raw: JsonObject, { values, isWhole }: Variables): JsonObject {
  if (isSwitchedOff(raw)) return raw;
  const lookup: Lookup = (name) => (Object.hasOwn(values, name) ? values[name] : isWhole ? '' : undefined);
  return asObject(put(raw, lookup));
}
