// Values of a HelmRelease that stand in ConfigMaps and Secrets of the same input. Source: `spec.valuesFrom` of helm.toolkit.fluxcd.io v2.

import { parseValuesKey } from '../../kube/templates/index.ts';
import { parseYaml } from '../../kube/yaml/index.ts';
import {
  asArray,
  asObject,
  asString,
  isJsonObject,
  type Json,
  type JsonObject,
  type KubeObject,
  type Path,
} from '../../model/index.ts';
import { mergeValues } from './chart-release.ts';
import { longText, type Veil, veil } from './veiled-values.ts';

export interface ValuesFrom {
  readonly values: JsonObject;
  /** The same with veils for what is short and came from Secrets. */
  readonly veiled: JsonObject;
  readonly veils: readonly Veil[];
  /** Longer texts that came from Secrets. */
  readonly secrets: readonly string[];
  /** What is not in the files, or cannot be read there. */
  readonly missing: readonly string[];
}

function decode(base64: string): string {
  const bytes = Uint8Array.from(atob(base64.replaceAll(/\s/g, '')), (character) => character.codePointAt(0) ?? 0);
  return new TextDecoder().decode(bytes);
}

/** The text under a key; `undefined` where it is not there, or only in a form that the cluster can read. */
function textOf({ kind, raw }: KubeObject, key: string): string | undefined {
  if (raw['sops'] !== undefined) return undefined;
  const plain = asString(asObject(raw[kind === 'Secret' ? 'stringData' : 'data'])[key]);
  if (plain !== undefined || kind !== 'Secret') return plain;
  const encoded = asString(asObject(raw['data'])[key]);
  try {
    return encoded === undefined ? undefined : decode(encoded);
  } catch {
    return undefined;
  }
}

/** As Helm reads the right side of `--set`; a text in quotes stays a text. */
function flatValue(text: string): Json {
  const trimmed = text.trim();
  const quoted = /^(["'])(.*)\1$/s.exec(trimmed);
  if (quoted !== null) return quoted[2] ?? '';
  if (trimmed === 'true' || trimmed === 'false') return trimmed === 'true';
  if (trimmed === 'null') return null;
  return /^(?:0|-?[1-9]\d*)$/.test(trimmed) && Number.isSafeInteger(Number(trimmed)) ? Number(trimmed) : trimmed;
}

/** `a.b[0].c` with a value, in what is there already. */
function putAt(values: Json | undefined, steps: Path, value: Json): Json {
  const [step, ...rest] = steps;
  if (step === undefined) return value;
  if (typeof step === 'number') {
    const list = [...asArray(values)];
    while (list.length < step) list.push(null);
    list[step] = putAt(list[step], rest, value);
    return list;
  }
  const map = asObject(values);
  return { ...map, [step]: putAt(map[step], rest, value) };
}

/** Texts in a value that are long enough to be found by themselves; shorter ones are words such as `http`, and would be found everywhere. */
function textsIn(value: Json): string[] {
  if (Array.isArray(value)) return value.flatMap((item: Json) => textsIn(item));
  if (isJsonObject(value)) return Object.values(value).flatMap((each) => textsIn(each ?? null));
  return typeof value === 'string' && value.length >= longText ? [value] : [];
}

/** What an entry gives: a value for its target, else values by their names. */
function givenBy(text: string, target: string | undefined): Json | undefined {
  if (target !== undefined) return flatValue(text);
  const parsed = parseYaml(text);
  const read = parsed.ok ? parsed.parsed.values[0] : undefined;
  return isJsonObject(read) ? read : undefined;
}

function putOver(values: JsonObject, given: Json, target: string | undefined): JsonObject {
  return target === undefined
    ? mergeValues(values, asObject(given))
    : asObject(putAt(values, parseValuesKey(target), given));
}

interface Entry {
  readonly kind: string;
  readonly name: string;
  readonly key: string;
  readonly target: string | undefined;
  readonly isOptional: boolean;
}

function entryOf(value: Json): Entry {
  const { kind, name, valuesKey, targetPath, optional } = asObject(value);
  return {
    kind: asString(kind) ?? '',
    name: asString(name) ?? '',
    key: asString(valuesKey) ?? 'values.yaml',
    target: asString(targetPath),
    isOptional: optional === true,
  };
}

/** Merged in the order of the list. `objects` are those of the input, `namespace` that of the HelmRelease. */
export function readValuesFrom(list: Json | undefined, objects: readonly KubeObject[], namespace: string): ValuesFrom {
  let values: JsonObject = {};
  let veiled: JsonObject = {};
  const veils: Veil[] = [];
  const secrets: string[] = [];
  const missing: string[] = [];
  for (const entry of asArray(list).map(entryOf)) {
    const { kind, name, key, target } = entry;
    const isMeant = (each: KubeObject): boolean =>
      each.group === '' && each.kind === kind && each.name === name && each.namespace === namespace;
    const from = objects.find(isMeant);
    const text = from === undefined ? undefined : textOf(from, key);
    const given = text === undefined ? undefined : givenBy(text, target);
    if (given === undefined) {
      if (!entry.isOptional) missing.push(`${kind} "${name}" (${key})`);
      continue;
    }
    values = putOver(values, given, target);
    veiled = putOver(veiled, kind === 'Secret' ? veil(given, veils) : given, target);
    if (kind === 'Secret') secrets.push(...textsIn(given));
  }
  return { values, veiled, veils, secrets, missing };
}
