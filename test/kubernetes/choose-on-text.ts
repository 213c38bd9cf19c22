// Takes a choice for the findings of one check in YAML in memory, as the user would: for what the examples of a page cannot say.

import type { Check } from '../../src/checks/index.ts';
import { planFixes } from '../../src/checks/index.ts';
import { editFiles } from '../../src/fixes/index.ts';
import { createInventory } from '../../src/inventory/index.ts';
import { snapshotOf } from '../../src/inventory/snapshot-builder.ts';

/** The text with the choice taken for every finding that offers it. Throws where one cannot be made. */
export function chooseOnText(check: Check, text: string, take: string, answer = ''): string {
  const inventory = createInventory(snapshotOf(text));
  const planned = planFixes([check], inventory, { minor: 34, today: '2026-01-15', allowedRegistries: [] });
  const changes = planned.flatMap(({ choices }) => choices.filter(({ id }) => id === take));
  const { files, refused } = editFiles(
    inventory.snapshot,
    changes.map((each) => each.change(answer)),
  );
  if (refused.length > 0) throw new Error(refused.map(({ reason }) => reason).join('; '));
  return files.length === 0 ? text : files.map(({ after }) => after).join('');
}
