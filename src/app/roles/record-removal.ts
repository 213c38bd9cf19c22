// The proof of a rehearsed removal of rights: what is needed stays allowed without them, and what is not is refused.

import { believedUntil, type ProofMaking, recordFound } from '../records/record-made.ts';
import type { StoredProof } from '../records/proofs.ts';
import type { Outside } from '../outside.ts';
import { userOf } from './find-subjects.ts';
import type { RehearsedSubject, RemovalRehearsal } from './rehearse-removal.ts';
import type { UnusedReport, UnusedWish } from './unused-rights.ts';

function sum(subjects: readonly RehearsedSubject[], figure: (subject: RehearsedSubject) => number): number {
  return subjects.reduce((total, each) => total + figure(each), 0);
}

/** Nothing where nobody has too much, or no proofs are kept. */
export async function recordRemoval(
  { subjects, context, holds }: RemovalRehearsal,
  { snapshot }: UnusedReport,
  { logs, reading }: UnusedWish,
  { making, ...outside }: Outside & { readonly making: ProofMaking },
): Promise<StoredProof | undefined> {
  if (subjects.length === 0) return undefined;
  const names = subjects.map(({ subject }) => userOf(subject) ?? subject.name).sort();
  const refusedBefore = sum(subjects, (each) => each.refusedBefore);
  return await recordFound(
    {
      kind: 'removal-rehearsal',
      claim: `${names.join(', ')} may do all that is needed in ${context} with smaller roles, and nothing that was given beyond`,
      result: holds ? 'holds' : 'fails',
      figures: {
        subjects: subjects.length,
        needs: sum(subjects, (each) => each.needs),
        allowed: sum(subjects, (each) => each.allowed),
        'requests that nobody needs': sum(subjects, (each) => each.forbidden),
        refused: sum(subjects, (each) => each.refused),
      },
      // Whoever needs nothing, or has it by a group, is given no roles that could be missing.
      ...(holds && refusedBefore === 0
        ? {}
        : {
            negativeControl: { what: 'what is needed, before the smaller roles are there', failed: refusedBefore > 0 },
          }),
      until: believedUntil(outside.today),
      paths: reading.inputs.filter((path) => path !== '-'),
      beside: logs,
      clusters: snapshot.facts.cluster === undefined ? [] : [snapshot],
    },
    making,
    outside,
  );
}
