// Waits until all workloads of some namespaces are ready, or says which are not.

import { type ApiClient, type Discovery, listAll, resourceOfKind } from '../../api/index.ts';
import { rolloutOf } from '../../kube/live/rollout.ts';
import { asObject, asString, type JsonObject } from '../../model/index.ts';

const kinds = ['Deployment', 'StatefulSet', 'DaemonSet'];

export interface AwaitReady {
  readonly client: ApiClient;
  readonly discovery: Discovery;
  readonly namespaces: readonly string[];
  /** Milliseconds. */
  readonly within: number;
  readonly now: () => number;
  readonly sleep: (milliseconds: number) => Promise<void>;
  readonly progress: (text: string) => void;
}

async function workloadsOf({ client, discovery }: AwaitReady, namespace: string): Promise<JsonObject[]> {
  const lists = await Promise.all(
    kinds.map((kind) => listAll(client, resourceOfKind(discovery, 'apps/v1', kind), { namespace })),
  );
  return lists.flatMap(({ items }) => items);
}

function nameOf(object: JsonObject): string {
  const { namespace, name } = asObject(object['metadata']);
  return `${asString(namespace) ?? ''}/${asString(name) ?? ''}`;
}

export interface Readiness {
  readonly workloads: number;
  /** Those that were not ready in time, with what is known of them. */
  readonly unready: readonly string[];
}

export async function awaitReady(waiting: AwaitReady): Promise<Readiness> {
  const { namespaces, within, now, sleep, progress } = waiting;
  const end = now() + within;
  for (;;) {
    const workloads = (await Promise.all(namespaces.map((each) => workloadsOf(waiting, each)))).flat();
    const open = workloads.flatMap((object) => {
      const rollout = rolloutOf(object);
      return rollout === undefined || rollout.state === 'done' ? [] : [`${nameOf(object)}: ${rollout.message}`];
    });
    if (open.length === 0 || now() >= end) return { workloads: workloads.length, unready: open };
    progress(`${workloads.length - open.length} of ${workloads.length} workloads are ready`);
    await sleep(1000);
  }
}
