// The hooks that a backup would run, before it starts: somebody is to see them, because they run commands in the app's own pods.

import { findPodHooks, type PodHook, type PodHooks } from './find-hooks.ts';
import type { HookSpec } from './hook-spec.ts';
import { type BackupLook, visitObjects } from '../collect/visit-objects.ts';

/** Pods with hooks, in order of their names. That pods cannot be listed is told by the backup itself. */
export async function planHooks(look: BackupLook, specs: readonly HookSpec[]): Promise<readonly PodHooks[]> {
  const found: PodHooks[] = [];
  for await (const { object } of visitObjects(look, ['pods'], () => undefined)) {
    const hooks = findPodHooks(object, specs);
    if (hooks !== undefined) found.push(hooks);
  }
  const key = ({ namespace, pod }: PodHooks): string => `${namespace}/${pod}`;
  return found.toSorted((a, b) => (key(a) < key(b) ? -1 : 1));
}

function commandKey(namespace: string, { phase, container, command }: PodHook): string {
  return JSON.stringify([namespace, phase, container, ...command]);
}

/** Agreement to what was shown, and to nothing else: pods of the same workload have other names by then, but run the same. */
export function agreementTo(shown: readonly PodHooks[]): (namespace: string, hook: PodHook) => boolean {
  const keys = new Set(
    shown.flatMap(({ namespace, pre, post }) => [...pre, ...post].map((hook) => commandKey(namespace, hook))),
  );
  return (namespace, hook) => keys.has(commandKey(namespace, hook));
}
