// A restore has been rehearsed: a drill has left its mark in the backup store, or, where no store is looked at, the last one of a schedule of drills went well.

import { asArray, asObject, asString, type KubeObject } from '../../model/index.ts';
import { appCheck, type AppDiagnostic } from '../check.ts';
import { drillSchedules, keepsData } from './backup-tools.ts';
import { commandOf, daysSince, lackingData, savedBackups } from './saved-backups.ts';

/** Days that a drill is believed, as its proof is. */
const believedDays = 30;

interface DrillState {
  readonly name: string;
  readonly paused: boolean;
  /** ISO time; '' for never. */
  readonly succeeded: string;
  /** The newest run by the clock is over, and did not succeed. */
  readonly hasFailed: boolean;
}

function stateOf({ namespace, name, raw }: KubeObject): DrillState {
  const { lastScheduleTime, lastSuccessfulTime, active } = asObject(raw['status']);
  const [begun, succeeded] = [asString(lastScheduleTime) ?? '', asString(lastSuccessfulTime) ?? ''];
  return {
    name: `${namespace}/${name}`,
    paused: asObject(raw['spec'])['suspend'] === true,
    succeeded,
    hasFailed: begun > succeeded && asArray(active).length === 0,
  };
}

/** One that failed is told whatever came before; one that succeeded is enough only where there are no data that it may have lacked. */
function judgeSchedules(
  drills: readonly DrillState[],
  today: string,
  holdsData: boolean,
): { readonly failure?: AppDiagnostic; readonly passes?: boolean; readonly told?: string } {
  const failed = drills.find(({ hasFailed }) => hasFailed);
  if (failed !== undefined) {
    const message = `the last drill of ${failed.name} did not bring the backup back as it was`;
    return { failure: { message, evidence: 'its newest Job failed: nowwhat schedule describe tells why' } };
  }
  const recent = drills.find(({ succeeded }) => succeeded !== '' && daysSince(succeeded, today) <= believedDays);
  if (recent !== undefined && !holdsData) return { passes: true };
  if (recent !== undefined)
    return {
      told: `the last drill of ${recent.name} succeeded on ${recent.succeeded.slice(0, 10)}; whether the data of every claim came back stands in the backup store`,
    };
  const [first] = drills;
  if (first === undefined) return {};
  return {
    told: first.paused
      ? `the drills of ${first.name} are paused`
      : `no drill of ${first.name} is known to have succeeded`,
  };
}

function messageOf(last: string | undefined): string {
  return last === undefined
    ? 'whether a backup can be restored is not known until it was tried'
    : `whether a backup can be restored is not known any more: the last drill was on ${last}`;
}

export const restoreDrill = appCheck(
  {
    id: 'restore-drill',
    family: 'backups',
    title: 'A restore has been rehearsed',
    leg: 'backups',
    level: 3,
    owner: 'developer',
    severity: 'high',
    references: [],
    remediation: 'Try it with nowwhat drill, and again and again with nowwhat schedule drill.',
    minutes: 60,
    settledBy: 'a restore drill',
  },
  {
    find: ({ inventory, options: { today } }) => {
      const schedules = judgeSchedules(drillSchedules(inventory).map(stateOf), today, keepsData(inventory));
      if (schedules.failure !== undefined) return schedules.failure;
      const drilled = savedBackups(inventory).filter(({ proven }) => proven !== undefined);
      const isWhole = drilled.filter((each) => lackingData(each, inventory).length === 0);
      const isProven = isWhole.some(({ proven = '' }) => daysSince(proven, today) <= believedDays);
      if (isProven || schedules.passes === true) return undefined;
      const [last] = isWhole.map(({ proven = '' }) => proven).toSorted((a, b) => b.localeCompare(a));
      const [newest] = savedBackups(inventory).filter((each) => lackingData(each, inventory).length === 0);
      const command = commandOf(inventory, ['drill', '--from-backup', newest?.backup ?? 'BACKUP'], []);
      const message = schedules.told ?? messageOf(last);
      return { verdict: 'unknown', message, evidence: 'would be settled by a restore drill', command };
    },
  },
);
