// Steps that remove objects which are not wanted any more: tried by a dry run, as all steps are.

import type { JsonObject, PlanInput, PlanStep } from '../../../model/index.ts';
import { refOf, toInput } from '../../../targets/index.ts';
import { stepId } from '../plan-made.ts';
import { keepable } from '../secret-free.ts';
import type { ConnectedCluster } from './open-site.ts';
import { nameOf, readRefused, type RefusedStep } from './refusals.ts';
import { showChange } from './show-change.ts';
import type { StepPreview } from './try-change.ts';

export interface PlannedRemovals {
  readonly steps: readonly PlanStep[];
  readonly inputs: readonly PlanInput[];
  readonly previews: readonly StepPreview[];
  readonly refused: readonly RefusedStep[];
}

/** In the order that is given. `live`: the objects as they were read, of which nothing but these very ones is deleted. Nothing is stored. */
export async function planRemovals(
  { site }: Pick<ConnectedCluster, 'site'>,
  live: readonly JsonObject[],
  reason: string,
): Promise<PlannedRemovals> {
  const steps: PlanStep[] = [];
  const inputs: PlanInput[] = [];
  const previews: StepPreview[] = [];
  const refused: RefusedStep[] = [];
  for (const each of live) {
    const object = refOf(each);
    const title = `Delete ${nameOf(object)}`;
    const action = { kind: 'delete', object } as const;
    const input = toInput(object, each);
    try {
      const { inverse, ...written } = await site.rehearse(action, input);
      const id = `delete-${stepId(nameOf(object), new Set())}`;
      const common = { title, reason, closes: [], owner: 'developer', after: [] } as const;
      steps.push({ ...common, id, action, inverse: keepable(inverse) });
      inputs.push(input);
      previews.push({ step: id, diff: showChange(nameOf(object), written) });
    } catch (error) {
      refused.push({ object, title, closes: [], conflicts: [], ...readRefused(error).facts });
    }
  }
  return { steps, inputs, previews, refused };
}
