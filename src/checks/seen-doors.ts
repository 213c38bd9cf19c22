// What a probe saw, for the checks that it settles.

import type { Inventory } from '../inventory/index.ts';
import type { ExposureEvidence, SeenDoor } from '../model/index.ts';
import type { AppDiagnostic } from './check.ts';

/** The doors that were asked from one place, by the newest report of each address; none where nobody has asked from there. */
export function doorsSeen(inventory: Inventory, from: ExposureEvidence['from']): readonly SeenDoor[] {
  const reports = (inventory.snapshot.evidence ?? []).filter(
    (each): each is ExposureEvidence => each.about === 'exposure' && each.from === from,
  );
  const newest = new Map<string, SeenDoor>();
  for (const { doors } of reports.toSorted((a, b) => ((a.date ?? '') < (b.date ?? '') ? -1 : 1)))
    for (const door of doors) newest.set(`${door.address} ${door.door}`, door);
  return [...newest.values()];
}

const places = { outside: 'from outside of the cluster', inside: 'from a pod' } as const;

export function tellOpenDoor(
  { title, address, what = 'use it', evidence, severity }: SeenDoor,
  from: ExposureEvidence['from'],
): AppDiagnostic {
  return {
    message: `${title} at ${address} is open ${places[from]}: whoever reaches it may ${what}`,
    evidence,
    ...(severity === undefined ? {} : { severity }),
  };
}
