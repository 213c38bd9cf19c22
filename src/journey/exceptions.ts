// Exceptions: a failing finding that a named owner accepts until a date, for a reason. Expired ones are findings again.

import type { CheckOutcome, CheckResults } from '../checks/run-checks.ts';
import type { Exception, Finding, Subject } from '../model/index.ts';
import { groupByCheck, isOpen } from './judged.ts';
import { matchesPattern } from './match-pattern.ts';

export interface ExceptionRule extends Exception {
  /** Id of the check; `*` stands for any text. */
  readonly check: string;
  /** `kind/namespace/name` with `*` for any text in a part; parts may be left out from the right. */
  readonly subject: string;
  readonly container?: string | undefined;
}

export interface ExceptionResults extends CheckResults {
  /** What the user should know about the rules: expired, or of no use any more. */
  readonly notices: readonly string[];
}

/** Whether a rule of the user's is about a subject: `kind/namespace/name` with `*` for any text, and a container. */
export function matchesSubject(
  { subject: pattern, container }: Pick<ExceptionRule, 'subject' | 'container'>,
  subject: Subject,
): boolean {
  const [kind = '*', namespace = '*', name = '*'] = pattern.split('/');
  if (container !== undefined && !matchesPattern(container, subject.container ?? '')) return false;
  return (
    matchesPattern(kind.toLowerCase(), subject.kind.toLowerCase()) &&
    matchesPattern(namespace, subject.namespace) &&
    matchesPattern(name, subject.name)
  );
}

function applies(rule: ExceptionRule, finding: Finding): boolean {
  return (
    finding.verdict === 'fail' && matchesPattern(rule.check, finding.check) && matchesSubject(rule, finding.subject)
  );
}

function accept(finding: Finding, { owner, reason, until }: ExceptionRule, today: string): Finding {
  if (until >= today) return { ...finding, exception: { owner, reason, until } };
  return { ...finding, message: `${finding.message} (the exception of ${owner} ended on ${until})` };
}

function subjectKey({ apiVersion, kind, namespace, name, container }: Subject): string {
  return [apiVersion, kind, namespace, name, container ?? ''].join('\n');
}

/** Counts of an outcome after some of its findings were accepted. One subject of a check may have findings about several objects. */
function recount(outcome: CheckOutcome, findings: readonly Finding[]): CheckOutcome {
  const open = findings.filter(isOpen);
  const failed = Math.min(outcome.failed, new Set(open.map(({ subject }) => subjectKey(subject))).size);
  const verdict = failed > 0 ? 'fail' : findings.some((each) => each.verdict === 'unknown') ? 'unknown' : 'pass';
  return { ...outcome, failed, verdict };
}

/** A rule that holds comes before one that has ended, whatever their order: renewing an exception is adding a line. */
function chooseRule(rules: readonly ExceptionRule[], finding: Finding, today: string): ExceptionRule | undefined {
  const matching = rules.filter((rule) => applies(rule, finding));
  return matching.find(({ until }) => until >= today) ?? matching[0];
}

const plural = (number: number, one: string, many: string): string => (number === 1 ? one : `${number} ${many}`);

function tellRule({ check, subject, owner, until }: ExceptionRule, uses: number, today: string): string[] {
  const what = `exception of ${check} for ${subject}`;
  if (uses === 0) return [`The ${what} (${owner}, until ${until}) matches nothing here any more`];
  if (until >= today) return [];
  return [
    `The ${what} ended on ${until}: ${plural(uses, 'its finding counts', 'findings count')} again; ask ${owner} or fix`,
  ];
}

/** Marks accepted findings and counts again. `today` is an ISO date; an exception holds on its last day. */
export function applyExceptions(
  results: CheckResults,
  rules: readonly ExceptionRule[],
  today: string,
): ExceptionResults {
  if (rules.length === 0) return { ...results, notices: [] };
  const uses = new Map<ExceptionRule, number>();
  const findings = results.findings.map((finding) => {
    const rule = chooseRule(rules, finding, today);
    if (rule === undefined) return finding;
    uses.set(rule, (uses.get(rule) ?? 0) + 1);
    return accept(finding, rule, today);
  });
  const touched = groupByCheck(findings.filter(({ exception }) => exception !== undefined));
  const byCheck = groupByCheck(findings);
  const outcomes = results.outcomes.map((outcome) =>
    touched.has(outcome.check) ? recount(outcome, byCheck.get(outcome.check) ?? []) : outcome,
  );
  // A rule for a check that was not asked to run says nothing about its use.
  const ran = rules.filter(({ check }) => outcomes.some((outcome) => matchesPattern(check, outcome.check)));
  const notices = ran.flatMap((rule) => tellRule(rule, uses.get(rule) ?? 0, today));
  return { findings, outcomes, notices };
}
