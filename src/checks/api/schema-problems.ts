// The schema's word on every object, computed once and shared by the checks that tell its parts.

import type { Inventory } from '../../inventory/index.ts';
import { type SchemaProblem, type SchemaProblemKind, validateObject } from '../../kube/schema/index.ts';
import { type CheckMeta, type Diagnostic, type KubeObject, isSameJson } from '../../model/index.ts';
import { type ObjectCheck, objectCheck, type FixEdits } from '../check.ts';

const known = new WeakMap<Inventory, Map<KubeObject, readonly SchemaProblem[]>>();

function problemsOf(inventory: Inventory, object: KubeObject, minor: number): readonly SchemaProblem[] {
  const { knowledge } = inventory;
  if (knowledge === undefined) return [];
  let byObject = known.get(inventory);
  if (byObject === undefined) {
    byObject = new Map();
    known.set(inventory, byObject);
  }
  let problems = byObject.get(object);
  if (problems === undefined) {
    problems = validateObject(knowledge.schemas, object.raw, { minor, crds: knowledge.crds });
    byObject.set(object, problems);
  }
  return problems;
}

function toDiagnostic({ message, suggestion, path, unknown }: SchemaProblem, minor: number): Diagnostic {
  return {
    verdict: unknown === true ? 'unknown' : 'fail',
    message: suggestion === undefined ? message : `${message}: ${suggestion}`,
    path,
    evidence: `schema of Kubernetes 1.${minor}`,
  };
}

/** A check that tells some kinds of schema problems of every object. */
export function schemaCheck(
  meta: CheckMeta,
  kinds: readonly SchemaProblemKind[],
  fix?: (problem: SchemaProblem, object: KubeObject, inventory: Inventory) => FixEdits,
): ObjectCheck {
  const fixProblem: ObjectCheck['fix'] = (object, { path }, { inventory, options }) => {
    const problem = problemsOf(inventory, object, options.minor).find(
      (each) => kinds.includes(each.kind) && isSameJson(each.path, path),
    );
    return problem === undefined ? undefined : fix?.(problem, object, inventory);
  };
  return objectCheck(meta, {
    kinds: ['*'],
    applies: (_, { inventory }) => inventory.knowledge !== undefined,
    find: (object, { inventory, options }) =>
      problemsOf(inventory, object, options.minor)
        .filter(({ kind }) => kinds.includes(kind))
        .map((problem) => toDiagnostic(problem, options.minor)),
    ...(fix === undefined ? {} : { fix: fixProblem }),
  });
}
