// The main use case: run the checks over what was read, apply exceptions, assemble the report.

import { basename, resolve, sep } from 'node:path';
import { builtInChecks, type Check, type CheckOptions, runChecks, tellUnusedEvidence } from '../checks/index.ts';
import type { CheckResults } from '../checks/index.ts';
import { headlineOf, pictureCluster, prepareInventory } from '../inventory/index.ts';
import {
  applyExceptions,
  assembleReport,
  type ExceptionRule,
  metaForTarget,
  type Report,
  type Target,
} from '../journey/index.ts';
import type { Owner, Severity, Snapshot } from '../model/index.ts';

export interface JudgeInput {
  readonly snapshot: Snapshot;
  readonly options: CheckOptions;
  readonly target: Target;
  readonly exceptions: readonly ExceptionRule[];
  /** Checks to run; the built-in ones where left out. */
  readonly checks?: readonly Check[];
  /** Severities that the settings give instead of the checks' own. */
  readonly severities?: ReadonlyMap<string, Severity>;
  /** Things to tell beside the findings. */
  readonly notices?: readonly string[];
  readonly role?: Owner | undefined;
}

/** Folders that say what is in them and not which app it is. */
const general =
  /^(?:k8s|kubernetes|kube|manifests?|deploy(?:ments?)?|charts?|helm|kustomize|base|overlays?|yamls?|config|infra|ops)$/i;

/** What the app is called: the name of the first folder or file, or of the folder around it where that name says nothing. */
function nameOf({ inputs: [first = '-'], cluster }: Snapshot['facts']): string {
  // Clouds name a context with a whole address: `arn:aws:eks:…:cluster/prod`.
  if (cluster !== undefined) return cluster.context.split('/').at(-1) || cluster.context;
  if (first === '-') return 'standard input';
  const parts = resolve(first)
    .split(sep)
    .filter((part) => part !== '');
  return parts.findLast((part) => !general.test(part)) ?? basename(first);
}

function placeCheck(check: Check, { target, severities }: JudgeInput): Check {
  const meta = metaForTarget(check.meta, target);
  return { ...check, meta: { ...meta, severity: severities?.get(meta.id) ?? meta.severity } };
}

/** A check may rate single findings itself; what the settings say is about all of them. */
function overrideSeverities(results: CheckResults, severities: ReadonlyMap<string, Severity>): CheckResults {
  if (severities.size === 0) return results;
  const findings = results.findings.map((finding) => ({
    ...finding,
    severity: severities.get(finding.check) ?? finding.severity,
  }));
  return { ...results, findings };
}

/** Pure but for the loading of the schema table and the resolving of a path. */
export async function judge(input: JudgeInput): Promise<Report> {
  const { snapshot, options, exceptions, checks = builtInChecks, severities = new Map(), notices = [], role } = input;
  const inventory = await prepareInventory(snapshot);
  const placed = checks.map((check) => placeCheck(check, input));
  const found = overrideSeverities(runChecks(placed, inventory, options), severities);
  const results = applyExceptions(found, exceptions, options.today);
  return assembleReport({
    snapshot,
    metas: placed.map(({ meta }) => meta),
    results,
    notices: [...notices, ...results.notices, ...tellUnusedEvidence(inventory)],
    name: nameOf(snapshot.facts),
    ...(snapshot.facts.cluster === undefined ? {} : { headline: headlineOf(pictureCluster(inventory, options.today)) }),
    ...(role === undefined ? {} : { role }),
  });
}
