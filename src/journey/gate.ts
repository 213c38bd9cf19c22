// Whether a report is good enough: thresholds on findings and on levels.

import { type Finding, type Leg, type Level, severities, type Severity } from '../model/index.ts';
import { findNew } from './fingerprint.ts';
import type { Report } from './report.ts';

export interface Gate {
  /** Fail on findings of this severity or worse; `never` looks at levels only. */
  readonly failOn: Severity | 'never';
  /** Levels that must be reached, as far as the source can tell. */
  readonly require: Readonly<Partial<Record<Leg, Level>>>;
  /** Findings of a former report, which do not count again. */
  readonly baseline?: readonly Finding[];
}

/** Reasons why the report does not pass, in the user's words; none where it passes. */
export function judgeGate(report: Report, { failOn, require, baseline }: Gate): string[] {
  const open = report.findings.filter(({ verdict, exception }) => verdict === 'fail' && exception === undefined);
  const counted = baseline === undefined ? open : findNew(open, baseline);
  const bad =
    failOn === 'never'
      ? []
      : counted.filter(({ severity }) => severities.indexOf(severity) <= severities.indexOf(failOn));
  const reasons =
    bad.length === 0
      ? []
      : [`${bad.length} ${baseline === undefined ? '' : 'new '}findings of severity ${failOn} or worse`];
  for (const { leg, level } of report.legs) {
    const wanted = require[leg];
    if (wanted !== undefined && level < wanted)
      reasons.push(`${leg} is at level ${level}, level ${wanted} is required`);
  }
  return reasons;
}
