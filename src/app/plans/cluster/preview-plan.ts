// A plan for a cluster, asked about once more before it is applied: what the server says to each step now.

import { asObject, type ClusterAction, type Plan, UserError } from '../../../model/index.ts';
import { nameOfInput, refOf, tellChange } from '../../../targets/index.ts';
import type { Outside } from '../../outside.ts';
import type { PlanWish } from '../plan-wish.ts';
import { inputFor } from '../carry-out.ts';
import { openPlanCluster } from './open-site.ts';
import type { StepPreview } from './try-change.ts';
import { showChange } from './show-change.ts';

/** Dry runs of all steps. Throws `UserError` where the plan does not fit any more, or the server refuses a step. */
export async function previewPlan(plan: Plan, wish: PlanWish, outside: Outside): Promise<StepPreview[]> {
  const { site, close } = await openPlanCluster(plan, wish, outside);
  const newNamespaces = new Set(
    plan.steps.flatMap(({ action }) =>
      action.kind === 'create' && action.object['kind'] === 'Namespace' ? [refOf(action.object).name] : [],
    ),
  );
  const previews: StepPreview[] = [];
  try {
    for (const [index, step] of plan.steps.entries()) {
      const { id, title, action } = step;
      outside.progress(`dry run ${index + 1} of ${plan.steps.length}: ${title}`);
      const input = inputFor(plan, step);
      if (action.kind === 'create' && newNamespaces.has(refOf(action.object).namespace)) {
        const diff = showChange(title, { before: undefined, after: asObject(action.object) });
        previews.push({ step: id, diff, untried: true });
        continue;
      }
      const change = input === undefined ? undefined : tellChange(input, await site.readInput(input));
      if (change !== undefined) throw new UserError('plan-changed', change, 'Nothing was changed. Make the plan anew.');
      const written = await site.rehearse(action as ClusterAction, input);
      previews.push({ step: id, diff: showChange(input === undefined ? title : nameOfInput(input), written) });
    }
    return previews;
  } finally {
    await close();
  }
}
