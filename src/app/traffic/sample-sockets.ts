// Samples the sockets of many pods for a while: each by its own clock, a few at a time. Nothing is left behind in any of them.

import { type ApiClient, type Clock } from '../../api/index.ts';
import { asObject, asString, type JsonObject } from '../../model/index.ts';
import {
  type ByteOrder,
  planSampling,
  type PodNote,
  type PodSamples,
  type SamplingTarget,
} from '../../traffic/index.ts';
import { createPodSampler, type PodSampler } from './sample-pod.ts';
import { Turns } from './turns.ts';

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
  /** Times that each pod was to be looked into. */
  readonly rounds: number;
  readonly pods: readonly SampledPod[];
  readonly notSampled: readonly PodNote[];
  /** Pods that were there all the time and answered so slowly that they were looked into less than half as often. */
  readonly slow: readonly SampledPod[];
  readonly before: readonly JsonObject[];
  readonly after: readonly JsonObject[];
}

interface Watched {
  readonly sampler: PodSampler;
  readonly samples: PodSamples['samples'][number][];
  /** Milliseconds since 1970. */
  due: number;
  isUnderWay: boolean;
}

/** Pods are listed again after so many milliseconds: a run of a Job may be short. */
const relist = 5000;
/** Looks that tell a call from a pause between two: pods are waited for until they had so many. */
const fewest = 3;
/** Milliseconds that are waited beyond the time that was asked for. */
const grace = 20_000;

class Sampling {
  readonly watched = new Map<string, Watched>();
  /** Those that run now. */
  #present: ReadonlySet<string> = new Set();
  readonly #options: SamplingOptions;
  readonly #turns: Turns;
  readonly #underWay = new Set<Promise<void>>();
  #failure: { readonly error: unknown } | undefined;
  #listedAt = Number.NEGATIVE_INFINITY;

  constructor(options: SamplingOptions) {
    this.#options = options;
    this.#turns = new Turns(options.concurrency);
  }

  /** Lists pods where the last list is old, and begins to watch new ones. */
  async look(): Promise<readonly JsonObject[]> {
    const { clock, listPods, client, orderOf } = this.#options;
    if (clock.now() - this.#listedAt < relist) return [];
    const pods = await listPods();
    this.#listedAt = clock.now();
    const { targets } = planSampling(pods);
    this.#present = new Set(targets.map(({ uid }) => uid));
    for (const target of targets)
      if (!this.watched.has(target.uid)) {
        const sampler = createPodSampler(target, { client, order: orderOf(target.node) });
        this.watched.set(target.uid, { sampler, samples: [], due: clock.now(), isUnderWay: false });
      }
    return pods;
  }

  async #sample(watched: Watched): Promise<void> {
    const { clock } = this.#options;
    await this.#turns.take(async () => {
      const sockets = await watched.sampler.sample();
      if (sockets !== undefined) watched.samples.push({ time: new Date(clock.now()).toISOString(), sockets });
    });
  }

  /** Begins a look into each pod whose time has come; one that is slow holds up no other. */
  begin(): void {
    if (this.#failure !== undefined) throw this.#failure.error;
    const { clock, every } = this.#options;
    const now = clock.now();
    for (const watched of this.watched.values()) {
      if (watched.isUnderWay || watched.due > now || watched.sampler.obstacle() !== undefined) continue;
      watched.isUnderWay = true;
      watched.due = Math.max(watched.due + every, now);
      const look = this.#sample(watched)
        .catch((error: unknown) => {
          this.#failure ??= { error };
        })
        .finally(() => {
          watched.isUnderWay = false;
          this.#underWay.delete(look);
        });
      this.#underWay.add(look);
    }
  }

  async finish(): Promise<void> {
    await Promise.all(this.#underWay);
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  /** Whether each pod that runs, and can be looked into, was seen so often. */
  hasEnough(looks: number): boolean {
    return [...this.watched].every(
      ([uid, { sampler, samples }]) =>
        !this.#present.has(uid) || sampler.obstacle() !== undefined || samples.length >= looks,
    );
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
    const reason = sampler.obstacle() ?? sampler.trouble() ?? 'ended before it could be looked into';
    return [{ namespace, pod, reason }];
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

/** Looks until the time is over and every pod was seen some times, or until waiting longer makes no sense. */
async function watch(sampling: Sampling, options: SamplingOptions, start: number, rounds: number): Promise<void> {
  const { clock, duration, every, progress } = options;
  for (let round = 1; ; round += 1) {
    sampling.begin();
    const left = duration - (clock.now() - start);
    if (left <= 0 && (sampling.hasEnough(Math.min(fewest, rounds)) || left <= -grace)) break;
    const end = left > 0 ? `${Math.ceil(left / 1000)} s to go` : 'some answer slowly';
    progress(`looking into ${sampling.watched.size} pods, ${end}`);
    const next = start + round * every - clock.now();
    await clock.sleep(Math.max(1, left > 0 ? Math.min(next, left) : Math.max(next, 100)));
    await sampling.look();
  }
  await sampling.finish();
}

function toNamed({ namespace, pod }: { readonly namespace: string; readonly pod: string }): string {
  return `${namespace}/${pod}`;
}

export async function sampleSockets(options: SamplingOptions): Promise<Sampled> {
  const { clock, duration, every, listPods } = options;
  const sampling = new Sampling(options);
  const start = clock.now();
  const before = await sampling.look();
  const rounds = Math.floor(duration / every) + 1;
  await watch(sampling, options, start, rounds);
  const after = await listPods();
  const { notSampled } = planSampling(lastSeen(before, after));
  const watched = [...sampling.watched.values()];
  const seen = new Set(watched.map(({ sampler }) => toNamed(sampler.target)));
  const pods = watched.flatMap(toSampledPod);
  const [first, last] = [before, after].map((list) => new Set(planSampling(list).targets.map(toNamed)));
  return {
    start,
    end: clock.now(),
    rounds,
    pods,
    notSampled: [...obstacles(watched), ...notSampled.filter((each) => !seen.has(toNamed(each)))],
    slow: pods.filter(
      (each) => first?.has(toNamed(each)) && last?.has(toNamed(each)) && each.samples.length * 2 < rounds,
    ),
    before,
    after,
  };
}
