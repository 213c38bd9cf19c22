// JUnit XML: a test suite for each leg, a test case for each check, so that pipelines show what failed.

import { legTitles, type Report } from '../../journey/index.ts';
import type { Finding } from '../../model/index.ts';
import { visible } from '../style.ts';
import type { Reporter } from './reporter.ts';

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

function xml(text: string): string {
  return visible(text).replace(/[&<>"']/g, (character) => entities[character] ?? '');
}

function describe({ position, message, subject }: Finding): string {
  const place = position === undefined ? '' : `${position.file}:${position.line} `;
  return `${place}${subject.kind} ${subject.namespace}/${subject.name}: ${message}`;
}

function failure(report: Report, id: string, findings: readonly Finding[]): string {
  const failed = findings.filter(({ verdict, exception }) => verdict === 'fail' && exception === undefined);
  const text = failed.map((finding) => xml(describe(finding))).join('\n');
  return `<failure message="${xml(report.catalogue[id]?.title ?? id)}">${text}</failure>`;
}

function testCase(report: Report, id: string, verdict: string): string {
  const findings = report.findings.filter(({ check }) => check === id);
  const start = `    <testcase classname="${xml(report.catalogue[id]?.family ?? 'checks')}" name="${xml(id)}">`;
  if (verdict === 'fail') return `${start}\n      ${failure(report, id, findings)}\n    </testcase>`;
  if (verdict === 'unknown')
    return `${start}\n      <skipped message="${xml(findings[0]?.message ?? 'unknown')}"/>\n    </testcase>`;
  return `${start}</testcase>`;
}

export const renderJunit: Reporter = (report) => {
  const suites = report.legs.map(({ leg, checks }) => {
    const ids = Object.keys(checks).filter((id) => checks[id]?.verdict !== 'not-applicable');
    const failures = ids.filter((id) => checks[id]?.verdict === 'fail').length;
    const skipped = ids.filter((id) => checks[id]?.verdict === 'unknown').length;
    const cases = ids.map((id) => testCase(report, id, checks[id]?.verdict ?? 'pass')).join('\n');
    return `  <testsuite name="${legTitles[leg]}" tests="${ids.length}" failures="${failures}" skipped="${skipped}">\n${cases}\n  </testsuite>`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="nowwhat">\n${suites.join('\n')}\n</testsuites>\n`;
};
