// The stage of a rehearsal: namespaces and stand-in pods on a real cluster, questions from inside of them, and everything gone afterwards.

import { setTimeout as pause } from 'node:timers/promises';
import { type ApiClient, createObject, deleteObject, getObject, isApiError } from '../../../api/index.ts';
import type { Probe, RehearsalPlan, StandIn } from '../../../inference/index.ts';
import { asObject, asString, eachInParallel, inParallel, type JsonObject } from '../../../model/index.ts';
import { askAll, type Asking, type State } from './asking.ts';
import { askPorts, standInPod } from './stand-in-pod.ts';
import { untilRunning } from './until-running.ts';

const namespaces = { group: '', version: 'v1', resource: 'namespaces', namespaced: false };
const pods = { group: '', version: 'v1', resource: 'pods', namespaced: true };
const policies = { group: 'networking.k8s.io', version: 'v1', resource: 'networkpolicies', namespaced: true };

const concurrency = 6;
const patienceMs = 120_000;

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

export class Stage implements Asking {
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
      this.#addresses.set(standIn, await untilRunning(this.#client, standIn, patienceMs));
    });
  }

  async apply(objects: readonly JsonObject[]): Promise<void> {
    for (const object of objects) await createObject(this.#client, policies, object);
  }

  ask(probes: readonly Probe[]): Promise<State[]> {
    const addressOf = (to: NonNullable<Probe['to']>): string =>
      'address' in to ? to.address : (this.#addresses.get(to) ?? '');
    return askAll({ client: this.#client, script: askPorts, addressOf }, probes);
  }

  /** Waits until all are gone: who looks right after sees nothing of it. */
  async remove(): Promise<void> {
    await eachInParallel(this.#plan.namespaces, concurrency, async (name) => {
      await this.#delete(name);
      const end = Date.now() + patienceMs;
      while (Date.now() < end && (await this.#exists(name))) await pause(500);
    });
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
