// The proof of a probe: which doors were found closed, and which checks that decides.

import { builtInChecks, runChecks } from '../../checks/index.ts';
import { prepareInventory } from '../../inventory/index.ts';
import type { Settled, Snapshot } from '../../model/index.ts';
import { parseEvidence } from '../../sources/index.ts';
import type { ProbeReport } from './probe.ts';
import type { Outside } from '../outside.ts';
import type { StoredProof } from '../records/proofs.ts';
import { believedUntil, type ProofMaking, recordFound } from '../records/record-made.ts';

async function outcomesOf(snapshot: Snapshot, today: string): Promise<Map<string, string>> {
  const options = { minor: snapshot.facts.minor, today, allowedRegistries: [] };
  const { outcomes } = runChecks(builtInChecks, await prepareInventory(snapshot), options);
  return new Map(outcomes.map(({ check, verdict }) => [check, verdict]));
}

/** Checks that are not known without the report and are with it. */
async function settledBy(report: ProbeReport, snapshot: Snapshot, today: string): Promise<Settled[]> {
  const parsed = parseEvidence('probe.json', JSON.stringify(report));
  if (parsed.outcome !== 'evidence') return [];
  const before = await outcomesOf(snapshot, today);
  const after = await outcomesOf({ ...snapshot, evidence: [...(snapshot.evidence ?? []), ...parsed.evidence] }, today);
  return [...after].flatMap(([check, verdict]): Settled[] =>
    before.get(check) === 'unknown' && (verdict === 'pass' || verdict === 'fail') ? [{ check, verdict }] : [],
  );
}

/** Where nothing at all answers, a closed door cannot be told from a probe that reaches nothing: each place must have got an answer. */
export function controlOf({ looks }: ProbeReport): { readonly what: string; readonly failed: boolean } {
  const places = looks.map(({ from }) => from).join(' and ');
  const answered = looks.every(({ results }) => results.some(({ state }) => state === 'open' || state === 'guarded'));
  return { what: `a door that answers is seen from ${places}`, failed: looks.length > 0 && answered };
}

export async function recordProbe(
  report: ProbeReport,
  snapshot: Snapshot,
  making: ProofMaking,
  outside: Outside,
): Promise<StoredProof | undefined> {
  const results = report.looks.flatMap((look) => look.results);
  const counts = (state: string): number => results.filter((each) => each.state === state).length;
  const places = report.looks.map(({ from }) => from).join(' and ');
  const found = {
    kind: 'probe',
    claim: `No door of ${report.context} is open without a login, from ${places}`,
    result: counts('open') === 0 ? 'holds' : 'fails',
    figures: { asked: results.length, open: counts('open'), guarded: counts('guarded'), closed: counts('closed') },
    settles: await settledBy(report, snapshot, outside.today),
    until: believedUntil(outside.today),
    negativeControl: controlOf(report),
    paths: [],
    clusters: [snapshot],
  } as const;
  return await recordFound(found, making, outside);
}
