import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../model/index.ts';
import { planSampling } from './plan-sampling.ts';
import { changesWithin, jobRunsWithin } from './window-changes.ts';

function pod(name: string, more: { spec?: JsonObject; status?: JsonObject } = {}): JsonObject {
  const running = { containerStatuses: [{ name: 'a', restartCount: 0, state: { running: {} } }] };
  return {
    metadata: { name, namespace: 'shop', uid: name },
    spec: { nodeName: 'n1', containers: [{ name: 'a', ports: [{ containerPort: 80 }] }], ...more.spec },
    status: { phase: 'Running', ...running, ...more.status },
  };
}

describe('which pods are looked into', () => {
  it('are those with a running container, through any of them', () => {
    const sidecar = {
      containerStatuses: [
        { name: 'a', state: { waiting: {} } },
        { name: 'b', state: { running: {} } },
      ],
      initContainerStatuses: [{ name: 'proxy', state: { running: {} } }],
    };
    expect(planSampling([pod('one'), pod('two', { status: sidecar })]).targets).toEqual([
      { uid: 'one', namespace: 'shop', pod: 'one', node: 'n1', containers: ['a'], ports: [80] },
      { uid: 'two', namespace: 'shop', pod: 'two', node: 'n1', containers: ['b', 'proxy'], ports: [80] },
    ]);
  });

  it.each([
    ['shares the network', { spec: { hostNetwork: true } }],
    ['Windows', { spec: { os: { name: 'windows' } } }],
    ['has ended', { status: { phase: 'Succeeded' } }],
    ['no running container (Pending)', { status: { phase: 'Pending', containerStatuses: [] } }],
  ])('are not those of which it is told: %s', (reason, more) => {
    const plan = planSampling([pod('x', more)]);
    expect(plan.targets).toEqual([]);
    expect(plan.notSampled).toEqual([{ namespace: 'shop', pod: 'x', reason: expect.stringContaining(reason) }]);
  });
});

describe('what happened within the window', () => {
  it('is starts, restarts and ends of pods', () => {
    const again = { status: { containerStatuses: [{ name: 'a', restartCount: 2, state: { running: {} } }] } };
    expect(changesWithin([pod('a'), pod('b'), pod('c')], [pod('a'), pod('b', again), pod('d')])).toEqual([
      { namespace: 'shop', pod: 'b', reason: 'restarted 2×' },
      { namespace: 'shop', pod: 'd', reason: 'started' },
      { namespace: 'shop', pod: 'c', reason: 'went away' },
    ]);
  });

  it('is runs of Jobs, and what did not run', () => {
    const job = (name: string, startTime: string, completionTime?: string, owner?: string): JsonObject => ({
      metadata: {
        name,
        namespace: 'shop',
        ownerReferences: owner === undefined ? [] : [{ kind: 'CronJob', name: owner }],
      },
      status: { startTime, ...(completionTime === undefined ? {} : { completionTime }) },
    });
    const window = { start: Date.parse('2026-11-23T20:00:00Z'), end: Date.parse('2026-11-23T21:00:00Z') };
    const jobs = [
      job('old', '2026-11-23T18:00:00Z', '2026-11-23T18:01:00Z'),
      job('long', '2026-11-23T18:00:00Z'),
      job('tick-1', '2026-11-23T20:10:00Z', '2026-11-23T20:11:00Z', 'tick'),
      job('tock-1', '2026-11-22T20:10:00Z', '2026-11-22T20:11:00Z', 'tock'),
    ];
    expect(jobRunsWithin(jobs, ['shop/tick', 'shop/tock'], window)).toEqual({
      ran: ['Job shop/long', 'Job shop/tick-1'],
      notRun: ['CronJob shop/tock', 'Job shop/old'],
    });
  });
});
