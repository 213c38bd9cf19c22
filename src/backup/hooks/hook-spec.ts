// Hooks as the spec of a Velero `Backup` has them (`spec.hooks`), read strictly: a word that is misspelt would be a hook that never runs.

import * as z from 'zod';
import { parseDurationValue } from '../../kube/durations.ts';
import { compileSelector } from '../../kube/selectors.ts';
import { asObject, type JsonObject, UserError } from '../../model/index.ts';
import { compileGlobsAt } from '../collect/match-glob.ts';

const names = z
  .array(z.string())
  .nullish()
  .transform((list) => list ?? []);
const exec = z.strictObject({
  container: z.string().optional(),
  command: z.array(z.string()).min(1),
  onError: z.enum(['Fail', 'Continue', '']).optional(),
  timeout: z.union([z.string(), z.number()]).optional(),
});
const hooks = z.array(z.strictObject({ exec })).nullish();
/** Which pods an entry is for: the same in a `Backup` and in a `Restore`. */
export const targetFields = {
  name: z.string(),
  includedNamespaces: names,
  excludedNamespaces: names,
  includedResources: names,
  excludedResources: names,
  labelSelector: z
    .looseObject({})
    .nullish()
    .transform((selector) => asObject(selector ?? {})),
} as const;
const targets = z.object(targetFields);
const resource = z.strictObject({ ...targetFields, pre: hooks, post: hooks });
const spec = z.strictObject({ resources: z.array(resource).nullish() });

export interface HookCommandSpec {
  /** '' for the pod's first container. */
  readonly container: string;
  readonly command: readonly string[];
  /** What it does, where its words would not tell a person. */
  readonly purpose?: string;
  readonly onError: 'Fail' | 'Continue';
  /** Milliseconds. */
  readonly timeout: number;
}

/** One entry of `spec.hooks.resources`. */
export interface HookSpec {
  readonly name: string;
  readonly takes: (namespace: string, labels: JsonObject, pod: JsonObject) => boolean;
  readonly pre: readonly HookCommandSpec[];
  readonly post: readonly HookCommandSpec[];
}

/** Source: Velero 1.18, which waits as long where nothing else is said. */
export const usualTimeout = 30_000;

/** Milliseconds; `undefined` where it is no duration that a hook can have. */
export function parseTimeout(text: string | number): number | undefined {
  const nanoseconds = parseDurationValue(text);
  return nanoseconds === undefined || nanoseconds < 0n ? undefined : Number(nanoseconds / 1_000_000n) || usualTimeout;
}

function wrong(where: string, why: string): UserError {
  return new UserError(
    'invalid-option',
    `${where}: ${why}`,
    "Write hooks as in Velero's Backup: spec.hooks.resources.",
  );
}

const podNames = new Set(['pods', 'pod', 'po', '*']);

function takesPods(included: readonly string[], excluded: readonly string[]): boolean {
  const isNamed = included.length === 0 || included.some((each) => podNames.has(each));
  return isNamed && !excluded.some((each) => podNames.has(each));
}

/** Throws `UserError`. */
export function toTakes(
  parsed: z.infer<typeof targets>,
  where: string,
): (namespace: string, labels: JsonObject) => boolean {
  const { includedNamespaces, excludedNamespaces, includedResources, excludedResources, labelSelector } = parsed;
  // Hooks are for pods alone, in Velero too: an entry for anything else is one that never runs.
  if (!takesPods(includedResources, excludedResources)) return () => false;
  const included = compileGlobsAt(where, includedNamespaces.length === 0 ? ['*'] : includedNamespaces);
  const excluded = compileGlobsAt(where, excludedNamespaces);
  const selector = compileSelector(labelSelector);
  if (selector.invalid !== undefined) throw wrong(`${where}.labelSelector`, selector.invalid);
  return (namespace, labels) => included(namespace) && !excluded(namespace) && selector.matches(labels);
}

function toCommands(list: z.infer<typeof hooks>, where: string): HookCommandSpec[] {
  return (list ?? []).map(({ exec: { container = '', command, onError, timeout = 0 } }, index) => {
    const milliseconds = parseTimeout(timeout);
    if (milliseconds === undefined) throw wrong(`${where}[${index}].exec.timeout`, `"${timeout}" is not a duration`);
    return { container, command, onError: onError === 'Continue' ? 'Continue' : 'Fail', timeout: milliseconds };
  });
}

/** From `spec.hooks`; nothing where there is none. Throws `UserError` with the place of what is wrong. */
export function parseHookSpecs(value: unknown, file: string): readonly HookSpec[] {
  const parsed = spec.safeParse(value ?? {});
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw wrong(`${file}: spec.hooks${issue === undefined ? '' : `.${issue.path.join('.')}`}`, issue?.message ?? '');
  }
  return (parsed.data.resources ?? []).map((each, index) => {
    const where = `${file}: spec.hooks.resources[${index}]`;
    const { name, pre, post } = each;
    return {
      name,
      takes: toTakes(each, where),
      pre: toCommands(pre, `${where}.pre`),
      post: toCommands(post, `${where}.post`),
    };
  });
}
