// Strategic merge patches for the kinds that Kubernetes has of its own.

import { applyStrategicMerge } from '../../../kube/patch/strategic-merge.ts';
import { PatchError } from '../../../kube/patch/patch-error.ts';
import { loadSchemas, nodeOfKind } from '../../../kube/schema/index.ts';
import { asString } from '../../../model/index.ts';
import type { MergeStrategically, Modifiers } from './apply-modifiers.ts';
import type { ModifierRule } from './parse-modifiers.ts';

/** `minor`: of the cluster that objects go to. */
async function loadMerge(minor: number): Promise<MergeStrategically> {
  const schemas = await loadSchemas();
  const nearest = schemas.nearestMinor(minor);
  const types = schemas.typesAt(nearest);
  return (object, patch) => {
    const node = nodeOfKind(schemas, nearest, object);
    if (node.type !== 'any') return applyStrategicMerge(types, node, object, patch);
    const kind = `${asString(object['kind'])} in ${asString(object['apiVersion'])}`;
    throw new PatchError('unfit', `${kind} takes no strategic patches: use mergePatches`);
  };
}

/** The tables of kinds are loaded only where a rule needs them. */
export async function readyModifiers(rules: readonly ModifierRule[], minor: () => Promise<number>): Promise<Modifiers> {
  const isNeeded = rules.some(({ patch }) => patch.type === 'strategic');
  const unneeded: MergeStrategically = () => {
    throw new Error('no rule has strategic patches');
  };
  return { rules, mergeStrategically: isNeeded ? await loadMerge(await minor()) : unneeded };
}
