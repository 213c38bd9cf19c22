// The hooks that a backup would run, before it starts: somebody is to see them, because they run commands in the app's own pods.

import { type ApiClient, discover } from '../../api/index.ts';
import { resolveNames } from '../collect/choose-resources.ts';
import { collectObjects } from '../collect/collect-objects.ts';
import { compileSelection, type Selection } from '../collect/selection.ts';
import { findPodHooks, type PodHook, type PodHooks } from './find-hooks.ts';
import type { HookSpec } from './hook-spec.ts';

export interface HookLook {
  readonly client: ApiClient;
  readonly selection: Selection;
  readonly specs: readonly HookSpec[];
  readonly concurrency: number;
}

/** Pods with hooks, in order of their names. What cannot be listed is told by the backup itself. */
export async function planHooks({ client, selection, specs, concurrency }: HookLook): Promise<readonly PodHooks[]> {
  const discovery = await discover(client);
  const compiled = compileSelection(resolveNames(selection, discovery));
  const pods = collectObjects({
    client,
    discovery,
    concurrency,
    selection: {
      ...compiled,
      takes: (resource) => resource.group === '' && resource.resource === 'pods' && compiled.takes(resource),
      permits: () => false,
      order: new Map(),
    },
    now: () => '',
    onList: () => undefined,
    onProblem: () => undefined,
  });
  const found: PodHooks[] = [];
  for await (const { resource, raw } of pods) {
    const hooks = resource === 'pods' ? findPodHooks(raw, specs) : undefined;
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
