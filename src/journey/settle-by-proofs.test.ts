import { describe, expect, it } from 'vitest';
import type { CheckResults } from '../checks/run-checks.ts';
import type { Finding, Proof } from '../model/index.ts';
import { settleByProofs } from './settle-by-proofs.ts';

function finding(check: string, name: string, verdict: Finding['verdict'] = 'unknown'): Finding {
  return {
    check,
    verdict,
    severity: 'high',
    leg: 'security',
    level: 1,
    owner: 'developer',
    subject: { apiVersion: 'v1', kind: 'Service', namespace: 'shop', name },
    message: '',
    evidence: '',
  };
}

const results: CheckResults = {
  findings: [finding('doors', 'web'), finding('doors', 'db'), finding('other', 'web'), finding('known', 'web', 'fail')],
  outcomes: [
    { check: 'doors', verdict: 'unknown', subjects: 3, failed: 0, unknown: 2 },
    { check: 'other', verdict: 'unknown', subjects: 1, failed: 0, unknown: 1 },
    { check: 'known', verdict: 'fail', subjects: 1, failed: 1, unknown: 0 },
  ],
};

function settle(changes: Partial<Proof>) {
  const proof: Proof = {
    schema: 'nowwhat.dev/proof/v1',
    kind: 'probe',
    claim: 'No door is open',
    command: '',
    version: '0',
    time: '2026-11-29T12:00:00Z',
    result: 'holds',
    figures: {},
    inputs: [],
    settles: [{ check: 'doors', verdict: 'pass' }],
    ...changes,
  };
  const { findings, outcomes } = settleByProofs(results, [{ id: 'probe-1', proof }]);
  return { findings, verdicts: Object.fromEntries(outcomes.map(({ check, verdict }) => [check, verdict])) };
}

const before = { doors: 'unknown', other: 'unknown', known: 'fail' };

describe('a fresh proof', () => {
  it('settles the checks that it names, and no other', () => {
    const { findings, verdicts } = settle({});
    expect(verdicts).toEqual({ ...before, doors: 'pass' });
    expect(findings.map(({ check }) => check)).toEqual(['other', 'known']);
  });

  it('settles only the subject that it is about', () => {
    const { subject } = finding('doors', 'web');
    const { findings, verdicts } = settle({ settles: [{ check: 'doors', verdict: 'pass', subject }] });
    expect(verdicts).toEqual(before);
    expect(findings).toHaveLength(3);
  });

  it('never makes a failure a pass', () => {
    expect(settle({ settles: [{ check: 'known', verdict: 'pass' }] }).verdicts).toEqual(before);
  });

  it('shows nothing where its negative control did not fail', () => {
    const negativeControl = { what: 'an open door', failed: false };
    expect(settle({ negativeControl }).verdicts).toEqual(before);
    expect(settle({ negativeControl: { ...negativeControl, failed: true } }).verdicts['doors']).toBe('pass');
  });

  it('that fails shows what fails, and passes nothing', () => {
    expect(settle({ result: 'fails' }).verdicts).toEqual(before);
    const failing = settle({ result: 'fails', settles: [{ check: 'doors', verdict: 'fail' }] });
    expect(failing.verdicts).toEqual({ ...before, doors: 'fail' });
    expect(failing.findings[0]).toMatchObject({ verdict: 'fail', evidence: 'proof probe-1 of 2026-11-29' });
  });
});
