// Samples the sockets of many pods for a while: in rounds, a few pods at a time. Nothing is left behind in any of them.

import { type ApiClient, type Clock } from '../../api/index.ts';
import { asObject, asString, type JsonObject } from '../../model/index.ts';
import {
  type ByteOrder,
  planSampling,
  type PodNote,
  type PodSamples,
  type SamplingTarget,
} from '../../traffic/index.ts';
import { inParallel } from '../in-parallel.ts';
import { createPodSampler, type PodSampler } from './sample-pod.ts';

export interface SamplingWish {
  /** Milliseconds. */
  readonly duration: number;
  readonly every: number;
}

export interface SamplingOptions extends SamplingWish {
  readonly client: ApiClient;
  readonly clock: Clock;
  readonly concurrency: number;
  /** Pods as they are now; asked again and again, for those that start meanwhile. */
  readonly listPods: () => Promise<readonly JsonObject[]>;
  /** Byte order of a node by its name. */
  readonly orderOf: (node: string) => ByteOrder;
  readonly progress: (what: string) => void;
}

export interface SampledPod extends PodSamples {
  /** Program that was used. */
  readonly by: string;
}

export interface Sampled {
  /** Milliseconds since 1970. */
  readonly start: number;
  readonly end: number;
  readonly rounds: number;
  readonly pods: readonly SampledPod[];
  readonly notSampled: readonly PodNote[];
  readonly before: readonly JsonObject[];
  readonly after: readonly JsonObject[];
}

interface Watched {
  readonly sampler: PodSampler;
  readonly samples: PodSamples['samples'][number][];
}

/** Pods are listed again after so many milliseconds: a run of a Job may be short. */
const relist = 5000;

class Sampling {
  readonly watched = new Map<string, Watched>();
  readonly #options: SamplingOptions;
  #pods: readonly JsonObject[] = [];
  #listedAt = Number.NEGATIVE_INFINITY;

  constructor(options: SamplingOptions) {
    this.#options = options;
  }

  /** Lists pods where the last list is old, and begins to watch new ones. */
  async look(): Promise<readonly JsonObject[]> {
    const { clock, listPods, client, orderOf } = this.#options;
    if (clock.now() - this.#listedAt < relist) return this.#pods;
    this.#pods = await listPods();
    this.#listedAt = clock.now();
    for (const target of planSampling(this.#pods).targets)
      if (!this.watched.has(target.uid)) {
        const sampler = createPodSampler(target, { client, order: orderOf(target.node) });
        this.watched.set(target.uid, { sampler, samples: [] });
      }
    return this.#pods;
  }

  async round(): Promise<void> {
    const { clock, concurrency } = this.#options;
    await inParallel([...this.watched.values()], concurrency, async ({ sampler, samples }) => {
      const sockets = await sampler.sample();
      if (sockets !== undefined) samples.push({ time: new Date(clock.now()).toISOString(), sockets });
    });
  }
}

function toSampledPod({ sampler, samples }: Watched): SampledPod[] {
  const { target } = sampler;
  const way = sampler.way();
  if (way === undefined || samples.length === 0) return [];
  const { namespace, pod, ports } = target;
  return [{ namespace, pod, container: way.container, by: way.method.name, declaredPorts: ports, samples }];
}

function obstacles(watched: Iterable<Watched>): PodNote[] {
  return [...watched].flatMap(({ sampler, samples }) => {
    const { namespace, pod } = sampler.target;
    if (samples.length > 0) return [];
    return [{ namespace, pod, reason: sampler.obstacle() ?? 'ended before it could be looked into' }];
  });
}

function uidOf(raw: JsonObject): string {
  return asString(asObject(raw['metadata'])['uid']) ?? '';
}

/** Pods that were there at the start or came later, each as it was seen last. */
function lastSeen(before: readonly JsonObject[], after: readonly JsonObject[]): JsonObject[] {
  const byUid = new Map(before.map((raw) => [uidOf(raw), raw]));
  for (const raw of after) byUid.set(uidOf(raw), raw);
  return [...byUid.values()];
}

/** Targets that would be looked into now, to be shown before anything runs. */
export async function plannedTargets(listPods: SamplingOptions['listPods']): Promise<readonly SamplingTarget[]> {
  return planSampling(await listPods()).targets;
}

export async function sampleSockets(options: SamplingOptions): Promise<Sampled> {
  const { clock, duration, every, listPods, progress } = options;
  const sampling = new Sampling(options);
  const start = clock.now();
  const before = await sampling.look();
  let rounds = 0;
  for (;;) {
    await sampling.round();
    rounds += 1;
    const passed = clock.now() - start;
    if (passed >= duration) break;
    progress(`looking into ${sampling.watched.size} pods, ${Math.ceil((duration - passed) / 1000)} s to go`);
    await clock.sleep(Math.max(0, Math.min(start + rounds * every - clock.now(), duration - passed)));
    await sampling.look();
  }
  const after = await listPods();
  const { notSampled } = planSampling(lastSeen(before, after));
  const watched = [...sampling.watched.values()];
  const seen = new Set(watched.map(({ sampler }) => `${sampler.target.namespace}/${sampler.target.pod}`));
  return {
    start,
    end: clock.now(),
    rounds,
    pods: watched.flatMap(toSampledPod),
    notSampled: [...obstacles(watched), ...notSampled.filter(({ namespace, pod }) => !seen.has(`${namespace}/${pod}`))],
    before,
    after,
  };
}
