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

it.each([0, 1, 499, 500, 501, 1200])('is the report, one finding a line, with %i findings', (count) => {
  const report = reportWith(count);
  const text = [...renderJson(report)].join('');
  expect(JSON.parse(text)).toEqual(report);
  expect(text.split('\n').filter((line) => line.startsWith('    {"check":'))).toHaveLength(count);
  expect(text.endsWith('\n}\n')).toBe(true);
});

it('never holds more than some findings in one piece', () => {
  const pieces = [...renderJson(reportWith(2000))];
  expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThan(pieces.join('').length / 3);
});
