import { expect, it } from 'vitest';
import type { Report } from '../../journey/index.ts';
import { renderJson } from './json.ts';

function reportWith(count: number): Report {
  const findings = Array.from({ length: count }, (_, index) => ({
    check: `check-${index}`,
    evidence: 'a [list] of "things"\n  "findings": []',
    subject: { kind: 'Pod', list: [] },
  }));
  const rest = { schema: 'nowwhat.dev/report/v1', notices: ['\n  "findings": []'], nested: { findings: [] } };
  return { ...rest, findings, unreadable: [], skipped: [] } as unknown as Report;
}

it.each([0, 1, 499, 500, 501, 1200])('writes the same text piece by piece as in one go, with %i findings', (count) => {
  const report = reportWith(count);
  expect([...renderJson(report)].join('')).toBe(`${JSON.stringify(report, null, 2)}\n`);
});

it('never holds more than some findings in one piece', () => {
  const pieces = [...renderJson(reportWith(2000))];
  expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThan(pieces.join('').length / 3);
});
