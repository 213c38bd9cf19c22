// The main use case: run the checks over what was read, apply exceptions, assemble the report.

import { builtInChecks, type Check, type CheckOptions, runChecks } from '../checks/index.ts';
import { prepareInventory } from '../inventory/index.ts';
import {
  applyExceptions,
  assembleReport,
  type ExceptionRule,
  metaForTarget,
  type Report,
  type Target,
} from '../journey/index.ts';
import type { Snapshot } from '../model/index.ts';
import { basename, dirname, resolve } from 'node:path';

export interface JudgeInput {
  readonly snapshot: Snapshot;
  readonly options: CheckOptions;
  readonly target: Target;
  readonly exceptions: readonly ExceptionRule[];
  /** Checks to run; the built-in ones where left out. */
  readonly checks?: readonly Check[];
  /** Things to tell beside the findings. */
  readonly notices?: readonly string[];
}

/** Folders that say how the app is described rather than which app it is. */
const genericNames: ReadonlySet<string> = new Set([
  'k8s',
  'kubernetes',
  'manifests',
  'deploy',
  'deployment',
  'chart',
  'helm',
  'kustomize',
  'base',
  'yaml',
]);

/** What the app is called: the name of the first folder or file, also where the user wrote `.`. */
function nameOf([first = '-']: readonly string[]): string {
  if (first === '-') return 'standard input';
  const path = resolve(first);
  return genericNames.has(basename(path)) ? basename(dirname(path)) : basename(path);
}

/** Pure but for the loading of the schema table and the resolving of a path. */
export async function judge({
  snapshot,
  options,
  target,
  exceptions,
  checks = builtInChecks,
  notices = [],
}: JudgeInput): Promise<Report> {
  const inventory = await prepareInventory(snapshot);
  const placed = checks.map((check) => ({ ...check, meta: metaForTarget(check.meta, target) }));
  const results = applyExceptions(runChecks(placed, inventory, options), exceptions, options.today);
  const unused = results.unused.map(
    ({ check, subject }) => `The exception of ${check} for ${subject} matches nothing any more: remove it.`,
  );
  return assembleReport({
    snapshot,
    metas: placed.map(({ meta }) => meta),
    results,
    notices: [...notices, ...unused],
    name: nameOf(snapshot.facts.inputs),
  });
}
