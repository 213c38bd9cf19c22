// Runs one check over YAML in memory: for tests of what a page's examples cannot say.

import { createInventory } from '../inventory/index.ts';
import { snapshotOf } from '../inventory/snapshot-builder.ts';
import type { Finding, Snapshot } from '../model/index.ts';
import type { Check, CheckOptions } from './check.ts';
import { type CheckOutcome, runChecks } from './run-checks.ts';

interface Settings extends Partial<CheckOptions> {
  /** What the text does not say: facts, or where its objects come from. */
  readonly snapshot?: (snapshot: Snapshot) => Snapshot;
}

export function runOnText(
  check: Check,
  text: string,
  settings: Settings = {},
): { findings: readonly Finding[]; outcome: CheckOutcome['verdict'] } {
  const { snapshot = (same) => same, ...options } = settings;
  const inventory = createInventory(snapshot(snapshotOf(text)));
  const { findings, outcomes } = runChecks([check], inventory, {
    minor: 34,
    today: '2026-01-15',
    allowedRegistries: [],
    ...options,
  });
  return { findings, outcome: outcomes[0]?.verdict ?? 'not-applicable' };
}
