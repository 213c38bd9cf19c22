// The stage of a live rehearsal: stand-ins and policies in the namespaces of the app, and all of it taken back, what closes everything first.

import { setTimeout as pause } from 'node:timers/promises';
import {
  type ApiClient,
  type ApiResource,
  createObject,
  deleteObject,
  type Discovery,
  getObject,
  isApiError,
  objectNameOf,
  patchObject,
  resourceOfKind,
  reviewAccess,
} from '../../../api/index.ts';
import type { LiveRehearsalPlan, Probe } from '../../../inference/index.ts';
import { asString, eachInParallel, inParallel, type JsonObject, UserError } from '../../../model/index.ts';
import { askAll, type Asking, type State } from './asking.ts';
import { holderOf, liveStandIn, ownedBy, timerJob } from './live-objects.ts';
import { askDoors } from './stand-in-pod.ts';
import { untilRunning } from './until-running.ts';

/** How long stand-ins may take to start. Milliseconds. */
const startMs = 120_000;
/** How much later than this program the cluster takes everything back. Seconds. */
const graceSeconds = 15;
const concurrency = 6;

export interface LiveMaking {
  readonly plan: LiveRehearsalPlan;
  readonly image: string;
  readonly served: Discovery;
  /** How long policies may stand. Milliseconds. */
  readonly within: number;
}

/** What it takes besides creating, which the dry run asks for. */
const needed = [
  { verb: 'delete', group: 'networking.k8s.io', resource: 'networkpolicies' },
  { verb: 'delete', group: '', resource: 'pods' },
  { verb: 'delete', group: '', resource: 'configmaps' },
  { verb: 'delete', group: 'batch', resource: 'jobs' },
  { verb: 'patch', group: 'batch', resource: 'jobs' },
  { verb: 'create', group: '', resource: 'pods', subresource: 'exec' },
];

export class LiveStage implements Asking {
  readonly #client: ApiClient;
  readonly #making: LiveMaking;
  /** Jobs by namespace: whatever is made belongs to one of them. */
  readonly #timers = new Map<string, JsonObject>();
  #started = 0;

  constructor(client: ApiClient, making: LiveMaking) {
    this.#client = client;
    this.#making = making;
  }

  get #seconds(): number {
    return Math.ceil((startMs + this.#making.within) / 1000) + graceSeconds;
  }

  /** Nothing is stored. Throws `UserError` where anything would be refused, or could not be taken back. */
  async tryOut(): Promise<void> {
    const { plan } = this.#making;
    for (const namespace of plan.namespaces) await this.#requireRights(namespace);
    await inParallel(
      [
        ...plan.namespaces.flatMap((each) => this.#frame(each)),
        ...plan.standIns.map((each) => this.#pod(each)),
        ...plan.policies,
      ],
      concurrency,
      async (object) => {
        await createObject(this.#client, this.#resourceOf(object), object, { dryRun: true });
      },
    );
  }

  async build(): Promise<void> {
    const { plan } = this.#making;
    const holders = new Map<string, JsonObject>();
    this.#started = Date.now();
    for (const namespace of plan.namespaces) {
      const [timer, holder] = this.#frame(namespace);
      const made = await this.#create(timer);
      this.#timers.set(namespace, made);
      holders.set(namespace, await this.#create(ownedBy(made, holder)));
    }
    await inParallel(plan.standIns, concurrency, async (standIn) => {
      const holder = holders.get(standIn.namespace) ?? {};
      await this.#create(ownedBy(holder, this.#pod(standIn), { controller: true }));
    });
    await inParallel(plan.standIns, concurrency, async (standIn) => {
      await untilRunning(this.#client, standIn, startMs);
    });
  }

  /** From now on the cluster waits no longer than the policies may stand. */
  async limit(): Promise<void> {
    const seconds = Math.ceil((Date.now() - this.#started + this.#making.within) / 1000) + graceSeconds;
    for (const timer of this.#timers.values()) {
      const patch = { type: 'merge', body: { spec: { activeDeadlineSeconds: seconds } } } as const;
      await patchObject(this.#client, this.#resourceOf(timer), objectNameOf(timer), patch);
    }
  }

  /** In the order of the plan. */
  async apply(): Promise<void> {
    for (const policy of this.#making.plan.policies) {
      const timer = this.#timers.get(objectNameOf(policy).namespace ?? '') ?? {};
      await this.#create(ownedBy(timer, policy));
    }
  }

  ask(probes: readonly Probe[]): Promise<State[]> {
    const addressOf = (to: NonNullable<Probe['to']>): string => ('address' in to ? to.address : '');
    return askAll({ client: this.#client, script: askDoors, addressOf }, probes);
  }

  /** Also of what another stage has made by the same plan. What closes everything goes first; waits until the stand-ins are gone. */
  async remove(): Promise<void> {
    const { plan } = this.#making;
    const pods = plan.standIns.map((each) => this.#pod(each));
    const rest = [...pods, ...plan.namespaces.flatMap((each) => this.#frame(each).toReversed())];
    const remove = (each: JsonObject): Promise<void> => this.#delete(each);
    try {
      await eachInParallel(plan.policies.toReversed(), concurrency, remove);
    } finally {
      await eachInParallel(rest, concurrency, remove);
    }
    const end = Date.now() + startMs;
    for (const pod of pods) while (Date.now() < end && (await this.#exists(pod))) await pause(300);
  }

  /** The Job and what holds the stand-ins. */
  #frame(namespace: string): [JsonObject, JsonObject] {
    const { prefix } = this.#making.plan;
    return [timerJob(namespace, prefix, this.#seconds), holderOf(namespace, prefix)];
  }

  #pod(standIn: LiveRehearsalPlan['standIns'][number]): JsonObject {
    return liveStandIn(standIn, this.#making.image, this.#seconds);
  }

  async #requireRights(namespace: string): Promise<void> {
    for (const question of needed) {
      if ((await reviewAccess(this.#client, { ...question, namespace })).allowed) continue;
      const { verb, resource, subresource } = { subresource: undefined, ...question };
      const what = subresource === undefined ? resource : `${resource}/${subresource}`;
      throw new UserError(
        'cluster-refused',
        `you may not ${verb} ${what} in namespace ${namespace}: what is made could not be used, or not be taken back`,
        'Ask for the right, or rehearse on a copy with --on.',
      );
    }
  }

  #resourceOf({ apiVersion = null, kind = null }: JsonObject): ApiResource {
    return resourceOfKind(this.#making.served, asString(apiVersion) ?? '', asString(kind) ?? '');
  }

  #create(object: JsonObject): Promise<JsonObject> {
    return createObject(this.#client, this.#resourceOf(object), object, { fieldManager: 'nowwhat' });
  }

  async #delete(object: JsonObject): Promise<void> {
    try {
      await deleteObject(this.#client, this.#resourceOf(object), objectNameOf(object), { propagation: 'Background' });
    } catch (error) {
      if (!isApiError(error, 404)) throw error;
    }
  }

  async #exists(object: JsonObject): Promise<boolean> {
    try {
      await getObject(this.#client, this.#resourceOf(object), objectNameOf(object));
      return true;
    } catch (error) {
      if (isApiError(error, 404)) return false;
      throw error;
    }
  }
}
