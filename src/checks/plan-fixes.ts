// What the checks would change: for each failing subject what puts it right, or the choices that it leaves, without touching anything yet.

import { type Inventory, ownObjects } from '../inventory/index.ts';
import type { Change, CheckMeta, KubeObject } from '../model/index.ts';
import type {
  AppDiagnostic,
  AppDiagnostics,
  Check,
  CheckContext,
  CheckOptions,
  Choice,
  Diagnostics,
  FixParts,
  FixResult,
} from './check.ts';

/** A choice of a finding, with all that taking it changes. */
export interface PlannedChoice extends Omit<Choice, 'change'> {
  readonly change: (answer: string) => Change;
}

/** Its own change is empty where a person must decide; then `choices` may have ways to do so. */
export interface PlannedFix extends Change {
  readonly check: CheckMeta;
  /** Left out for the app as a whole. */
  readonly object?: KubeObject;
  readonly container?: string;
  readonly message: string;
  readonly choices: readonly PlannedChoice[];
}

interface Subject {
  readonly object?: KubeObject;
  readonly container?: string;
  readonly find: () => Diagnostics | AppDiagnostics;
  readonly fix: (diagnostic: AppDiagnostic) => FixResult;
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

function appOf(check: Check & { scope: 'app' }, context: CheckContext): Iterable<Subject> {
  if (!(check.applies?.(context) ?? true)) return [];
  return [{ find: () => check.find(context), fix: (diagnostic) => check.fix?.(diagnostic, context) }];
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
      return appOf(check, context);
  }
}

/** True for a check that knows changes of its own. */
export function canFix(check: Check): boolean {
  return check.fix !== undefined;
}

function failing(diagnostics: Diagnostics | AppDiagnostics): readonly AppDiagnostic[] {
  const all: readonly AppDiagnostic[] = [diagnostics ?? []].flat();
  return all.filter(({ verdict }) => verdict !== 'unknown');
}

function toChange(
  { edits = [], others = [], create = [], remove = [] }: FixParts,
  object: KubeObject | undefined,
): Change {
  const own = object === undefined || edits.length === 0 ? [] : [{ object, edits }];
  return { edits: [...own, ...others], create, remove };
}

function readResult(result: FixResult, object: KubeObject | undefined): Change & Pick<PlannedFix, 'choices'> {
  if (result === undefined) return { edits: [], create: [], choices: [] };
  if ('choices' in result) {
    const choices = result.choices.map((choice) => ({
      ...choice,
      change: (answer: string) => toChange(choice.change(answer), object),
    }));
    return { edits: [], create: [], choices };
  }
  const parts: FixParts = 'length' in result ? { edits: result } : result;
  return { ...toChange(parts, object), choices: [] };
}

function fixesOf(check: CheckMeta, subject: Subject): PlannedFix[] {
  return failing(subject.find()).map((diagnostic) => {
    const object = diagnostic.object ?? subject.object;
    const container = diagnostic.container ?? subject.container;
    return {
      check,
      ...(object === undefined ? {} : { object }),
      ...(container === undefined ? {} : { container }),
      message: diagnostic.message,
      ...readResult(subject.fix(diagnostic), object),
    };
  });
}

/** The fixes of all findings that fail, in the order of the checks given. */
export function planFixes(checks: readonly Check[], inventory: Inventory, options: CheckOptions): PlannedFix[] {
  const context: CheckContext = { inventory, options };
  const isOwn = ownObjects(inventory.snapshot);
  const isSubject = ({ object }: Pick<Subject, 'object'>): boolean => object === undefined || isOwn(object);
  return checks
    .filter(canFix)
    .flatMap((check) =>
      [...subjectsOf(check, context)].filter(isSubject).flatMap((subject) => fixesOf(check.meta, subject)),
    )
    .filter(isSubject);
}
