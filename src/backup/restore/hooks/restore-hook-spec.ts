// Hooks as the spec of a Velero `Restore` has them (`spec.hooks`), read strictly: a word that is misspelt would be a hook that never runs. Pure.

import * as z from 'zod';
import { asObject, type JsonObject, UserError } from '../../../model/index.ts';
import { type HookSpec, parseTimeout, targetFields, toTakes, usualTimeout } from '../../hooks/hook-spec.ts';

const duration = z.union([z.string(), z.number()]).optional();
const exec = z.strictObject({
  container: z.string().optional(),
  command: z.array(z.string()).min(1),
  onError: z.enum(['Fail', 'Continue', '']).optional(),
  execTimeout: duration,
  waitTimeout: duration,
  waitForReady: z.boolean().nullish(),
});
const container = z.looseObject({ image: z.string() }).transform((value) => asObject(value));
const init = z.strictObject({ initContainers: z.array(container).min(1), timeout: duration });
const postHook = z.union([z.strictObject({ exec }), z.strictObject({ init })]);
const resource = z.strictObject({ ...targetFields, postHooks: z.array(postHook).nullish() });
const spec = z.strictObject({ resources: z.array(resource).nullish() });

/** A command that runs in a container when it is up. */
export interface RestoreExec {
  /** '' for the pod's first container. */
  readonly container: string;
  readonly command: readonly string[];
  readonly onError: 'Fail' | 'Continue';
  /** Milliseconds that the command may take. */
  readonly timeout: number;
  /** Milliseconds until its container must be up. */
  readonly waitTimeout: number;
  readonly waitForReady: boolean;
}

/** One entry of `spec.hooks.resources`. */
export interface RestoreHookSpec extends Pick<HookSpec, 'name' | 'takes'> {
  readonly execs: readonly RestoreExec[];
  readonly initContainers: readonly JsonObject[];
}

/** Velero waits without end where nothing is said. */
export const usualWait = 600_000;

function wrong(where: string, why: string): UserError {
  return new UserError(
    'invalid-option',
    `${where}: ${why}`,
    "Write hooks as in Velero's Restore: spec.hooks.resources.",
  );
}

/** A duration of 0 is one that nobody gave. */
function millisecondsOf(value: string | number | undefined, usual: number, where: string): number {
  if (value === undefined || value === '' || value === 0 || value === '0' || value === '0s') return usual;
  const milliseconds = parseTimeout(value);
  if (milliseconds === undefined) throw wrong(where, `"${value}" is not a duration`);
  return milliseconds;
}

function toExec(hook: z.infer<typeof exec>, where: string): RestoreExec {
  return {
    container: hook.container ?? '',
    command: hook.command,
    onError: hook.onError === 'Fail' ? 'Fail' : 'Continue',
    timeout: millisecondsOf(hook.execTimeout, usualTimeout, `${where}.execTimeout`),
    waitTimeout: millisecondsOf(hook.waitTimeout, usualWait, `${where}.waitTimeout`),
    waitForReady: hook.waitForReady === true,
  };
}

/** From `spec.hooks`; nothing where there is none. Throws `UserError` with the place of what is wrong. */
export function parseRestoreHooks(value: JsonObject | undefined, file: string): readonly RestoreHookSpec[] {
  const parsed = spec.safeParse(value ?? {});
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw wrong(`${file}: spec.hooks.${issue?.path.join('.') ?? ''}`, issue?.message ?? '');
  }
  return (parsed.data.resources ?? []).map((each, index) => {
    const where = `${file}: spec.hooks.resources[${index}]`;
    const hooks = each.postHooks ?? [];
    return {
      name: each.name,
      takes: toTakes(each, where),
      execs: hooks.flatMap((hook, at) => ('exec' in hook ? [toExec(hook.exec, `${where}.postHooks[${at}].exec`)] : [])),
      initContainers: hooks.flatMap((hook) => ('init' in hook ? hook.init.initContainers : [])),
    };
  });
}
