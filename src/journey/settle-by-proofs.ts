// Checks that the source leaves open and a fresh proof decides, where its negative control failed as it had to.

import type { CheckOutcome, CheckResults } from '../checks/run-checks.ts';
import type { Finding, Proof, Settled, Subject } from '../model/index.ts';

/** A proof that may be counted: it is fresh. */
export interface FreshProof {
  readonly id: string;
  readonly proof: Proof;
}

export interface SettledResults extends CheckResults {
  /** Which checks were settled by which proof. */
  readonly notices: readonly string[];
}

interface Decision extends Settled {
  readonly by: FreshProof;
}

/** A proof shows nothing where what had to fail did not. One that fails shows only what fails. */
function shownBy(by: FreshProof): Decision[] {
  const { result, negativeControl, settles = [] } = by.proof;
  if (negativeControl?.failed === false) return [];
  return settles
    .filter(({ verdict }) => result === 'holds' || verdict === 'fail')
    .map((settled) => ({ ...settled, by }));
}

function isAbout({ subject }: Settled, other: Subject): boolean {
  if (subject === undefined) return true;
  const keys = ['apiVersion', 'kind', 'namespace', 'name', 'container'] as const;
  return keys.every((key) => subject[key] === other[key]);
}

function decide(finding: Finding, decisions: readonly Decision[]): readonly Finding[] {
  if (finding.verdict !== 'unknown') return [finding];
  const decision = decisions.find((each) => each.check === finding.check && isAbout(each, finding.subject));
  if (decision === undefined) return [finding];
  const { by, verdict } = decision;
  return verdict === 'pass'
    ? []
    : [{ ...finding, verdict, evidence: `proof ${by.id} of ${by.proof.time.slice(0, 10)}` }];
}

function recount(outcome: CheckOutcome, before: readonly Finding[], after: readonly Finding[]): CheckOutcome {
  const own = after.filter(({ check }) => check === outcome.check);
  const were = before.filter(({ check, verdict }) => check === outcome.check && verdict === 'unknown').length;
  const unknown = own.filter(({ verdict }) => verdict === 'unknown').length;
  if (were === 0 || unknown === were) return outcome;
  const failed =
    outcome.failed + own.filter(({ evidence, verdict }) => verdict === 'fail' && evidence.startsWith('proof ')).length;
  const left = Math.min(outcome.unknown, unknown);
  return { ...outcome, failed, unknown: left, verdict: failed > 0 ? 'fail' : left > 0 ? 'unknown' : 'pass' };
}

/** Pure. What is known already stays as it is: a proof decides only what the source cannot tell. */
export function settleByProofs(results: CheckResults, proofs: readonly FreshProof[] = []): SettledResults {
  const decisions = proofs.flatMap(shownBy);
  if (decisions.length === 0) return { ...results, notices: [] };
  const findings = results.findings.flatMap((finding) => decide(finding, decisions));
  const outcomes = results.outcomes.map((outcome) => recount(outcome, results.findings, findings));
  const settled = outcomes.filter((outcome, index) => outcome !== results.outcomes[index]).map(({ check }) => check);
  const notices = settled.flatMap((check) => {
    const decision = decisions.find((each) => each.check === check);
    return decision === undefined
      ? []
      : [`${check} is settled by the proof ${decision.by.id}: ${decision.by.proof.claim}`];
  });
  return { findings, outcomes, notices };
}
