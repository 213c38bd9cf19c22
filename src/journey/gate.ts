// Whether a report is good enough: thresholds on findings and on levels, and what a former report had already.

import { type Finding, type Leg, type Level, severities, type Severity } from '../model/index.ts';
import { markKnown } from './fingerprint.ts';
import { isOpen } from './judged.ts';
import { legTitles } from './level-names.ts';
import type { GateResult, Report } from './report.ts';

export interface Gate {
  /** Fail on findings of this severity or worse; `never` looks at levels only. */
  readonly failOn: Severity | 'never';
  /** Levels that must be reached, as far as the source can tell. */
  readonly require: Readonly<Partial<Record<Leg, Level>>>;
  /** Findings of a former report, which do not count again. */
  readonly baseline?: readonly Finding[];
}

function tellFindings(counted: readonly Finding[], { failOn, baseline }: Gate): string[] {
  if (failOn === 'never') return [];
  const limit = severities.indexOf(failOn);
  const bad = counted.filter(({ severity }) => severities.indexOf(severity) <= limit).length;
  if (bad === 0) return [];
  const findings = `${bad} ${baseline === undefined ? '' : 'new '}${bad === 1 ? 'finding' : 'findings'}`;
  return [failOn === 'low' ? findings : `${findings} of severity ${failOn}${failOn === 'critical' ? '' : ' or worse'}`];
}

function tellLevels({ legs }: Report, { require }: Gate): string[] {
  return legs.flatMap(({ leg, level }) => {
    const wanted = require[leg];
    if (wanted === undefined || level >= wanted) return [];
    return [`${legTitles[leg]} is at level ${level}, level ${wanted} is required`];
  });
}

/** The report with what the thresholds say of it; with a baseline, its findings are marked as known. */
export function judgeGate(report: Report, gate: Gate): Report & { readonly gate: GateResult } {
  const findings = gate.baseline === undefined ? report.findings : markKnown(report.findings, gate.baseline);
  const open = findings.filter(isOpen);
  const counted = open.filter(({ known }) => known !== true);
  const reasons = [...tellFindings(counted, gate), ...tellLevels(report, gate)];
  const known = gate.baseline === undefined ? {} : { known: open.length - counted.length };
  return { ...report, findings, gate: { passed: reasons.length === 0, reasons, ...known } };
}
