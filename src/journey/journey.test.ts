import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CheckOutcome } from '../checks/run-checks.ts';
import { type CheckMeta, type Finding, levels, severities } from '../model/index.ts';
import { decideLeg } from './decide-levels.ts';
import { markKnown } from './fingerprint.ts';
import { applyExceptions, askProvider, type Gate, judgeGate, metaForTarget, targetOfProvider } from './index.ts';
import type { Judged } from './judged.ts';
import type { Report } from './report.ts';

function meta(id: string, level: 1 | 2 | 3 | 4, rest: Partial<CheckMeta> = {}): CheckMeta {
  const words = { family: 'f', title: id, remediation: 'Do it.', references: [] };
  return { id, leg: 'security', level, owner: 'developer', severity: 'medium', minutes: 10, ...words, ...rest };
}

function outcome(check: string, verdict: CheckOutcome['verdict']): CheckOutcome {
  const subjects = verdict === 'not-applicable' ? 0 : 1;
  return { check, verdict, subjects, failed: verdict === 'fail' ? 1 : 0, unknown: verdict === 'unknown' ? 1 : 0 };
}

function judged(about: CheckMeta, verdict: CheckOutcome['verdict']): Judged {
  return { meta: about, outcome: outcome(about.id, verdict), severity: about.severity, accepted: 0 };
}

const anyJudged = fc
  .record({
    level: fc.constantFrom(...levels),
    severity: fc.constantFrom(...severities),
    verdict: fc.constantFrom('pass', 'fail', 'unknown', 'not-applicable'),
  })
  .map(({ level, severity, verdict }) => ({ level, severity, verdict: verdict as CheckOutcome['verdict'] }));
const anyChecks = fc
  .array(anyJudged, { maxLength: 20 })
  .map((list) =>
    list.map(({ level, severity, verdict }, index) => judged(meta(`c${index}`, level, { severity }), verdict)),
  );

describe('levels', () => {
  it('count only when all levels below hold', () => {
    const checks = [judged(meta('a', 1), 'pass'), judged(meta('b', 2), 'fail'), judged(meta('c', 3), 'pass')];
    expect(decideLeg('security', checks)).toMatchObject({
      level: 1,
      proven: 1,
      next: { level: 2, steps: 1, done: 0, blockers: ['b'] },
    });
  });

  it('are told without unknown checks and proven only with them', () => {
    const checks = [judged(meta('a', 1), 'unknown'), judged(meta('b', 1), 'pass'), judged(meta('c', 2), 'fail')];
    expect(decideLeg('security', checks)).toMatchObject({ level: 1, proven: 0 });
  });

  it('never rise when a failing check is added, and are never proven beyond what is told', () => {
    fc.assert(
      fc.property(anyChecks, fc.constantFrom(...levels), (checks, level) => {
        const before = decideLeg('security', checks);
        const after = decideLeg('security', [...checks, judged(meta('extra', level), 'fail')]);
        expect(after.level).toBeLessThanOrEqual(before.level);
        expect(after.level).toBeLessThan(level);
        expect(before.proven).toBeLessThanOrEqual(before.level);
      }),
    );
  });

  it('are not told where nothing passes: neither of another leg, nor of an empty one', () => {
    expect(decideLeg('backups', [judged(meta('a', 1), 'fail')])).toMatchObject({ level: 0, next: undefined });
    expect(decideLeg('security', [judged(meta('a', 1), 'not-applicable')])).toMatchObject({
      level: 0,
      next: undefined,
    });
  });

  it('stop at one of which nothing is known', () => {
    const checks = [judged(meta('a', 1), 'pass'), judged(meta('b', 3), 'unknown'), judged(meta('c', 4), 'pass')];
    expect(decideLeg('security', checks)).toMatchObject({
      level: 2,
      proven: 2,
      next: { level: 3, steps: 0, done: 0, blockers: [], unknown: ['b'] },
    });
  });

  it('skip one without a subject on the way to the next', () => {
    const checks = [judged(meta('a', 1), 'pass'), judged(meta('b', 2), 'not-applicable'), judged(meta('c', 3), 'fail')];
    expect(decideLeg('security', checks)).toMatchObject({ level: 2, next: { level: 3, blockers: ['c'] } });
  });

  it('list blockers by worth for an hour of work', () => {
    const checks = [
      judged(meta('slow', 1, { severity: 'high', minutes: 500 }), 'fail'),
      judged(meta('quick', 1, { severity: 'medium', minutes: 5 }), 'fail'),
      judged(meta('grave', 1, { severity: 'critical', minutes: 20 }), 'fail'),
    ];
    expect(decideLeg('security', checks).next?.blockers).toEqual(['grave', 'quick', 'slow']);
  });
});

const finding: Finding = {
  check: 'a',
  verdict: 'fail',
  severity: 'high',
  leg: 'security',
  level: 1,
  owner: 'developer',
  subject: { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'web', container: 'web' },
  position: { file: 'web.yaml', line: 3, column: 1 },
  path: '/spec/template/spec/containers/0/image',
  message: 'm',
  evidence: 'e',
};
const results = {
  findings: [finding],
  outcomes: [{ check: 'a', verdict: 'fail', subjects: 2, failed: 1, unknown: 0 } as const],
};
const rule = { check: 'a', subject: 'Deployment/shop/w*', owner: 'jana', reason: 'agreed', until: '2026-12-31' };

describe('exceptions', () => {
  it('accept a finding until their date, and the check passes', () => {
    const accepted = applyExceptions(results, [rule], '2026-12-31');
    expect(accepted.findings[0]?.exception).toEqual({ owner: 'jana', reason: 'agreed', until: '2026-12-31' });
    expect(accepted.outcomes[0]).toMatchObject({ verdict: 'pass', failed: 0 });
  });

  it('come back as findings after their date, and say so', () => {
    const expired = applyExceptions(results, [rule], '2027-01-01');
    expect(expired.findings[0]?.exception).toBeUndefined();
    expect(expired.findings[0]?.message).toContain('ended on 2026-12-31');
    expect(expired.outcomes[0]).toMatchObject({ verdict: 'fail' });
    expect(expired.notices).toEqual([expect.stringContaining('ended on 2026-12-31')]);
  });

  it.each(['Deployment/other/web', 'StatefulSet', 'Deployment/shop/api'])(
    'leave %s alone and are told as unused',
    (subject) => {
      const untouched = applyExceptions(results, [{ ...rule, subject }], '2026-01-01');
      expect(untouched.findings).toEqual(results.findings);
      expect(untouched.notices).toEqual([expect.stringContaining('matches nothing')]);
    },
  );
});

describe('known findings', () => {
  const known = (findings: readonly Finding[], baseline: readonly Finding[]): unknown[] =>
    markKnown(findings, baseline).map((each) => each.known === true);

  it('are recognised whatever the line', () => {
    const moved = {
      ...finding,
      position: { file: 'web.yaml', line: 99, column: 1 },
      path: '/spec/template/spec/containers/3/image',
    };
    expect(known([moved], [finding])).toEqual([true]);
    expect(known([{ ...finding, check: 'b' }], [finding])).toEqual([false]);
  });

  it('do not hide a second one of the same kind', () => {
    expect(known([finding, finding], [finding])).toEqual([true, false]);
  });
});

describe('the gate', () => {
  const report = { findings: [finding], legs: [{ leg: 'security', level: 1 }] } as unknown as Report;

  it('looks at severities, levels and the baseline', () => {
    const reasons = (gate: Gate): readonly string[] => judgeGate(report, gate).gate.reasons;
    expect(reasons({ failOn: 'high', require: {} })).toEqual(['1 finding of severity high or worse']);
    expect(reasons({ failOn: 'critical', require: {} })).toEqual([]);
    expect(reasons({ failOn: 'never', require: { security: 2 } })).toEqual([
      'Security is at level 1, level 2 is required',
    ]);
    expect(reasons({ failOn: 'never', require: { security: 1 } })).toEqual([]);
    expect(reasons({ failOn: 'low', require: {}, baseline: [finding] })).toEqual([]);
    expect(judgeGate(report, { failOn: 'low', require: {}, baseline: [finding] }).gate.known).toBe(1);
  });
});

describe('owners', () => {
  it('move to the provider on a managed service only', () => {
    const duty = meta('etcd', 1, { owner: 'cluster-administrator', ownerWhenManaged: 'provider' });
    expect(metaForTarget(duty, 'eks').owner).toBe('provider');
    expect(metaForTarget(duty, 'self-managed').owner).toBe('cluster-administrator');
    expect(metaForTarget(meta('x', 1), 'gke').owner).toBe('developer');
  });

  it('never fail on a managed service where the provider answers: there it is asked for evidence', () => {
    const theirs = meta('a', 1, { owner: 'cluster-administrator', ownerWhenManaged: 'provider' });
    const failed = {
      findings: [{ ...finding, check: 'a' }],
      outcomes: [{ ...outcome('a', 'fail'), subjects: 1, failed: 1 }],
    };
    const asked = askProvider(failed, [theirs], 'eks');
    expect(asked.findings[0]).toMatchObject({
      verdict: 'unknown',
      message: expect.stringContaining('ask the provider'),
    });
    expect(asked.outcomes[0]).toMatchObject({ verdict: 'unknown', failed: 0, unknown: 1 });
    expect(askProvider(failed, [theirs], 'self-managed')).toBe(failed);
    expect(askProvider(failed, [meta('a', 1)], 'eks').outcomes[0]?.verdict).toBe('fail');
  });

  it('follow the provider that a cluster was recognised to have', () => {
    expect(targetOfProvider('EKS', true)).toBe('eks');
    expect(targetOfProvider('DOKS', true)).toBe('managed');
    expect(targetOfProvider('Minikube', false)).toBe('minikube');
    expect(targetOfProvider('k3s', false)).toBe('self-managed');
    expect(targetOfProvider(undefined, false)).toBe('self-managed');
  });
});
