// What the checks would edit: for each failing subject the edits that put it right, without touching anything yet.

import { type Inventory, ownObjects } from '../inventory/index.ts';
import type { CheckMeta, Diagnostic, Edit, KubeObject } from '../model/index.ts';
import type { Check, CheckContext, CheckOptions, Diagnostics, FixEdits } from './check.ts';

export interface PlannedFix {
  readonly check: CheckMeta;
  readonly object: KubeObject;
  readonly container?: string;
  readonly message: string;
  /** Nothing where a person must decide. */
  readonly edits: readonly Edit[];
}

interface Subject {
  readonly object: KubeObject;
  readonly container?: string;
  readonly find: () => Diagnostics;
  readonly fix: (diagnostic: Diagnostic) => FixEdits;
}

function* containersOf(check: Check & { scope: 'container' }, context: CheckContext): Iterable<Subject> {
  for (const workload of context.inventory.workloads)
    for (const container of workload.containers)
      if (check.applies?.(container, workload, context) ?? true)
        yield {
          object: workload.object,
          container: container.name,
          find: () => check.find(container, workload, context),
          fix: (diagnostic) => check.fix?.(container, diagnostic, workload, context),
        };
}

function* workloadsOf(check: Check & { scope: 'workload' }, context: CheckContext): Iterable<Subject> {
  for (const workload of context.inventory.workloads)
    if (check.applies?.(workload, context) ?? true)
      yield {
        object: workload.object,
        find: () => check.find(workload, context),
        fix: (diagnostic) => check.fix?.(workload, diagnostic, context),
      };
}

function* objectsOf(check: Check & { scope: 'object' }, context: CheckContext): Iterable<Subject> {
  const { inventory } = context;
  const objects = check.kinds.includes('*') ? inventory.objects : check.kinds.flatMap((kind) => inventory.ofKind(kind));
  for (const object of objects)
    if (check.applies?.(object, context) ?? true)
      yield {
        object,
        find: () => check.find(object, context),
        fix: (diagnostic) => check.fix?.(object, diagnostic, context),
      };
}

function subjectsOf(check: Check, context: CheckContext): Iterable<Subject> {
  switch (check.scope) {
    case 'container':
      return containersOf(check, context);
    case 'workload':
      return workloadsOf(check, context);
    case 'object':
      return objectsOf(check, context);
    case 'app':
      return [];
  }
}

/** True for a check that knows edits of its own. */
export function canFix(check: Check): boolean {
  return check.scope !== 'app' && check.fix !== undefined;
}

function failing(diagnostics: Diagnostics): readonly Diagnostic[] {
  const all: readonly Diagnostic[] = [diagnostics ?? []].flat();
  return all.filter(({ verdict }) => verdict !== 'unknown');
}

function fixesOf(check: CheckMeta, { object, container, find, fix }: Subject): PlannedFix[] {
  return failing(find()).map((diagnostic) => ({
    check,
    object,
    ...(container === undefined ? {} : { container }),
    message: diagnostic.message,
    edits: fix(diagnostic) ?? [],
  }));
}

/** The fixes of all findings that fail, in the order of the checks given. */
export function planFixes(checks: readonly Check[], inventory: Inventory, options: CheckOptions): PlannedFix[] {
  const context: CheckContext = { inventory, options };
  const isOwn = ownObjects(inventory.snapshot);
  return checks
    .filter(canFix)
    .flatMap((check) =>
      [...subjectsOf(check, context)]
        .filter(({ object }) => isOwn(object))
        .flatMap((subject) => fixesOf(check.meta, subject)),
    );
}
