// The same field in two forms of one object: as written and as rendered, as declared and as it runs.

import { isJsonObject, isSameJson, type Json, type Path, valueAt } from '../model/index.ts';

/** A path of one form of an object as far as it exists in another form, with the list indexes of that other form. */
export interface Followed {
  readonly path: Path;
  readonly isWhole: boolean;
  readonly isEqual: boolean;
}

/** Keys by which Kubernetes' own lists are merged (x-kubernetes-patch-merge-key). */
const identityKeys = ['name', 'mountPath', 'containerPort', 'port', 'ip', 'key', 'topologyKey', 'devicePath'];

function isSameItem(a: Json, b: Json): boolean {
  if (!isJsonObject(a) || !isJsonObject(b)) return isSameJson(a, b);
  const key = identityKeys.find((each) => a[each] !== undefined && b[each] !== undefined);
  return key === undefined ? isSameJson(a, b) : isSameJson(a[key], b[key]);
}

/** The step of the other form that means the same: lists may be merged and reordered. */
function matchStep(step: string | number, from: Json | undefined, to: Json | undefined): string | number | undefined {
  if (typeof step === 'string') return isJsonObject(to) && Object.hasOwn(to, step) ? step : undefined;
  const item = valueAt(from, [step]);
  if (item === undefined || !Array.isArray(to)) return undefined;
  const index = (to as readonly Json[]).findIndex((each) => isSameItem(each, item));
  return index === -1 ? undefined : index;
}

export function followPath(from: Json, to: Json | undefined, path: Path): Followed {
  const steps: (string | number)[] = [];
  let left: Json | undefined = from;
  let right = to;
  for (const step of path) {
    const match = matchStep(step, left, right);
    if (match === undefined) return { path: steps, isWhole: false, isEqual: false };
    steps.push(match);
    left = valueAt(left, [step]);
    right = valueAt(right, [match]);
  }
  return { path: steps, isWhole: true, isEqual: isSameJson(left, right) };
}
