// Which chart or kustomization a change reaches into.

import type { Change, KubeObject } from '../../model/index.ts';
import type { TrialUnit } from '../../sources/index.ts';
import { objectsOf } from './unit-attempt.ts';

function unitOf({ source: { origin } }: KubeObject): TrialUnit | undefined {
  return origin.kind === 'helm' || origin.kind === 'kustomize' ? { kind: origin.kind, unit: origin.unit } : undefined;
}

/** True for a change that reaches into something rendered. */
export function isRendered(change: Change): boolean {
  return objectsOf(change).some((object) => unitOf(object) !== undefined);
}

/** The one unit of a change; nothing where it reaches over several, or into plain files as well. */
function theUnitOf(change: Change): TrialUnit | undefined {
  const [first, ...others] = objectsOf(change);
  const unit = first === undefined ? undefined : unitOf(first);
  return unit !== undefined && others.every((object) => unitOf(object)?.unit === unit.unit) ? unit : undefined;
}

export interface UnitWishes<T extends Change> {
  readonly unit: TrialUnit;
  readonly wishes: T[];
}

export interface GroupedWishes<T extends Change> {
  readonly groups: readonly UnitWishes<T>[];
  /** Of several units at once. */
  readonly others: readonly T[];
}

export function groupByUnit<T extends Change>(wishes: readonly T[]): GroupedWishes<T> {
  const groups = new Map<string, UnitWishes<T>>();
  const others: T[] = [];
  for (const wish of wishes) {
    const unit = theUnitOf(wish);
    if (unit === undefined) others.push(wish);
    else {
      const group = groups.get(unit.unit) ?? { unit, wishes: [] };
      group.wishes.push(wish);
      groups.set(unit.unit, group);
    }
  }
  return { groups: [...groups.values()], others };
}
