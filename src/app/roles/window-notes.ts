// What the window of a log cannot have seen of a subject: schedules that did not come due, workloads of which nothing was heard.

import type { Window } from '../../inference/index.ts';
import type { Inventory, Workload } from '../../inventory/index.ts';
import { accountOf } from '../../inventory/rights/accounts.ts';
import { type Identity, identityKey } from '../../inventory/rights/bindings.ts';
import { parseCron } from '../../kube/cron.ts';
import { nextTime } from '../../kube/cron-times.ts';
import { asObject, asString } from '../../model/index.ts';

const utc = (): number => 0;

/** Whether the schedule came due in the window; `undefined` where it cannot be read. A time zone shifts it by hours, and is not known here. */
function cameDue({ object }: Workload, { first, last }: Window): boolean | undefined {
  const schedule = parseCron(asString(asObject(object.raw['spec'])['schedule']) ?? '');
  if (!schedule.valid) return undefined;
  const next = nextTime(schedule, first, utc);
  return next !== undefined && next <= last;
}

/** True for a CronJob that did not run in the window: nothing could be heard of it. */
export function couldNotBeSeen(workload: Workload, window: Window | undefined): boolean {
  return workload.object.kind === 'CronJob' && (window === undefined || cameDue(workload, window) !== true);
}

export function windowNotes(inventory: Inventory, identity: Identity, window: Window | undefined): string[] {
  if (identity.kind !== 'ServiceAccount' || window === undefined) return [];
  const own = inventory.workloads.filter((workload) => identityKey(accountOf(workload)) === identityKey(identity));
  const late = own.filter((workload) => workload.object.kind === 'CronJob' && cameDue(workload, window) === false);
  return late.map(
    ({ object: { name, raw } }) =>
      `CronJob "${name}" (${asString(asObject(raw['spec'])['schedule']) ?? ''}) did not come due in this window: what it needs was not seen.`,
  );
}
