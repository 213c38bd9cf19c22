// Readiness that lasts: workloads that stay ready for some seconds, in which no container of their pods ends or is started again.

import { asArray, asNumber, asObject, asString, type JsonObject, toText } from '../../model/index.ts';
import { tellEnd } from './container-end.ts';

/**
 * Milliseconds. A container without a readiness probe counts as ready from its start to its end, so that a program that ends right away is ready for a moment, again and
 * again. The kubelet looks each second for containers that have ended, and begins to hold restarts back with 10 s: within this time a program that cannot run
 * has shown it, even where the kubelet lags behind. Source: Kubernetes 1.34, pkg/kubelet/kubelet.go (`genericPlegRelistPeriod`, `initialCrashLoopBackOff`).
 */
export const lastingAfter = 10_000;

/** Milliseconds. What lived longer before it ended did not fail at its start, and is not waited for as long again. */
const longestStart = 60_000;

/** One look at workloads. */
export interface Sight {
  /** Milliseconds, by the clock of who looks. */
  readonly at: number;
  /** Their controllers call all of them ready. */
  readonly isReady: boolean;
  /** Theirs; empty where they may not be listed. */
  readonly pods: readonly JsonObject[];
}

/** A readiness that holds so far. */
export interface HeldReadiness {
  /** Milliseconds: the first look at which it held. */
  readonly since: number;
  /** How often each container had been started again by then, by `uid/name`. */
  readonly restarts: ReadonlyMap<string, number>;
}

interface Container {
  readonly key: string;
  readonly name: string;
  readonly restarts: number;
  readonly state: JsonObject;
  /** How it ended the last time; empty where it never did. */
  readonly last: JsonObject;
  readonly isInit: boolean;
}

function containersOf({ metadata, status }: JsonObject): Container[] {
  const { initContainerStatuses, containerStatuses } = asObject(status);
  const read = (list: unknown, isInit: boolean): Container[] =>
    asArray(list)
      .map(asObject)
      .map(({ name = '', restartCount = 0, state, lastState }) => ({
        key: `${toText(asObject(metadata)['uid'])}/${toText(name)}`,
        name: toText(name),
        restarts: asNumber(restartCount) ?? 0,
        state: asObject(state),
        last: asObject(asObject(lastState)['terminated']),
        isInit,
      }));
  return [...read(initContainerStatuses, true), ...read(containerStatuses, false)];
}

/** Those that are on their way out, or out, are of yesterday. */
function isCurrent({ metadata, status }: JsonObject): boolean {
  const { phase } = asObject(status);
  return asObject(metadata)['deletionTimestamp'] === undefined && phase !== 'Succeeded' && phase !== 'Failed';
}

/** It has ended and does not run again yet. Init containers are to end. */
function isDown({ state, restarts, isInit }: Container): boolean {
  if (isInit) return false;
  return state['terminated'] !== undefined || (state['waiting'] !== undefined && restarts > 0);
}

function currentContainers(pods: readonly JsonObject[]): Container[] {
  return pods.filter(isCurrent).flatMap(containersOf);
}

function isUnsteady(container: Container, held: HeldReadiness | undefined): boolean {
  const before = held?.restarts.get(container.key) ?? container.restarts;
  return isDown(container) || container.restarts !== before;
}

/** The readiness after one more look; `undefined` where it does not hold, or has not held since the look before. */
export function followReadiness(
  held: HeldReadiness | undefined,
  { at, isReady, pods }: Sight,
): HeldReadiness | undefined {
  const containers = currentContainers(pods);
  if (!isReady || containers.some((each) => isUnsteady(each, held))) return undefined;
  const restarts = new Map(containers.map(({ key, restarts: count }) => [key, count]));
  return { since: held?.since ?? at, restarts };
}

/** Milliseconds from its start to its end, by the clock of its node; `undefined` where it never ended. */
function lastLife({ last }: Container): number | undefined {
  const life = Date.parse(asString(last['finishedAt']) ?? '') - Date.parse(asString(last['startedAt']) ?? '');
  return Number.isNaN(life) ? undefined : life;
}

/** Milliseconds. A container that has ended at its start must stay up longer than it did then. */
function longestFailedStart(pods: readonly JsonObject[]): number {
  const lives = currentContainers(pods).flatMap((each) => (each.isInit ? [] : (lastLife(each) ?? [])));
  return Math.max(0, ...lives.filter((life) => life <= longestStart));
}

/** `atLeast`: milliseconds. */
export function hasLasted({ since }: HeldReadiness, { at, pods }: Sight, atLeast = lastingAfter): boolean {
  return at - since >= atLeast + longestFailedStart(pods);
}

/** How often their containers were started again. */
export function countRestarts(pods: readonly JsonObject[]): number {
  return currentContainers(pods).reduce((sum, { restarts }) => sum + restarts, 0);
}

/** Why a readiness does not hold, by what the pods of one workload say; the end of a sentence about it. `held` is the readiness before. */
export function tellUnsteady(pods: readonly JsonObject[], held: HeldReadiness | undefined): string | undefined {
  const found = currentContainers(pods).find((each) => isUnsteady(each, held));
  if (found === undefined) return undefined;
  const { name, state, last, restarts } = found;
  const terminated = asObject(state['terminated'] ?? last);
  const end = Object.keys(terminated).length === 0 ? '' : ` with ${tellEnd(terminated)}`;
  const times = restarts === 0 ? '' : `, started again ${restarts === 1 ? 'once' : `${restarts} times`}`;
  return `container "${name}" does not stay up: it ended${end}${times}`;
}
