// The pods that a selector was probably meant for, where it matches none.

import type { Labels } from '../inventory/index.ts';
import { nearName } from './near-name.ts';
import { isSameJson } from '../model/index.ts';

/** Value by value what the pods have: a slip in some values or keys, the others as they are. */
function matchNearly(selector: Labels, labels: Labels): Labels | undefined {
  const changed: Record<string, string> = {};
  for (const [key, value] of Object.entries(selector)) {
    const name = labels[key] === undefined ? nearName(key, Object.keys(labels)) : key;
    const has = name === undefined ? undefined : labels[name];
    if (name === undefined || has === undefined) return undefined;
    const isNear = has === value || (name === key && nearName(value, [has]) !== undefined);
    if (!isNear) return undefined;
    changed[name] = has;
  }
  return changed;
}

/** The labels to select by instead: those of the only candidate that they nearly match. */
export function nearLabels(selector: Labels, candidates: readonly Labels[]): Labels | undefined {
  const found = candidates.map((labels) => matchNearly(selector, labels)).filter((each) => each !== undefined);
  const [first, ...others] = found;
  return first !== undefined && others.every((labels) => isSameJson(labels, first)) ? first : undefined;
}
