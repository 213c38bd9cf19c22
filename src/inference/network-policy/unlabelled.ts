// Workloads whose labels do not tell them from others: their policies hold more pods than their own.

import { type Inventory, type Workload } from '../../inventory/index.ts';
import { chooseSelectors } from './choose-selector.ts';
import type { Ledger } from './need.ts';
import { workloadsIn } from './subject.ts';

const advice = 'Give its pod template a label that no other has.';

function nameOf({ object: { kind, namespace, name } }: Workload): string {
  return `${kind} ${namespace}/${name}`;
}

export function takeUnlabelled(ledger: Ledger, inventory: Inventory, held: readonly Workload[]): void {
  for (const workload of held) {
    const [choice] = chooseSelectors([workload], workloadsIn(inventory, workload.object.namespace));
    const about = nameOf(workload);
    const others = choice?.alsoFinds.map(nameOf) ?? [];
    if (others.length > 0)
      ledger.decide({
        about,
        done: `its labels are those of ${others.join(', ')} too: a policy for one holds all`,
        advice,
      });
    else if (choice?.selector['matchLabels'] === undefined)
      ledger.decide({
        about,
        done: 'its pods have no label to find them by: its policy holds others without labels too',
        advice,
      });
  }
}
