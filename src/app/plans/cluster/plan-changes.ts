// From wanted changes of a cluster to a plan: each step is tried by a dry run first, and only what the server would take is in the plan.

import type { JsonObject, PlanInput, PlanStep } from '../../../model/index.ts';
import { refOf } from '../../../targets/index.ts';
import type { WantedChange } from './collect-changes.ts';
import { comesAfter, orderChanges } from './order-changes.ts';
import { nameOf, readRefused, Refusal, type RefusedStep } from './refusals.ts';
import {
  type ChangePlanning,
  type Draft,
  placed,
  Planning,
  refOfChange,
  refuse,
  type StepPreview,
  type Tried,
} from './try-change.ts';

export interface PlannedChanges {
  readonly steps: readonly PlanStep[];
  readonly inputs: readonly PlanInput[];
  readonly previews: readonly StepPreview[];
  readonly refused: readonly RefusedStep[];
  /** The objects as the server would store them. */
  readonly answers: readonly JsonObject[];
}

/** Dry runs of all changes, in the order of the plan. Nothing is stored. */
export async function planChanges(changes: readonly WantedChange[], planning: ChangePlanning): Promise<PlannedChanges> {
  const work = new Planning(planning);
  const drafts = orderChanges(
    changes.map((change) => ({
      change,
      object: placed(change.object.raw, change.object.namespace),
      isNew: change.isNew,
    })),
  );
  const newNamespaces = new Set(
    drafts
      .filter(({ isNew, object }) => isNew && object['kind'] === 'Namespace')
      .map(({ object }) => refOf(object).name),
  );
  const tried: Tried[] = [];
  const refused: RefusedStep[] = [];
  const lost: Draft[] = [];
  const give = (draft: Draft, refusal: Refusal): void => {
    refused.push(refuse(draft, refusal));
    lost.push(draft);
  };
  for (const [index, draft] of drafts.entries()) {
    planning.progress(`dry run ${index + 1} of ${drafts.length}: ${nameOf(refOfChange(draft.change.object))}`);
    const needed = lost.find((each) => comesAfter(draft, each));
    if (needed !== undefined) {
      const message = `it comes after ${nameOf(refOfChange(needed.change.object))}, which was refused`;
      give(draft, new Refusal({ kind: 'after', owner: 'developer', message }));
      continue;
    }
    try {
      tried.push(await work.try(draft, new Set(tried.map(({ step }) => step.id)), newNamespaces));
    } catch (error) {
      give(draft, readRefused(error));
    }
  }
  const real = tried.filter(({ preview }) => preview.diff !== '');
  return {
    steps: real.map(({ draft, step }, index) => ({
      ...step,
      after: real
        .slice(0, index)
        .filter((each) => comesAfter(draft, each.draft))
        .map((each) => each.step.id),
    })),
    inputs: real.map(({ input }) => input),
    previews: real.map(({ preview }) => preview),
    answers: real.map(({ answer }) => answer),
    refused: [...refused, ...tried.flatMap(({ held }) => held)],
  };
}
