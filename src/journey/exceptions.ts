// Exceptions: a failing finding that a named owner accepts until a date, for a reason. Expired ones are findings again.

import type { CheckOutcome, CheckResults } from '../checks/run-checks.ts';
import type { Exception, Finding, Subject } from '../model/index.ts';

export interface ExceptionRule extends Exception {
  /** Id of the check, or `*`. */
  readonly check: string;
  /** `kind/namespace/name` with `*` for any text in a part; parts may be left out from the right. */
  readonly subject: string;
  readonly container?: string;
}

export interface ExceptionResults extends CheckResults {
  /** Rules that matched no finding: they can be removed. */
  readonly unused: readonly ExceptionRule[];
}

function partMatches(pattern: string | undefined, text: string): boolean {
  if (pattern === undefined || pattern === '*') return true;
  const escaped = pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*');
  return new RegExp(`^${escaped}$`, 'i').test(text);
}

function subjectMatches(rule: ExceptionRule, subject: Subject): boolean {
  const [kind, namespace, name] = rule.subject.split('/');
  if (rule.container !== undefined && !partMatches(rule.container, subject.container ?? '')) return false;
  return (
    partMatches(kind, subject.kind) && partMatches(namespace, subject.namespace) && partMatches(name, subject.name)
  );
}

function applies(rule: ExceptionRule, finding: Finding): boolean {
  return finding.verdict === 'fail' && partMatches(rule.check, finding.check) && subjectMatches(rule, finding.subject);
}

function accept(finding: Finding, { owner, reason, until }: ExceptionRule, today: string): Finding {
  if (until >= today) return { ...finding, exception: { owner, reason, until } };
  return { ...finding, message: `${finding.message} (the exception of ${owner} ended on ${until})` };
}

function subjectKey({ apiVersion, kind, namespace, name, container }: Subject): string {
  return [apiVersion, kind, namespace, name, container ?? ''].join('\n');
}

/** Counts of an outcome after some of its findings were accepted. */
function recount(outcome: CheckOutcome, findings: readonly Finding[]): CheckOutcome {
  const open = findings.filter(({ verdict, exception }) => verdict === 'fail' && exception === undefined);
  const failed = new Set(open.map(({ subject }) => subjectKey(subject))).size;
  const verdict = open.length > 0 ? 'fail' : outcome.unknown > 0 ? 'unknown' : 'pass';
  return { ...outcome, failed, verdict };
}

/** Marks accepted findings and counts again. `today` is an ISO date. */
export function applyExceptions(
  results: CheckResults,
  rules: readonly ExceptionRule[],
  today: string,
): ExceptionResults {
  if (rules.length === 0) return { ...results, unused: [] };
  const used = new Set<ExceptionRule>();
  const findings = results.findings.map((finding) => {
    const rule = rules.find((candidate) => applies(candidate, finding));
    if (rule === undefined) return finding;
    used.add(rule);
    return accept(finding, rule, today);
  });
  const touched = new Set(findings.filter(({ exception }) => exception !== undefined).map(({ check }) => check));
  const outcomes = results.outcomes.map((outcome) =>
    touched.has(outcome.check)
      ? recount(
          outcome,
          findings.filter(({ check }) => check === outcome.check),
        )
      : outcome,
  );
  return { findings, outcomes, unused: rules.filter((rule) => !used.has(rule)) };
}
