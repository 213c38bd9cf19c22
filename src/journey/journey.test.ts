import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CheckOutcome } from '../checks/run-checks.ts';
import { type CheckMeta, type Finding, levels, severities } from '../model/index.ts';
import { decideLeg } from './decide-levels.ts';
import { applyExceptions, findNew, judgeGate, metaForTarget } from './index.ts';
import type { Report } from './report.ts';

function meta(id: string, level: 1 | 2 | 3 | 4, rest: Partial<CheckMeta> = {}): CheckMeta {
  const words = { family: 'f', title: id, remediation: 'Do it.', references: [] };
  return { id, leg: 'security', level, owner: 'developer', severity: 'medium', minutes: 10, ...words, ...rest };
}

function outcome(check: string, verdict: CheckOutcome['verdict']): CheckOutcome {
  const subjects = verdict === 'not-applicable' ? 0 : 1;
  return { check, verdict, subjects, failed: verdict === 'fail' ? 1 : 0, unknown: verdict === 'unknown' ? 1 : 0 };
}

const anyJudged = fc
  .record({
    level: fc.constantFrom(...levels),
    severity: fc.constantFrom(...severities),
    verdict: fc.constantFrom('pass', 'fail', 'unknown', 'not-applicable'),
  })
  .map(({ level, severity, verdict }) => ({ level, severity, verdict: verdict as CheckOutcome['verdict'] }));
const anyChecks = fc.array(anyJudged, { maxLength: 20 }).map((list) =>
  list.map(({ level, severity, verdict }, index) => ({
    meta: meta(`c${index}`, level, { severity }),
    outcome: outcome(`c${index}`, verdict),
  })),
);

describe('levels', () => {
  it('count only when all levels below hold', () => {
    const judged = [
      { meta: meta('a', 1), outcome: outcome('a', 'pass') },
      { meta: meta('b', 2), outcome: outcome('b', 'fail') },
      { meta: meta('c', 3), outcome: outcome('c', 'pass') },
    ];
    expect(decideLeg('security', judged)).toMatchObject({
      level: 1,
      proven: 1,
      next: { level: 2, steps: 1, done: 0, blockers: ['b'] },
    });
  });

  it('are told without unknown checks and proven only with them', () => {
    const judged = [
      { meta: meta('a', 1), outcome: outcome('a', 'unknown') },
      { meta: meta('b', 2), outcome: outcome('b', 'fail') },
    ];
    expect(decideLeg('security', judged)).toMatchObject({ level: 1, proven: 0 });
  });

  it('never rise when a failing check is added, and are never proven beyond what is told', () => {
    fc.assert(
      fc.property(anyChecks, fc.constantFrom(...levels), (judged, level) => {
        const before = decideLeg('security', judged);
        const after = decideLeg('security', [
          ...judged,
          { meta: meta('extra', level), outcome: outcome('extra', 'fail') },
        ]);
        expect(after.level).toBeLessThanOrEqual(before.level);
        expect(after.level).toBeLessThan(level);
        expect(before.proven).toBeLessThanOrEqual(before.level);
      }),
    );
  });

  it('leave other legs alone', () => {
    expect(decideLeg('backups', [{ meta: meta('a', 1), outcome: outcome('a', 'fail') }]).level).toBe(4);
  });

  it('list blockers by worth for an hour of work', () => {
    const judged = [
      { meta: meta('slow', 1, { severity: 'high', minutes: 500 }), outcome: outcome('slow', 'fail') },
      { meta: meta('quick', 1, { severity: 'medium', minutes: 5 }), outcome: outcome('quick', 'fail') },
      { meta: meta('grave', 1, { severity: 'critical', minutes: 20 }), outcome: outcome('grave', 'fail') },
    ];
    expect(decideLeg('security', judged).next?.blockers).toEqual(['grave', 'quick', 'slow']);
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
  });

  it.each(['Deployment/other/web', 'StatefulSet', 'Deployment/shop/api'])(
    'leave %s alone and are told as unused',
    (subject) => {
      const untouched = applyExceptions(results, [{ ...rule, subject }], '2026-01-01');
      expect(untouched.findings).toEqual(results.findings);
      expect(untouched.unused).toHaveLength(1);
    },
  );
});

describe('new findings', () => {
  it('are found whatever the line', () => {
    const moved = {
      ...finding,
      position: { file: 'web.yaml', line: 99, column: 1 },
      path: '/spec/template/spec/containers/3/image',
    };
    expect(findNew([moved], [finding])).toEqual([]);
    expect(findNew([{ ...finding, check: 'b' }], [finding])).toHaveLength(1);
  });

  it('count a second one of the same kind', () => {
    expect(findNew([finding, finding], [finding])).toHaveLength(1);
  });
});

describe('the gate', () => {
  const report = { findings: [finding], legs: [{ leg: 'security', level: 1 }] } as unknown as Report;

  it('looks at severities, levels and the baseline', () => {
    expect(judgeGate(report, { failOn: 'high', require: {} })).toHaveLength(1);
    expect(judgeGate(report, { failOn: 'critical', require: {} })).toEqual([]);
    expect(judgeGate(report, { failOn: 'never', require: { security: 2 } })).toEqual([
      'security is at level 1, level 2 is required',
    ]);
    expect(judgeGate(report, { failOn: 'low', require: {}, baseline: [finding] })).toEqual([]);
  });
});

describe('owners', () => {
  it('move to the provider on a managed service only', () => {
    const duty = meta('etcd', 1, { owner: 'cluster-administrator', ownerWhenManaged: 'provider' });
    expect(metaForTarget(duty, 'eks').owner).toBe('provider');
    expect(metaForTarget(duty, 'self-managed').owner).toBe('cluster-administrator');
    expect(metaForTarget(meta('x', 1), 'gke').owner).toBe('developer');
  });
});
