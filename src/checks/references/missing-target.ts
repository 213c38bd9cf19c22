// The shape of most checks here: a name in one object that points to nothing in the input.

import type { Inventory, Reference } from '../../inventory/index.ts';
import { type CheckMeta, isSameJson } from '../../model/index.ts';
import { appCheck, type AppCheck, type AppDiagnostic, type CheckContext, type FixResult } from '../check.ts';
import { nearName } from '../near-name.ts';

export interface MissingTarget {
  /** Kinds that are looked for, as `group/Kind`. */
  readonly kinds: readonly string[];
  /** Names that every cluster has. */
  readonly given?: (reference: Reference) => boolean;
  /** `fail` for what an app brings along, `unknown` for what is rightly made outside of the manifests. */
  readonly verdict: 'fail' | 'unknown';
  /** Ends the sentence `Deployment "web" uses Secret "x", which is not in the input: …`. */
  readonly consequence: string;
  /** The end of the sentence where a whole cluster was read, and the answer is certain; `consequence` where left out. */
  readonly certainly?: string;
  /** What can be done where no name is near. */
  readonly fix?: (reference: Reference, inventory: Inventory) => FixResult;
}

/** True where a cluster was read whose objects would hold the target. Kinds that may not be listed make the answer unknown by themselves. */
function wasLookedFor({ snapshot }: Inventory, { namespace }: Reference): boolean {
  const { cluster } = snapshot.facts;
  if (cluster === undefined) return false;
  return namespace === '' || cluster.namespaces.length === 0 || cluster.namespaces.includes(namespace);
}

function tell(reference: Reference, target: MissingTarget, isCertain: boolean): AppDiagnostic {
  const { from, kind, name, namespace, path } = reference;
  const uses = `${from.kind} "${from.name}" uses ${kind} "${name}", which`;
  const place = namespace === '' ? '' : `${namespace}/`;
  const object = { object: from, path };
  if (isCertain)
    return {
      ...object,
      verdict: 'fail',
      message: `${uses} the cluster does not have: ${target.certainly ?? target.consequence}`,
      evidence: `the cluster holds no ${kind} ${place}${name}`,
    };
  return {
    ...object,
    verdict: target.verdict,
    message: `${uses} is not in the input: ${target.consequence}`,
    evidence:
      target.verdict === 'fail'
        ? `no ${kind} of this name${namespace === '' ? '' : ` in namespace ${namespace}`}`
        : `would be settled by a look at the target cluster: ${kind} ${place}${name}`,
  };
}

function groupByKind(inventory: Inventory): ReadonlyMap<string, readonly Reference[]> {
  const groups = new Map<string, Reference[]>();
  for (const reference of inventory.references) {
    const key = `${reference.group}/${reference.kind}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [reference]);
    else group.push(reference);
  }
  return groups;
}

function referencesOf(inventory: Inventory, { kinds }: MissingTarget): readonly Reference[] {
  const groups = inventory.derive(groupByKind);
  return kinds.flatMap((kind) => groups.get(kind) ?? []);
}

/** One diagnostic for each object and missing name, however often the object uses the name. */
function findMissing(inventory: Inventory, target: MissingTarget): AppDiagnostic[] {
  const told = new Set<string>();
  return referencesOf(inventory, target).flatMap((reference): AppDiagnostic[] => {
    if (reference.optional || inventory.find(reference) !== undefined || target.given?.(reference) === true) return [];
    const { from, kind, name, namespace } = reference;
    const key = `${from.kind}/${from.namespace}/${from.name} ${kind}/${namespace}/${name}`;
    if (told.has(key)) return [];
    told.add(key);
    return [tell(reference, target, wasLookedFor(inventory, reference))];
  });
}

function referenceAt(
  inventory: Inventory,
  target: MissingTarget,
  { object, path }: AppDiagnostic,
): Reference | undefined {
  return referencesOf(inventory, target).find((each) => each.from === object && isSameJson(each.path, path));
}

/** The name that is a slip away; what the object may do without, or what can be made, is offered. */
function fixMissing(diagnostic: AppDiagnostic, target: MissingTarget, { inventory }: CheckContext): FixResult {
  const reference = referenceAt(inventory, target, diagnostic);
  if (reference === undefined) return undefined;
  const { group, kind, namespace, name, path } = reference;
  const known = inventory.ofKind(`${group}/${kind}`).filter((each) => each.namespace === namespace);
  const near = nearName(
    name,
    known.map((each) => each.name),
  );
  return near === undefined ? target.fix?.(reference, inventory) : [{ op: 'set', path, value: near }];
}

export function missingTargetCheck(meta: CheckMeta, target: MissingTarget): AppCheck {
  return appCheck(meta, {
    applies: ({ inventory }) => referencesOf(inventory, target).length > 0,
    find: ({ inventory }) => findMissing(inventory, target),
    // What may rightly be made outside of the manifests is no slip of theirs.
    ...(target.verdict === 'fail'
      ? { fix: (diagnostic: AppDiagnostic, context: CheckContext) => fixMissing(diagnostic, target, context) }
      : {}),
  });
}
