import { describe, expect, it } from 'vitest';
import type { ProbeReport } from './probe.ts';
import { controlOf } from './record-probe.ts';

type Look = ProbeReport['looks'][number];

function look(from: Look['from'], ...states: Look['results'][number]['state'][]): Look {
  return { from, leftOut: [], results: states.map((state) => ({ state })) } as unknown as Look;
}

function control(...looks: Look[]): boolean {
  return controlOf({ schema: 'nowwhat.dev/probe/v1', context: 'c', date: '2026-11-29', looks }).failed;
}

describe('the control of a probe', () => {
  it('is met where something answers from each place', () => {
    expect(control(look('outside', 'closed', 'guarded'), look('inside', 'open', 'closed'))).toBe(true);
  });

  it('is not met where nothing answers from one of them, or nobody looked', () => {
    expect(control(look('outside', 'guarded'), look('inside', 'closed', 'closed'))).toBe(false);
    expect(control(look('inside'))).toBe(false);
    expect(control()).toBe(false);
  });

  it('names the places', () => {
    const looks = [look('outside', 'open'), look('inside', 'open')];
    const report = { schema: 'nowwhat.dev/probe/v1', context: 'c', date: '2026-11-29', looks } as const;
    expect(controlOf(report).what).toContain('outside and inside');
  });
});
