// Leader election by a Lease (coordination.k8s.io/v1): of many replicas one works, and none works on after its lease is lost.
// The rules and defaults are client-go's, so that replicas of both kinds may share a lease.

import { asNumber, asObject, asString, type JsonObject } from '../../model/index.ts';
import { type Clock, systemClock } from '../clock.ts';
import { isApiError } from '../http/api-error.ts';
import type { ApiClient } from '../http/client.ts';
import { linkAbort } from '../linked-abort.ts';
import { createObject, getObject, replaceObject } from '../objects/write.ts';

export interface LeaderOptions {
  readonly client: ApiClient;
  readonly namespace: string;
  /** Of the Lease. */
  readonly name: string;
  /** Ours, and nobody else's: the pod's name and uid. */
  readonly identity: string;
  /** Runs while we lead; must end soon after its signal is aborted. */
  readonly lead: (signal: AbortSignal) => Promise<void>;
  /** Milliseconds after which others may take a lease that is not renewed. Default 15 s. */
  readonly leaseDuration?: number;
  /** Milliseconds after which we stop leading where we cannot renew; less than `leaseDuration`. Default 10 s. */
  readonly renewDeadline?: number;
  /** Milliseconds between tries. Default 2 s. */
  readonly retryPeriod?: number;
  /** Hears who leads, whenever that changes. */
  readonly onLeader?: (identity: string) => void;
  readonly onError?: (error: unknown) => void;
  readonly clock?: Clock;
}

type Settings = LeaderOptions &
  Required<Pick<LeaderOptions, 'leaseDuration' | 'renewDeadline' | 'retryPeriod' | 'clock'>>;

const leases = { group: 'coordination.k8s.io', version: 'v1', resource: 'leases' };

/** A Lease as we last saw it change. Clocks of machines differ: only the time since then counts, not what it says of times. */
interface Observed {
  lease: JsonObject | undefined;
  at: number;
  holder: string;
}

function microTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace('Z', '000Z');
}

function renewed(
  { identity, leaseDuration, clock, namespace, name }: Settings,
  lease: JsonObject | undefined,
): JsonObject {
  const spec = asObject(lease?.['spec']);
  const now = microTime(clock.now());
  const isOurs = spec['holderIdentity'] === identity;
  return {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    ...lease,
    metadata: { name, namespace, ...asObject(lease?.['metadata']) },
    spec: {
      ...spec,
      holderIdentity: identity,
      leaseDurationSeconds: Math.ceil(leaseDuration / 1000),
      acquireTime: isOurs ? (spec['acquireTime'] ?? now) : now,
      renewTime: now,
      leaseTransitions: (asNumber(spec['leaseTransitions']) ?? 0) + (isOurs || lease === undefined ? 0 : 1),
    },
  };
}

function observe({ clock, onLeader }: Settings, observed: Observed, lease: JsonObject): void {
  const renewTime = (each: JsonObject | undefined): unknown => asObject(each?.['spec'])['renewTime'];
  const holder = asString(asObject(lease['spec'])['holderIdentity']) ?? '';
  if (observed.lease === undefined || renewTime(lease) !== renewTime(observed.lease) || holder !== observed.holder)
    observed.at = clock.now();
  if (holder !== observed.holder && holder !== '') onLeader?.(holder);
  observed.lease = lease;
  observed.holder = holder;
}

/** Whether somebody else may still think that he leads. */
function isHeldByOther({ identity, clock }: Settings, { lease, at, holder }: Observed): boolean {
  if (holder === '' || holder === identity) return false;
  const duration = asNumber(asObject(lease?.['spec'])['leaseDurationSeconds']) ?? 15;
  return clock.now() < at + duration * 1000;
}

async function readLease({ client, namespace, name }: Settings, signal: AbortSignal): Promise<JsonObject | undefined> {
  try {
    return await getObject(client, leases, { namespace, name }, signal);
  } catch (error) {
    if (isApiError(error, 404)) return undefined;
    throw error;
  }
}

/** One try to take or renew the lease. Two that try at once meet at the version of the object: one gets a 409. */
async function tryLease(settings: Settings, observed: Observed, signal: AbortSignal): Promise<boolean> {
  const { client } = settings;
  const current = await readLease(settings, signal);
  if (current !== undefined) observe(settings, observed, current);
  if (current !== undefined && isHeldByOther(settings, observed)) return false;
  const wanted = renewed(settings, current);
  const write = current === undefined ? createObject : replaceObject;
  observe(settings, observed, await write(client, leases, wanted, { signal }));
  return true;
}

/** As `tryLease`, within a time; a failure is told and counts as no. */
async function tryLeaseWithin(
  settings: Settings,
  observed: Observed,
  ms: number,
  signal: AbortSignal,
): Promise<boolean> {
  const within = linkAbort(signal, Math.max(1, ms));
  try {
    return await tryLease(settings, observed, within.signal);
  } catch (error) {
    signal.throwIfAborted();
    if (!isApiError(error, 409)) settings.onError?.(error);
    return false;
  } finally {
    within.unlink();
  }
}

async function acquire(settings: Settings, observed: Observed, signal: AbortSignal): Promise<number> {
  const { clock, retryPeriod, renewDeadline } = settings;
  for (;;) {
    const started = clock.now();
    if (await tryLeaseWithin(settings, observed, renewDeadline, signal)) return started;
    // Spread, so that waiting replicas do not ask all at once.
    await clock.sleep(retryPeriod * (1 + 1.2 * clock.random()), signal);
  }
}

/** Renews until that is no longer possible. `held`: when the request of the last good renewal was sent. */
async function hold(settings: Settings, observed: Observed, held: number, signal: AbortSignal): Promise<void> {
  const { clock, retryPeriod, renewDeadline, identity } = settings;
  let last = held;
  while (clock.now() < last + renewDeadline) {
    await clock.sleep(Math.min(retryPeriod, last + renewDeadline - clock.now()), signal);
    const started = clock.now();
    if (await tryLeaseWithin(settings, observed, last + renewDeadline - started, signal)) last = started;
    else if (observed.holder !== identity) return;
  }
}

async function giveBack(settings: Settings, lease: JsonObject, signal: AbortSignal): Promise<void> {
  const spec = {
    ...asObject(lease['spec']),
    holderIdentity: '',
    leaseDurationSeconds: 1,
    renewTime: microTime(settings.clock.now()),
  };
  await replaceObject(settings.client, leases, { ...lease, spec }, { signal });
}

/** Lets others in at once; where that fails they wait for the lease's end. */
async function release(settings: Settings, observed: Observed): Promise<void> {
  const { lease, holder } = observed;
  if (lease === undefined || holder !== settings.identity) return;
  const within = AbortSignal.timeout(settings.renewDeadline);
  try {
    await giveBack(settings, lease, within).catch(async (error: unknown) => {
      if (!isApiError(error, 409)) throw error;
      // A renewal that was cut off may have got through: the lease is ours still, and newer than we know.
      const current = await readLease(settings, within);
      const isOurs = asObject(current?.['spec'])['holderIdentity'] === settings.identity;
      if (current !== undefined && isOurs) await giveBack(settings, current, within);
    });
  } catch (error) {
    settings.onError?.(error);
  }
  observed.holder = '';
}

/** Leads once: ends when the lease is lost (false), or the work has ended by itself (true). */
async function leadOnce(settings: Settings, observed: Observed, signal: AbortSignal): Promise<boolean> {
  const held = await acquire(settings, observed, signal);
  const stop = linkAbort(signal);
  const work = settings.lead(stop.signal).then(() => true);
  const holding = hold(settings, observed, held, stop.signal).then(() => false);
  try {
    return await Promise.race([work, holding]);
  } finally {
    stop.abort();
    // The next leader must not begin while our work goes on.
    await Promise.allSettled([work, holding]);
    stop.unlink();
    await release(settings, observed);
  }
}

/**
 * Leads whenever elected. Resolves when `lead` ends by itself or the signal is aborted; what `lead` throws is thrown, but for what it throws
 * when it is stopped. In the end the lease is given back.
 */
export async function leadWithLease(options: LeaderOptions, signal: AbortSignal): Promise<void> {
  const settings = {
    leaseDuration: 15_000,
    renewDeadline: 10_000,
    retryPeriod: 2_000,
    clock: systemClock,
    ...options,
  };
  const observed: Observed = { lease: undefined, at: 0, holder: '' };
  try {
    while (!(await leadOnce(settings, observed, signal))) signal.throwIfAborted();
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
