// Judges a snapshot, before and after edits, with what the user accepts left out.

import { type Check, type CheckOptions, type CheckResults, runChecks } from '../../checks/index.ts';
import { prepareInventory } from '../../inventory/index.ts';
import { applyExceptions, type ExceptionRule } from '../../journey/index.ts';
import type { Finding, Snapshot } from '../../model/index.ts';

export interface Judging {
  readonly checks: readonly Check[];
  readonly exceptions: readonly ExceptionRule[];
  readonly options: CheckOptions;
}

export interface Verdicts {
  readonly results: CheckResults;
  /** What fails and is not excepted. */
  readonly failures: readonly Finding[];
}

export async function judgeSnapshot(snapshot: Snapshot, { checks, exceptions, options }: Judging): Promise<Verdicts> {
  const found = runChecks(checks, await prepareInventory(snapshot), options);
  const results = applyExceptions(found, exceptions, options.today);
  const failures = results.findings.filter(({ verdict, exception }) => verdict === 'fail' && exception === undefined);
  return { results, failures };
}
