import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../model/index.ts';
import {
  countRestarts,
  followReadiness,
  hasLasted,
  type HeldReadiness,
  type Sight,
  tellUnsteady,
} from './lasting-readiness.ts';

const running: JsonObject = { running: { startedAt: '2026-11-29T12:00:00Z' } };
const ended: JsonObject = { terminated: { exitCode: 1, reason: 'Error' } };
const heldBack: JsonObject = { waiting: { reason: 'CrashLoopBackOff' } };

function container(state: JsonObject, restartCount = 0, lastState: JsonObject = {}): JsonObject {
  return { name: 'web', state, restartCount, lastState };
}

function pod(containers: readonly JsonObject[], more: JsonObject = {}, metadata: JsonObject = {}): JsonObject {
  return {
    metadata: { uid: 'a', ...metadata },
    status: { phase: 'Running', containerStatuses: [...containers], ...more },
  };
}

/** One look each second; the state of a container and how often it was restarted. */
function follow(looks: readonly (readonly [state: JsonObject, restarts: number])[]): (HeldReadiness | undefined)[] {
  let held: HeldReadiness | undefined;
  return looks.map(([state, restarts], second) => {
    held = followReadiness(held, { at: second * 1000, isReady: true, pods: [pod([container(state, restarts)])] });
    return held;
  });
}

const at = (milliseconds: number, pods: readonly JsonObject[] = []): Sight => ({
  at: milliseconds,
  isReady: true,
  pods,
});

describe('readiness', () => {
  it('holds from the first look at which all are ready', () => {
    const held = follow([
      [running, 0],
      [running, 0],
      [running, 0],
    ]);
    expect(held.map((each) => each?.since)).toEqual([0, 0, 0]);
  });

  it('begins anew after a container has ended, also where nobody saw it down', () => {
    const held = follow([
      [running, 0],
      [ended, 0],
      [running, 1],
      [heldBack, 1],
      [running, 2],
      [running, 3],
      [running, 3],
    ]);
    expect(held.map((each) => each?.since)).toEqual([0, undefined, 2000, undefined, 4000, undefined, 6000]);
  });

  it('does not mind what restarted before, and stays up now', () => {
    expect(
      follow([
        [running, 5],
        [running, 5],
      ])[1]?.since,
    ).toBe(0);
  });

  it('does not hold while controllers wait for a workload', () => {
    const held = followReadiness(undefined, at(0));
    expect(followReadiness(held, { at: 1000, isReady: false, pods: [] })).toBeUndefined();
  });

  it('of workloads whose pods may not be listed is what controllers say', () => {
    const held = followReadiness(undefined, at(0));
    expect(followReadiness(held, at(1000))).toMatchObject({ since: 0 });
  });

  it('does not mind a pod that comes, one that is deleted and one that was evicted', () => {
    const steady = pod([container(running)]);
    const held = followReadiness(undefined, at(0, [steady]));
    const others = [
      pod([container(running)], {}, { uid: 'b' }),
      pod([container(ended)], {}, { uid: 'c', deletionTimestamp: '2026-11-29T12:00:00Z' }),
      pod([container(ended)], { phase: 'Failed' }, { uid: 'd' }),
    ];
    expect(followReadiness(held, at(1000, [steady, ...others]))?.since).toBe(0);
  });

  it('knows that init containers end, and notices that a sidecar was restarted', () => {
    const withInit = (state: JsonObject, restarts: number) =>
      pod([container(running)], { initContainerStatuses: [{ ...container(state, restarts), name: 'init' }] });
    const held = followReadiness(undefined, at(0, [withInit(ended, 0)]));
    expect(held?.since).toBe(0);
    expect(followReadiness(held, at(1000, [withInit(running, 1)]))).toBeUndefined();
  });
});

describe('a readiness has lasted', () => {
  const since = { since: 0, restarts: new Map<string, number>() };
  const after = (seconds: number): JsonObject => ({
    terminated: {
      exitCode: 1,
      startedAt: '2026-11-29T11:00:00Z',
      finishedAt: new Date(Date.parse('2026-11-29T11:00:00Z') + seconds * 1000).toISOString(),
    },
  });
  const lived = (seconds: number) => [pod([container(running, 1, after(seconds))])];

  it('after ten seconds', () => {
    expect(hasLasted(since, at(9999, [pod([container(running)])]))).toBe(false);
    expect(hasLasted(since, at(10_000, [pod([container(running)])]))).toBe(true);
    expect(hasLasted(since, at(50), 20)).toBe(true);
  });

  it('where a container has failed at its start, when it has stayed up longer than it did then', () => {
    expect(hasLasted(since, at(39_999, lived(30)))).toBe(false);
    expect(hasLasted(since, at(40_000, lived(30)))).toBe(true);
  });

  it('after ten seconds where a container once ended after days', () => {
    expect(hasLasted(since, at(10_000, lived(3 * 86_400)))).toBe(true);
  });
});

describe('what did not stay up', () => {
  it('is told with how it ended and how often it was started again', () => {
    expect(tellUnsteady([pod([container(heldBack, 2, ended)])], undefined)).toBe(
      'container "web" does not stay up: it ended with exit code 1, started again 2 times',
    );
    expect(tellUnsteady([pod([container(ended)])], undefined)).toBe(
      'container "web" does not stay up: it ended with exit code 1',
    );
  });

  it('is what restarted since, not what did before', () => {
    const pods = [pod([container(running, 1, ended)])];
    expect(tellUnsteady(pods, undefined)).toBeUndefined();
    expect(tellUnsteady(pods, { since: 0, restarts: new Map([['a/web', 1]]) })).toBeUndefined();
    expect(tellUnsteady(pods, { since: 0, restarts: new Map([['a/web', 0]]) })).toContain('started again once');
  });

  it('is counted over all pods that are not on their way out', () => {
    const leaving = pod([container(running, 7)], {}, { uid: 'b', deletionTimestamp: '2026-11-29T12:00:00Z' });
    expect(countRestarts([pod([container(running, 2), container(running, 1)]), leaving])).toBe(3);
  });
});
