// Helper pods that outlived their run, because it was killed: the next run in their namespace removes them, and never one whose run is at work.

import { type ApiClient, captureInPod, isApiError } from '../../api/index.ts';
import { asArray, asObject, asString, type JsonObject } from '../../model/index.ts';
import { helperContainer, helperLabel, startsWithin } from './helper-pod.ts';
import { type HelperContext, removeHelperPod } from './run-helper.ts';
import { ageCommand, deadAfter } from './sign-of-life.ts';

export interface TidyingHelpers {
  readonly context: Pick<HelperContext, 'client' | 'sleep' | 'now'>;
  readonly progress: (text: string) => void;
}

/** Seconds that clocks of this machine and of the cluster may be apart. */
const clockSkew = 300;

/** Seconds since the last sign of its run; nothing where it gives none, as one of an earlier version does. */
async function secondsSinceSign(client: ApiClient, namespace: string, pod: string): Promise<number | undefined> {
  try {
    const target = { namespace, pod, container: helperContainer, command: ageCommand };
    const { exitCode, stdout } = await captureInPod(client, target);
    const seconds = Number.parseInt(stdout.toString(), 10);
    return exitCode === 0 && Number.isInteger(seconds) ? seconds : undefined;
  } catch {
    // It may be ending just now, or hold no such container.
    return undefined;
  }
}

/** Whoever made one that never ran waited for it so long and no longer. */
function isGivenUp({ metadata }: JsonObject, now: number): boolean {
  const { annotations, creationTimestamp } = asObject(metadata);
  const patience = Number(asObject(annotations)[startsWithin]);
  const age = (now - Date.parse(asString(creationTimestamp) ?? '')) / 1000;
  return age > patience + clockSkew;
}

type Verdict = 'ended' | 'dead' | 'at work' | 'unknown';

async function judge({ client, now }: TidyingHelpers['context'], namespace: string, pod: JsonObject): Promise<Verdict> {
  const { phase } = asObject(pod['status']);
  if (phase === 'Failed' || phase === 'Succeeded') return 'ended';
  if (phase !== 'Running') return isGivenUp(pod, now()) ? 'dead' : 'unknown';
  const seconds = await secondsSinceSign(client, namespace, asString(asObject(pod['metadata'])['name']) ?? '');
  if (seconds === undefined) return 'unknown';
  return seconds > deadAfter ? 'dead' : 'at work';
}

/** What was removed, in words. */
async function tidyNamespace({ context, progress }: TidyingHelpers, namespace: string): Promise<string[]> {
  const { client } = context;
  const query = { labelSelector: `app.kubernetes.io/name=${helperLabel}` };
  const { items } = await client.request({ path: `/api/v1/namespaces/${namespace}/pods`, query });
  const removed: string[] = [];
  for (const pod of asArray(items).map(asObject)) {
    const { name: rawName, deletionTimestamp } = asObject(pod['metadata']);
    const name = asString(rawName) ?? '';
    if (deletionTimestamp !== undefined) continue;
    const verdict = await judge(context, namespace, pod);
    const what = `the helper pod ${namespace}/${name} of another run`;
    if (verdict === 'at work') progress(`${what}, which is at work, stays`);
    if (verdict === 'at work' || verdict === 'unknown') continue;
    progress(`removing ${what}`);
    await removeHelperPod(context, { namespace, name });
    removed.push(`${what}, which was cut off, was removed`);
  }
  return removed;
}

/** What runs that were killed have left goes; answers with that in words. Who may not look or remove goes on all the same: it ends by itself. */
export async function tidyHelpers(how: TidyingHelpers, namespaces: Iterable<string>): Promise<readonly string[]> {
  const removed: string[] = [];
  for (const namespace of new Set(namespaces)) {
    const words = await tidyNamespace(how, namespace).catch((error: unknown) => {
      if (isApiError(error, 403) || isApiError(error, 404)) return [];
      throw error;
    });
    removed.push(...words);
  }
  return removed;
}
