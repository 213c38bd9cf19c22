// The main use case: run the checks over what was read, apply exceptions, assemble the report.

import { basename, resolve, sep } from 'node:path';
import {
  builtInChecks,
  type Check,
  type CheckOptions,
  type ChecksProgress,
  runChecks,
  tellUnusedEvidence,
} from '../../checks/index.ts';
import type { CheckResults } from '../../checks/index.ts';
import { headlineOf, pictureCluster, prepareInventory } from '../../inventory/index.ts';
import {
  applyExceptions,
  askProvider,
  assembleReport,
  type ExceptionRule,
  type FreshProof,
  metaForTarget,
  type Report,
  settleByProofs,
  type Target,
  targetOfProvider,
} from '../../journey/index.ts';
import type { Owner, Severity, Snapshot } from '../../model/index.ts';

export interface JudgeInput {
  readonly snapshot: Snapshot;
  readonly options: CheckOptions;
  /** Left out, it is what the cluster's provider tells; of files, a cluster that its users run. */
  readonly target?: Target | undefined;
  readonly exceptions: readonly ExceptionRule[];
  /** Checks to run; the built-in ones where left out. */
  readonly checks?: readonly Check[];
  /** Severities that the settings give instead of the checks' own. */
  readonly severities?: ReadonlyMap<string, Severity>;
  /** Things to tell beside the findings. */
  readonly notices?: readonly string[];
  readonly role?: Owner | undefined;
  /** Fresh proofs, which settle what the source leaves open. */
  readonly proofs?: readonly FreshProof[];
  /** Hears of each check that is done. */
  readonly tell?: (progress: ChecksProgress) => void;
}

/** Folders that say what is in them and not which app it is. */
const general =
  /^(?:k8s|kubernetes|kube|manifests?|deploy(?:ments?)?|charts?|helm|kustomize|base|overlays?|yamls?|config|infra|ops)$/i;

/** What the app is called: the name of the first folder or file, or of the folder around it where that name says nothing. */
function nameOf({ inputs: [first = '-'], joined, cluster }: Snapshot['facts']): string {
  // Clouds name a context with a whole address: `arn:aws:eks:…:cluster/prod`.
  if (cluster !== undefined && joined !== true) return cluster.context.split('/').at(-1) || cluster.context;
  if (first === '-') return 'standard input';
  const parts = resolve(first)
    .split(sep)
    .filter((part) => part !== '');
  return parts.findLast((part) => !general.test(part)) ?? basename(first);
}

function placeCheck(check: Check, target: Target, severities: JudgeInput['severities']): Check {
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
  const picture = snapshot.facts.cluster === undefined ? undefined : pictureCluster(inventory, options.today);
  const target = input.target ?? targetOfProvider(picture?.provider.name, picture?.provider.managed === true);
  const placed = checks.map((check) => placeCheck(check, target, severities));
  const metas = placed.map(({ meta }) => meta);
  const ran = askProvider(runChecks(placed, inventory, options, input.tell), metas, target);
  const settled = settleByProofs(ran, input.proofs);
  const found = overrideSeverities(settled, severities);
  const results = applyExceptions(found, exceptions, options.today);
  return assembleReport({
    snapshot,
    metas,
    results,
    notices: [...notices, ...settled.notices, ...results.notices, ...tellUnusedEvidence(inventory)],
    name: nameOf(snapshot.facts),
    ...(picture === undefined ? {} : { headline: headlineOf(picture) }),
    ...(role === undefined ? {} : { role }),
  });
}
