// The stage of a rehearsal: namespaces and stand-in pods on a real cluster, questions from inside of them, and everything gone afterwards.

import { setTimeout as pause } from 'node:timers/promises';
import { type ApiClient, captureInPod, createObject, deleteObject, getObject, isApiError } from '../../../api/index.ts';
import type { Probe, RehearsalPlan, StandIn } from '../../../inference/index.ts';
import { asObject, asString, type JsonObject, UserError } from '../../../model/index.ts';
import { inParallel } from '../../in-parallel.ts';
import { addressOf, askNames, askPorts, complaintOf, container, standInPod } from './stand-in-pod.ts';

const namespaces = { group: '', version: 'v1', resource: 'namespaces', namespaced: false };
const pods = { group: '', version: 'v1', resource: 'pods', namespaced: true };
const policies = { group: 'networking.k8s.io', version: 'v1', resource: 'networkpolicies', namespaced: true };

const concurrency = 6;
const patienceMs = 120_000;

export type State = 'open' | 'closed';

function namespaceObject(name: string): JsonObject {
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: {
      name,
      labels: { 'app.kubernetes.io/managed-by': 'nowwhat', 'pod-security.kubernetes.io/enforce': 'restricted' },
      annotations: { 'nowwhat.dev/purpose': 'rehearses network policies; may be deleted at any time' },
    },
  };
}

export class Stage {
  readonly #client: ApiClient;
  readonly #plan: RehearsalPlan;
  readonly #addresses = new Map<StandIn, string>();

  constructor(client: ApiClient, plan: RehearsalPlan) {
    this.#client = client;
    this.#plan = plan;
  }

  async build(image: string): Promise<void> {
    const { namespaces: names, standIns } = this.#plan;
    for (const name of names) await createObject(this.#client, namespaces, namespaceObject(name));
    await inParallel(standIns, concurrency, async (standIn) => {
      await createObject(this.#client, pods, standInPod(standIn, image));
    });
    await inParallel(standIns, concurrency, async (standIn) => {
      this.#addresses.set(standIn, await this.#untilRunning(standIn));
    });
  }

  async apply(objects: readonly JsonObject[]): Promise<void> {
    for (const object of objects) await createObject(this.#client, policies, object);
  }

  /** The states of the probes, in their order. */
  async ask(probes: readonly Probe[]): Promise<State[]> {
    const states = new Map<Probe, State>();
    const byCaller = new Map<StandIn, Probe[]>();
    for (const probe of probes) byCaller.set(probe.from, [...(byCaller.get(probe.from) ?? []), probe]);
    await inParallel([...byCaller], concurrency, async ([from, own]) => {
      for (const [probe, state] of await this.#askFrom(from, own)) states.set(probe, state);
    });
    return probes.map((probe) => states.get(probe) ?? 'closed');
  }

  /** Waits until all are gone: who looks right after sees nothing of it. */
  async remove(): Promise<void> {
    const gone = this.#plan.namespaces.map(async (name) => {
      await this.#delete(name);
      const end = Date.now() + patienceMs;
      while (Date.now() < end && (await this.#exists(name))) await pause(500);
    });
    await Promise.all(gone);
  }

  async #askFrom(from: StandIn, probes: readonly Probe[]): Promise<[Probe, State][]> {
    const ports = probes.filter(({ to }) => to !== undefined);
    const targets = ports.map(({ to, port }) => `${to === undefined ? '' : this.#addresses.get(to)},${port}`);
    const lines = targets.length === 0 ? '' : await this.#run(from, ['sh', '-c', askPorts, 'ask', ...targets]);
    const open = new Set(
      lines.split('\n').flatMap((line) => (line.endsWith(' open') ? [line.slice(0, -' open'.length)] : [])),
    );
    const answers = ports.map((probe, index): [Probe, State] => [
      probe,
      open.has(targets[index] ?? '') ? 'open' : 'closed',
    ]);
    const names: [Probe, State][] = [];
    for (const probe of probes.filter(({ to }) => to === undefined)) {
      const said = await this.#run(from, ['sh', '-c', askNames]);
      names.push([probe, said.trim() === 'open' ? 'open' : 'closed']);
    }
    return [...answers, ...names];
  }

  async #run({ namespace, name }: StandIn, command: readonly string[]): Promise<string> {
    const { stdout } = await captureInPod(this.#client, { namespace, pod: name, container, command });
    return stdout;
  }

  async #untilRunning(standIn: StandIn): Promise<string> {
    const { namespace, name } = standIn;
    const end = Date.now() + patienceMs;
    let complaint: string | undefined;
    while (Date.now() < end && complaint === undefined) {
      const pod = await getObject(this.#client, pods, { namespace, name });
      const address = addressOf(pod);
      if (address !== undefined) return address;
      complaint = complaintOf(pod);
      await pause(300);
    }
    throw new UserError(
      'probe-pod-failed',
      `the stand-in for ${standIn.of} does not start in namespace ${namespace}: ${complaint ?? 'it was not scheduled in time'}`,
      'Give an image that the cluster can pull with --image; it needs sh, nc, nslookup and timeout, as busybox has.',
    );
  }

  async #delete(name: string): Promise<void> {
    try {
      await deleteObject(this.#client, namespaces, { name });
    } catch (error) {
      if (!isApiError(error, 404)) throw error;
    }
  }

  async #exists(name: string): Promise<boolean> {
    try {
      return asString(asObject((await getObject(this.#client, namespaces, { name }))['metadata'])['name']) === name;
    } catch (error) {
      if (isApiError(error, 404)) return false;
      throw error;
    }
  }
}
