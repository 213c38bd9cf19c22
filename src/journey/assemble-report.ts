// Puts results together into the report: legs, the one best next step, what is to do for whom.

import type { CheckOutcome, CheckResults } from '../checks/run-checks.ts';
import { type CheckMeta, type Finding, legs, type Owner, owners, type Snapshot } from '../model/index.ts';
import { decideLeg } from './decide-levels.ts';
import type { CheckSummary, Report, ReportSource, Step } from './report.ts';
import { compareUrgency } from './urgency.ts';

export interface ReportInput {
  readonly snapshot: Snapshot;
  readonly metas: readonly CheckMeta[];
  readonly results: CheckResults;
  readonly notices?: readonly string[];
  /** What the app is called: the last part of its resolved path. */
  readonly name: string;
}

interface Judged {
  readonly meta: CheckMeta;
  readonly outcome: CheckOutcome;
}

function judge({ metas, results }: ReportInput): Judged[] {
  const byId = new Map(results.outcomes.map((outcome) => [outcome.check, outcome]));
  return metas.flatMap((meta) => {
    const outcome = byId.get(meta.id);
    return outcome === undefined ? [] : [{ meta, outcome }];
  });
}

function toStep({ meta, outcome }: Judged, findings: readonly Finding[]): Step | undefined {
  const first = findings.find(
    ({ check, verdict, exception }) => check === meta.id && verdict === 'fail' && exception === undefined,
  );
  if (first === undefined) return undefined;
  const { id: check, title, leg, level, owner, minutes, remediation } = meta;
  return {
    check,
    title,
    leg,
    level,
    owner,
    minutes,
    remediation,
    failed: outcome.failed,
    subjects: outcome.subjects,
    first,
  };
}

/** The step to take now: of the checks that hold a leg's next level back, lowest level first, then worth per hour, developer's own before others'. */
function findNextStep(
  judged: readonly Judged[],
  blockers: ReadonlySet<string>,
  findings: readonly Finding[],
): Step | undefined {
  const candidates = judged.filter(({ meta }) => blockers.has(meta.id)).sort(compareUrgency);
  const best = candidates.find(({ meta }) => meta.owner === 'developer') ?? candidates[0];
  return best === undefined ? undefined : toStep(best, findings);
}

function countByOwner(judged: readonly Judged[]): Record<Owner, number> {
  const counts: Record<Owner, number> = { developer: 0, 'cluster-administrator': 0, provider: 0 };
  for (const owner of owners)
    counts[owner] = judged.filter(({ meta, outcome }) => meta.owner === owner && outcome.verdict === 'fail').length;
  return counts;
}

function summarise(metas: readonly CheckMeta[], findings: readonly Finding[]): Record<string, CheckSummary> {
  const used = new Set(findings.map(({ check }) => check));
  const entries = metas
    .filter(({ id }) => used.has(id))
    .map(({ id, title, family, leg, level, owner, severity, remediation, minutes, references, settledBy }) => {
      const names = references.map((reference) => `${reference.framework} ${reference.id}`);
      const summary = { title, family, leg, level, owner, severity, remediation, minutes, references: names };
      return [id, settledBy === undefined ? summary : { ...summary, settledBy }] as const;
    });
  return Object.fromEntries(entries);
}

function describeSource({ objects, facts }: Snapshot, name: string): ReportSource {
  const { inputs, files, minor } = facts;
  return { kind: 'files', inputs, name, files, objects: objects.length, kubernetes: `1.${minor}` };
}

/** Assembles the report. Pure: same input, same report. */
export function assembleReport(input: ReportInput): Report {
  const judged = judge(input);
  const { findings } = input.results;
  const legReports = legs.map((leg) => decideLeg(leg, judged));
  const blockers = new Set(legReports.flatMap(({ next }) => next?.blockers ?? []));
  const next = findNextStep(judged, blockers, findings);
  const { snapshot } = input;
  return {
    schema: 'nowwhat.dev/report/v1',
    source: describeSource(snapshot, input.name),
    catalogue: summarise(input.metas, findings),
    notices: input.notices ?? [],
    legs: legReports,
    ...(next === undefined ? {} : { next }),
    todo: countByOwner(judged),
    findings,
    unreadable: snapshot.unreadable,
    skipped: snapshot.skipped,
  };
}
