// The main use case: read the app, run the checks, assemble the report.

import { builtInChecks, type Check, type CheckOptions, runChecks } from '../checks/index.ts';
import { prepareInventory } from '../inventory/index.ts';
import { assembleReport, type Report } from '../journey/index.ts';
import type { Snapshot } from '../model/index.ts';

export interface JudgeInput {
  readonly snapshot: Snapshot;
  readonly options: CheckOptions;
  /** Checks to run; the built-in ones where left out. */
  readonly checks?: readonly Check[];
}

export async function judge({ snapshot, options, checks = builtInChecks }: JudgeInput): Promise<Report> {
  const inventory = await prepareInventory(snapshot);
  const results = runChecks(checks, inventory, options);
  return assembleReport({ snapshot, metas: checks.map(({ meta }) => meta), results });
}
