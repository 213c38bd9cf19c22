// Resource modifiers as Velero has them: which objects are changed on their way back, and how. Read strictly: a rule that is misspelt would change nothing.

import * as z from 'zod';
import { compileSelector } from '../../../kube/selectors.ts';
import { parseYaml } from '../../../kube/yaml/index.ts';
import {
  asObject,
  digitsOf,
  isJsonObject,
  type Json,
  type JsonObject,
  parseDigits,
  parseJson,
  UserError,
} from '../../../model/index.ts';
import { compileGlobsAt } from '../../collect/match-glob.ts';

/** YAML's numbers and truths stand for their text, as for Velero. */
const text = z.union([z.string(), z.number(), z.boolean()]).transform((value) => digitsOf(value) ?? String(value));
const patchData = z.array(z.strictObject({ patchData: z.string() }));
const operations = z.array(
  z.strictObject({
    operation: z.enum(['add', 'remove', 'replace', 'move', 'copy', 'test']),
    from: z.string().optional(),
    path: z.string(),
    value: text.optional(),
  }),
);
const rule = z.strictObject({
  conditions: z.strictObject({
    groupResource: z.string().min(1),
    resourceNameRegex: z.string().optional(),
    namespaces: z.array(z.string()).nullish(),
    labelSelector: z.looseObject({}).nullish(),
    matches: z.array(z.strictObject({ path: z.string().min(1), value: text.optional() })).nullish(),
  }),
  patches: operations.optional(),
  mergePatches: patchData.optional(),
  strategicPatches: patchData.optional(),
});
const file = z.strictObject({ version: z.literal('v1'), resourceModifierRules: z.array(rule) });

export type PatchPlan =
  /** A JSON Patch (RFC 6902). */
  | { readonly type: 'json'; readonly operations: Json }
  | { readonly type: 'merge' | 'strategic'; readonly patches: readonly JsonObject[] };

export interface ModifierRule {
  /** `resourceModifierRules[2]`, for messages. */
  readonly where: string;
  /** Of the object as it was saved: its resource, namespace ('' for one of the cluster), name and labels. */
  readonly takes: (groupResource: string, namespace: string, name: string, labels: JsonObject) => boolean;
  /** A JSON Patch of tests: all must hold. */
  readonly tests: Json;
  readonly patch: PatchPlan;
}

function wrong(where: string, why: string): UserError {
  const advice = "Write them as for Velero's --resource-modifier-configmap: version: v1, resourceModifierRules.";
  return new UserError('invalid-option', `${where}: ${why}`, advice);
}

function parseJsonOrText(value: string): Json {
  try {
    return parseJson(value);
  } catch {
    return value;
  }
}

const words: ReadonlyMap<string, Json> = new Map<string, Json>([
  ['null', null],
  ...['true', 'TRUE', 'True', 't', 'T'].map((word) => [word, true] as const),
  ...['false', 'FALSE', 'False', 'f', 'F'].map((word) => [word, false] as const),
]);

/**
 * Velero's rule for the text of a value: what looks like an object, a list, a number or a truth is one, and what stands in quotes is always a text.
 * Source: Velero 1.18, internal/resourcemodifiers.
 */
function parseValue(value = ''): Json {
  const word = words.get(value);
  if (word !== undefined) return word;
  if (value.length > 1 && value.startsWith('"') && value.endsWith('"')) return value.slice(1, -1);
  if (/^[[{]/.test(value)) return parseJsonOrText(value);
  return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(value) ? parseDigits(value) : value;
}

function parseDocument(content: string, where: string): Json {
  const result = parseYaml(content);
  if (!result.ok) throw wrong(where, result.failure.reason);
  const [value = null, ...others] = result.parsed.values;
  if (others.length > 0) throw wrong(where, 'it holds several documents');
  return value;
}

function parsePatches(list: z.infer<typeof patchData>, where: string): JsonObject[] {
  return list.map(({ patchData: content }, index) => {
    const value = parseDocument(content, `${where}[${index}].patchData`);
    if (isJsonObject(value)) return value;
    throw wrong(`${where}[${index}].patchData`, 'it is no object');
  });
}

function toPlan({ patches, mergePatches, strategicPatches }: z.infer<typeof rule>, where: string): PatchPlan {
  const given = [patches, mergePatches, strategicPatches].filter((each) => each !== undefined && each.length > 0);
  if (given.length !== 1) throw wrong(where, 'it must have one of patches, mergePatches and strategicPatches');
  if (mergePatches !== undefined && mergePatches.length > 0)
    return { type: 'merge', patches: parsePatches(mergePatches, `${where}.mergePatches`) };
  if (strategicPatches !== undefined && strategicPatches.length > 0)
    return { type: 'strategic', patches: parsePatches(strategicPatches, `${where}.strategicPatches`) };
  const list = (patches ?? []).map(({ operation, from, path, value }) => ({
    op: operation,
    path,
    ...(from === undefined ? {} : { from }),
    ...(operation === 'add' || operation === 'replace' || operation === 'test' ? { value: parseValue(value) } : {}),
  }));
  return { type: 'json', operations: list };
}

function toNameTest(pattern: string | undefined, where: string): (name: string) => boolean {
  if (pattern === undefined || pattern === '') return () => true;
  try {
    const expression = new RegExp(pattern);
    return (name) => expression.test(name);
  } catch {
    throw wrong(where, `"${pattern}" is not a regular expression`);
  }
}

function toTakes({ conditions }: z.infer<typeof rule>, where: string): ModifierRule['takes'] {
  const { groupResource, resourceNameRegex, namespaces, labelSelector } = conditions;
  const takesResource = compileGlobsAt(`${where}.groupResource`, [groupResource], '.');
  const takesName = toNameTest(resourceNameRegex, `${where}.resourceNameRegex`);
  const named = namespaces ?? [];
  const takesNamespace = compileGlobsAt(`${where}.namespaces`, named.length === 0 ? ['*'] : named);
  const selector = compileSelector(asObject(labelSelector ?? {}));
  if (selector.invalid !== undefined) throw wrong(`${where}.labelSelector`, selector.invalid);
  return (resource, namespace, name, labels) =>
    takesResource(resource) &&
    (namespace === '' || takesNamespace(namespace)) &&
    takesName(name) &&
    selector.matches(labels);
}

/** From YAML or JSON. Throws `UserError` with the place of what is wrong. */
export function parseModifiers(content: string, source: string): readonly ModifierRule[] {
  const parsed = file.safeParse(parseDocument(content, source));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw wrong(`${source}${issue === undefined ? '' : `: ${issue.path.join('.')}`}`, issue?.message ?? '');
  }
  return parsed.data.resourceModifierRules.map((each, index) => {
    const where = `resourceModifierRules[${index}]`;
    const matches = each.conditions.matches ?? [];
    return {
      where,
      takes: toTakes(each, `${source}: ${where}.conditions`),
      tests: matches.map(({ path, value }) => ({ op: 'test', path, value: parseValue(value) })),
      patch: toPlan(each, `${source}: ${where}`),
    };
  });
}
