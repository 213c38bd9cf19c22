// Looks whether the app stays as well as it was while policies are tried on it.

import { type ApiClient, type ApiResource, type Discovery, listAll, resourceOfKind } from '../../../api/index.ts';
import { countRestarts } from '../../../kube/live/lasting-readiness.ts';
import { isReadyPod } from '../../../kube/live/ready-pod.ts';
import { asObject, asString, type JsonObject } from '../../../model/index.ts';
import { uidOf } from './live-objects.ts';

export class AppWatch {
  readonly #client: ApiClient;
  readonly #pods: ApiResource;
  readonly #namespaces: readonly string[];
  /** Restarts of those that were ready, by their uid. Others were unwell before us. */
  #well: ReadonlyMap<string, number> | undefined;

  constructor(client: ApiClient, served: Discovery, namespaces: readonly string[]) {
    this.#client = client;
    this.#pods = resourceOfKind(served, 'v1', 'Pod');
    this.#namespaces = namespaces;
  }

  /** What is ready now; asked again, what has stayed so: one that ends over and over is ready between, and was not well before us. */
  async remember(): Promise<void> {
    const before = this.#well;
    const ready = (await this.#list()).filter(isReadyPod).map((pod) => [uidOf(pod), countRestarts([pod])] as const);
    this.#well = new Map(ready.filter(([uid, restarts]) => before === undefined || before.get(uid) === restarts));
  }

  /** What is not as it was, as a sentence; nothing while all is well. A pod that somebody deletes is none of ours. */
  async trouble(): Promise<string | undefined> {
    for (const pod of await this.#list()) {
      const before = this.#well?.get(uidOf(pod));
      const { namespace, name, deletionTimestamp } = asObject(pod['metadata']);
      if (before === undefined || deletionTimestamp !== undefined) continue;
      const words = `Pod ${asString(namespace)}/${asString(name)}`;
      if (asObject(pod['status'])['phase'] === 'Succeeded') continue;
      if (countRestarts([pod]) > before) return `${words} was restarted`;
      if (!isReadyPod(pod)) return `${words} was not ready any more`;
    }
    return undefined;
  }

  async #list(): Promise<JsonObject[]> {
    const lists = await Promise.all(
      this.#namespaces.map((namespace) => listAll(this.#client, this.#pods, { namespace })),
    );
    return lists.flatMap(({ items }) => items);
  }
}
