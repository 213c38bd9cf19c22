// Says of the pods in a playground, in the kubelet's place, that their container runs or has ended.

import type { ApiClient } from '../../src/api/index.ts';
import { asArray, asObject, asString, type JsonObject } from '../../src/model/index.ts';
import type { Playground } from '../../src/playground/index.ts';

export interface Said {
  readonly up: boolean;
  readonly restarts: number;
}

function statusOf(status: JsonObject, { up, restarts }: Said): JsonObject {
  const ended = { exitCode: 1, reason: 'Error', startedAt: '2026-11-29T12:00:00Z', finishedAt: '2026-11-29T12:00:01Z' };
  const containers = asArray(status['containerStatuses']).map((each) => ({
    ...asObject(each),
    ready: up,
    restartCount: restarts,
    state: up ? { running: { startedAt: '2026-11-29T12:00:02Z' } } : { waiting: { reason: 'CrashLoopBackOff' } },
    lastState: restarts === 0 ? {} : { terminated: ended },
  }));
  const conditions = asArray(status['conditions']).map((each) => {
    const { type } = asObject(each);
    const isOfUp = type === 'Ready' || type === 'ContainersReady';
    return isOfUp ? { ...asObject(each), status: up ? 'True' : 'False' } : asObject(each);
  });
  return { containerStatuses: containers, conditions };
}

/** Of all pods with that label `app`; resolves when their workload has heard of it. */
export async function sayOfPods(client: ApiClient, playground: Playground, app: string, said: Said): Promise<void> {
  const labelSelector = `app=${app}`;
  const { items } = await client.request({ path: '/api/v1/pods', query: { labelSelector } });
  for (const pod of asArray(items).map(asObject)) {
    const { namespace, name } = asObject(pod['metadata']);
    await client.request({
      method: 'PATCH',
      path: `/api/v1/namespaces/${asString(namespace) ?? ''}/pods/${asString(name) ?? ''}/status`,
      repeatable: true,
      contentType: 'application/merge-patch+json',
      body: { status: statusOf(asObject(pod['status']), said) },
    });
  }
  await playground.settled();
}
