// A check with its outcome, and what its findings add to it.

import type { CheckOutcome, CheckResults } from '../checks/run-checks.ts';
import { type CheckMeta, type Finding, groupBy, severities, type Severity } from '../model/index.ts';

export interface Judged {
  readonly meta: CheckMeta;
  readonly outcome: CheckOutcome;
  /** The worst severity among its open findings: a check may say more of one subject than of another. */
  readonly severity: Severity;
  /** Failing findings that somebody accepted. */
  readonly accepted: number;
}

/** Fails and nobody has accepted it. */
export function isOpen({ verdict, exception }: Finding): boolean {
  return verdict === 'fail' && exception === undefined;
}

function worst(findings: readonly Finding[], otherwise: Severity): Severity {
  const open = new Set(findings.filter(isOpen).map(({ severity }) => severity));
  return severities.find((severity) => open.has(severity)) ?? otherwise;
}

/** Findings by the id of their check, in their order. */
export function groupByCheck(findings: readonly Finding[]): ReadonlyMap<string, readonly Finding[]> {
  return groupBy(findings, ({ check }) => check);
}

/** Joins metadata, outcomes and findings by check, in the order of the metadata. */
export function joinResults(metas: readonly CheckMeta[], { outcomes, findings }: CheckResults): Judged[] {
  const byCheck = groupByCheck(findings);
  const outcomeOf = new Map(outcomes.map((outcome) => [outcome.check, outcome]));
  return metas.flatMap((meta) => {
    const outcome = outcomeOf.get(meta.id);
    if (outcome === undefined) return [];
    const own = byCheck.get(meta.id) ?? [];
    const accepted = own.filter(({ exception }) => exception !== undefined).length;
    return { meta, outcome, severity: worst(own, meta.severity), accepted };
  });
}
