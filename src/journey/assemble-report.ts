// Puts results together into the report: legs, the one best next step, what is to do for whom.

import type { CheckResults } from '../checks/run-checks.ts';
import {
  type CheckMeta,
  type ClusterFacts,
  type Finding,
  legs,
  type Owner,
  owners,
  type Snapshot,
} from '../model/index.ts';
import { decideLeg } from './decide-levels.ts';
import { groupByCheck, isOpen, type Judged, joinResults } from './judged.ts';
import type { CheckSummary, LegReport, Report, ReportSource, Step } from './report.ts';
import { compareUrgency } from './urgency.ts';

export interface ReportInput {
  readonly snapshot: Snapshot;
  readonly metas: readonly CheckMeta[];
  readonly results: CheckResults;
  readonly notices?: readonly string[];
  /** What the app is called: the last part of its resolved path. */
  readonly name: string;
  /** What the cluster is, in one line. */
  readonly headline?: string;
  /** Whose report this is: their findings, and their next step. The levels are everybody's. */
  readonly role?: Owner;
}

function toStep({ meta, outcome }: Judged, findings: readonly Finding[]): Step | undefined {
  const first = findings.find((finding) => finding.check === meta.id && isOpen(finding));
  if (first === undefined) return undefined;
  const { id: check, title, leg, level, owner, minutes, remediation } = meta;
  const { failed, subjects } = outcome;
  return { check, title, leg, level, owner, minutes, remediation, failed, subjects, first };
}

/** What the person can do next: their own before others', and what holds a leg's next level back before what does not. */
function findNextStep(
  judged: readonly Judged[],
  legReports: readonly LegReport[],
  { results, role }: ReportInput,
): Step | undefined {
  const blockers = new Set(legReports.flatMap(({ next }) => next?.blockers ?? []));
  const failing = judged.filter(({ outcome }) => outcome.verdict === 'fail').sort(compareUrgency);
  const mine = failing.filter(({ meta }) => meta.owner === (role ?? 'developer'));
  const theirs = role === undefined ? failing : [];
  const isBlocker = ({ meta }: Judged): boolean => blockers.has(meta.id);
  const best = mine.find(isBlocker) ?? theirs.find(isBlocker) ?? mine[0] ?? theirs[0];
  return best === undefined ? undefined : toStep(best, results.findings);
}

function countByOwner(judged: readonly Judged[]): Record<Owner, number> {
  const counts: Record<Owner, number> = { developer: 0, 'cluster-administrator': 0, provider: 0 };
  for (const owner of owners)
    counts[owner] = judged.filter(({ meta, outcome }) => meta.owner === owner && outcome.verdict === 'fail').length;
  return counts;
}

function toSummary(meta: CheckMeta): CheckSummary {
  const { title, family, leg, level, owner, severity, remediation, minutes, settledBy } = meta;
  const references = meta.references.map((reference) => `${reference.framework} ${reference.id}`);
  const summary = { title, family, leg, level, owner, severity, remediation, minutes, references };
  return settledBy === undefined ? summary : { ...summary, settledBy };
}

function summarise(metas: readonly CheckMeta[], findings: readonly Finding[]): Record<string, CheckSummary> {
  const used = groupByCheck(findings);
  return Object.fromEntries(metas.filter(({ id }) => used.has(id)).map((meta) => [meta.id, toSummary(meta)]));
}

/** What was read beside, and what is known of values, is for facts and checks: a report would only repeat it. */
function clusterOf({ cluster }: Snapshot['facts']): ClusterFacts | undefined {
  if (cluster === undefined) return undefined;
  const { beside: _, secrets: __, releases: ___, ...told } = cluster;
  return told;
}

function describeSource({ snapshot: { objects, facts }, name, headline }: ReportInput): ReportSource {
  const { inputs, files, minor, joined } = facts;
  const cluster = clusterOf(facts);
  const shared = { inputs, name, files, objects: objects.length, kubernetes: `1.${minor}` };
  return cluster === undefined
    ? { kind: 'files', ...shared }
    : {
        kind: 'cluster',
        ...shared,
        ...(joined === undefined ? {} : { joined }),
        cluster,
        ...(headline === undefined ? {} : { headline }),
      };
}

/** Assembles the report. Pure: same input, same report. */
export function assembleReport(input: ReportInput): Report {
  const { snapshot, metas, results, role, notices = [] } = input;
  const judged = joinResults(metas, results);
  const legReports = legs.map((leg) => decideLeg(leg, judged));
  const next = findNextStep(judged, legReports, input);
  const findings = role === undefined ? results.findings : results.findings.filter(({ owner }) => owner === role);
  return {
    schema: 'nowwhat.dev/report/v1',
    source: describeSource(input),
    ...(role === undefined ? {} : { role }),
    // Of all findings, not only the role's: what blocks a level is told to everybody.
    catalogue: summarise(metas, results.findings),
    notices,
    legs: legReports,
    ...(next === undefined ? {} : { next }),
    todo: countByOwner(judged),
    findings,
    unreadable: snapshot.unreadable,
    skipped: snapshot.skipped,
  };
}
