// Who acts where: on a managed service, duties of the control plane are the provider's.

import type { CheckOutcome, CheckResults } from '../checks/run-checks.ts';
import type { CheckMeta, Finding } from '../model/index.ts';

export const targets = ['self-managed', 'managed', 'minikube', 'eks', 'gke', 'aks', 'ovhcloud', 'openshift'] as const;
export type Target = (typeof targets)[number];

const managed: ReadonlySet<Target> = new Set(['managed', 'eks', 'gke', 'aks', 'ovhcloud']);

/** The metadata as it holds for a target. */
export function metaForTarget(meta: CheckMeta, target: Target): CheckMeta {
  if (!managed.has(target) || meta.ownerWhenManaged === undefined) return meta;
  return { ...meta, owner: meta.ownerWhenManaged };
}

/** The target that a recognised provider is; anything else is run by those who use it. */
export function targetOfProvider(name: string | undefined, isManaged: boolean): Target {
  const known = targets.find((target) => target === name?.toLowerCase());
  return known ?? (isManaged ? 'managed' : 'self-managed');
}

function askFor(finding: Finding): Finding {
  return {
    ...finding,
    verdict: 'unknown',
    seen: true,
    message: `ask the provider for evidence that this is in order: ${finding.message}`,
  };
}

function leaveOpen(outcome: CheckOutcome): CheckOutcome {
  const { verdict, failed, unknown } = outcome;
  if (verdict !== 'fail') return outcome;
  return { ...outcome, verdict: 'unknown', failed: 0, unknown: unknown + failed };
}

/** What a managed service answers for never fails: its user cannot put it right, and asks for evidence instead. */
export function askProvider(results: CheckResults, metas: readonly CheckMeta[], target: Target): CheckResults {
  if (!managed.has(target)) return results;
  const theirs = new Set(metas.filter(({ ownerWhenManaged }) => ownerWhenManaged === 'provider').map(({ id }) => id));
  return {
    findings: results.findings.map((each) => (theirs.has(each.check) && each.verdict === 'fail' ? askFor(each) : each)),
    outcomes: results.outcomes.map((each) => (theirs.has(each.check) ? leaveOpen(each) : each)),
  };
}
