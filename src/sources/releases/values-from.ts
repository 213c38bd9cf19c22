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

export interface ValuesFrom {
  readonly values: JsonObject;
  /** Texts that came from Secrets. */
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

/** Texts in a value that may be secret; shorter ones are words such as `http`, and would be found everywhere. */
function textsIn(value: Json): string[] {
  if (Array.isArray(value)) return value.flatMap((item: Json) => textsIn(item));
  if (isJsonObject(value)) return Object.values(value).flatMap((each) => textsIn(each ?? null));
  return typeof value === 'string' && value.length >= 6 ? [value] : [];
}

function valuesIn(text: string, targetPath: string | undefined, values: JsonObject): JsonObject | undefined {
  if (targetPath !== undefined) return asObject(putAt(values, parseValuesKey(targetPath), flatValue(text)));
  const parsed = parseYaml(text);
  const read = parsed.ok ? parsed.parsed.values[0] : undefined;
  return isJsonObject(read) ? mergeValues(values, read) : undefined;
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

function secretsIn(text: string, { kind, target }: Entry): string[] {
  if (kind !== 'Secret') return [];
  const parsed = target === undefined ? parseYaml(text) : undefined;
  return parsed?.ok === true ? parsed.parsed.values.flatMap(textsIn) : textsIn(text.trim());
}

/** Merged in the order of the list. `objects` are those of the input, `namespace` that of the HelmRelease. */
export function readValuesFrom(list: Json | undefined, objects: readonly KubeObject[], namespace: string): ValuesFrom {
  let values: JsonObject = {};
  const secrets: string[] = [];
  const missing: string[] = [];
  for (const entry of asArray(list).map(entryOf)) {
    const { kind, name, key, target } = entry;
    const isMeant = (each: KubeObject): boolean =>
      each.group === '' && each.kind === kind && each.name === name && each.namespace === namespace;
    const from = objects.find(isMeant);
    const text = from === undefined ? undefined : textOf(from, key);
    const merged = text === undefined ? undefined : valuesIn(text, target, values);
    values = merged ?? values;
    if (merged !== undefined && text !== undefined) secrets.push(...secretsIn(text, entry));
    else if (!entry.isOptional) missing.push(`${kind} "${name}" (${key})`);
  }
  return { values, secrets, missing };
}
