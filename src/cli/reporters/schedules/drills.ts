// A schedule of drills that is to be made or changed, for the person who is to agree to it.

import type { PlannedDrills } from '../../../app/schedules/schedule-order.ts';
import { hang } from '../../layout.ts';
import { visible } from '../../style.ts';
import { probeWords } from '../drill.ts';
import type { PlanLook } from '../plan.ts';
import { credentialsText, remarkLines, renderPlan, rightsLines } from './plan.ts';
import { factLines, nextText, timesText } from './words.ts';

function facts(planned: PlannedDrills): (readonly [string, string])[] {
  const { wish, outlook } = planned;
  const data = outlook.restoresVolumes ? 'with the data of volumes' : 'objects only';
  return [
    ['runs', timesText(wish.time)],
    ['next', wish.paused ? 'never: it is paused' : nextText(outlook.next)],
    ['tries', visible(`the newest whole backup of ${outlook.of}, ${data}`)],
    ...outlook.fences.map(
      ([from, to]) => ['restores', visible(`${from} into ${to}, which is closed and emptied`)] as const,
    ),
    ['from', visible(outlook.store)],
    ['image', visible(wish.image)],
    ['store opened by', visible(credentialsText(planned))],
  ];
}

function probeLines({ outlook: { probes } }: PlannedDrills, { width }: PlanLook): string[] {
  return probes.flatMap((each) => hang('    probe  ', visible(probeWords(each)), width));
}

export function renderPlannedDrills(planned: PlannedDrills, look: PlanLook): string {
  const body = [
    ...factLines(facts(planned), look),
    ...probeLines(planned, look),
    '',
    ...rightsLines(planned, look),
    ...remarkLines(planned.outlook.remarks, look),
  ];
  return renderPlan(planned, body, look);
}
