// Runs the commands of restored pods, each pod's one after the other when its container is up.

import { type ApiClient, getObject, isApiError } from '../../../api/index.ts';
import { asArray, asObject, asString, type JsonObject, pushTo } from '../../../model/index.ts';
import { runHook } from '../../hooks/run-hook.ts';
import type { PodExec } from './find-restore-hooks.ts';

export interface RestoreHookResult {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  readonly command: readonly string[];
  readonly result: 'ran' | 'failed';
  /** Whether the restore counts as failed by it. */
  readonly isGrave: boolean;
  readonly message?: string;
}

interface Running {
  readonly client: ApiClient;
  readonly sleep: (milliseconds: number) => Promise<void>;
  readonly now: () => number;
}

const pods = { group: '', version: 'v1', resource: 'pods' };
const pause = 1000;

/** Why it is not up yet; nothing where it is. */
function obstacle(pod: JsonObject, { container, waitForReady }: PodExec): string | undefined {
  const { containerStatuses, phase } = asObject(pod['status']);
  const found = asArray(containerStatuses)
    .map(asObject)
    .find((each) => each['name'] === container);
  if (asObject(found?.['state'])['running'] === undefined) return `it is not running (${asString(phase) ?? 'Unknown'})`;
  return waitForReady && found?.['ready'] !== true ? 'it is not ready' : undefined;
}

/** Why the container did not come up in time; nothing where it did. */
async function awaitContainer({ client, sleep, now }: Running, hook: PodExec): Promise<string | undefined> {
  const last = now() + hook.waitTimeout;
  for (;;) {
    let why: string | undefined;
    try {
      why = obstacle(await getObject(client, pods, { namespace: hook.namespace, name: hook.pod }), hook);
    } catch (error) {
      if (!isApiError(error, 404)) throw error;
      return 'the pod is gone';
    }
    if (why === undefined) return undefined;
    if (now() >= last) return `${why} after ${Math.round(hook.waitTimeout / 1000)} s`;
    await sleep(pause);
  }
}

async function runOne(running: Running, hook: PodExec): Promise<RestoreHookResult> {
  const { namespace, pod, container, command, timeout, onError } = hook;
  const place = { namespace, pod, container, command };
  const why = await awaitContainer(running, hook);
  const failure = why ?? (await runHook(running.client, { ...place, timeout })).failure;
  if (failure === '') return { ...place, result: 'ran', isGrave: false };
  return { ...place, result: 'failed', isGrave: onError === 'Fail', message: failure };
}

/** One that must not fail, and fails, ends the hooks of its pod. */
async function runPod(running: Running, hooks: readonly PodExec[]): Promise<RestoreHookResult[]> {
  const results: RestoreHookResult[] = [];
  for (const hook of hooks) {
    const result = await runOne(running, hook);
    results.push(result);
    if (result.isGrave) break;
  }
  return results;
}

/** Pods wait side by side: one that does not come up holds up no other. Throws only where the cluster is gone. */
export async function runRestoreHooks(
  running: Running,
  hooks: readonly PodExec[],
): Promise<readonly RestoreHookResult[]> {
  const byPod = new Map<string, PodExec[]>();
  for (const hook of hooks) pushTo(byPod, `${hook.namespace}/${hook.pod}`, hook);
  const results = await Promise.all([...byPod.values()].map((each) => runPod(running, each)));
  return results.flat();
}
