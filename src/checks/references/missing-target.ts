// The shape of most checks here: a name in one object that points to nothing in the input.

import type { Inventory, Reference } from '../../inventory/index.ts';
import type { CheckMeta } from '../../model/index.ts';
import { appCheck, type AppCheck, type AppDiagnostic } from '../check.ts';

export interface MissingTarget {
  /** Kinds that are looked for, as `group/Kind`. */
  readonly kinds: readonly string[];
  /** Names that every cluster has. */
  readonly given?: (reference: Reference) => boolean;
  /** `fail` for what an app brings along, `unknown` for what is rightly made outside of the manifests. */
  readonly verdict: 'fail' | 'unknown';
  /** Ends the sentence `Deployment "web" uses Secret "x", which is not in the input: …`. */
  readonly consequence: string;
}

function isMissing(inventory: Inventory, reference: Reference, { kinds, given }: MissingTarget): boolean {
  if (!kinds.includes(`${reference.group}/${reference.kind}`) || reference.optional) return false;
  return inventory.find(reference) === undefined && given?.(reference) !== true;
}

/** One diagnostic for each object and missing name, however often the object uses the name. */
function findMissing(inventory: Inventory, target: MissingTarget): AppDiagnostic[] {
  const told = new Set<string>();
  return inventory.references.flatMap((reference): AppDiagnostic[] => {
    const { from, kind, name, namespace, path } = reference;
    const key = `${from.kind}/${from.namespace}/${from.name} ${kind}/${namespace}/${name}`;
    if (told.has(key) || !isMissing(inventory, reference, target)) return [];
    told.add(key);
    return [
      {
        object: from,
        verdict: target.verdict,
        path,
        message: `${from.kind} "${from.name}" uses ${kind} "${name}", which is not in the input: ${target.consequence}`,
        evidence:
          target.verdict === 'fail'
            ? `no ${kind} of this name${namespace === '' ? '' : ` in namespace ${namespace}`}`
            : `would be settled by a look at the target cluster: ${kind} ${namespace === '' ? '' : `${namespace}/`}${name}`,
      },
    ];
  });
}

export function missingTargetCheck(meta: CheckMeta, target: MissingTarget): AppCheck {
  return appCheck(meta, {
    applies: ({ inventory }) =>
      inventory.references.some(({ group, kind }) => target.kinds.includes(`${group}/${kind}`)),
    find: ({ inventory }) => findMissing(inventory, target),
  });
}
