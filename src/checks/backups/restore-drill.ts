// A restore has been rehearsed: a drill has left its mark in the backup store, or, where no store is looked at, the last one of a schedule of drills went well.

import { asArray, asObject, asString, type KubeObject } from '../../model/index.ts';
import { appCheck, type AppDiagnostic, type CheckContext } from '../check.ts';
import { drillSchedules, keepsData } from './backup-tools.ts';
import { commandOf, daysSince, lackingData, savedBackups } from './saved-backups.ts';
import { type IdleSchedule, judgeSchedule } from './idle-schedules.ts';

/** Days that a drill is believed, as its proof is. */
const believedDays = 30;

interface DrillState {
  readonly name: string;
  /** Why it does not count; left out for one that does. */
  readonly idle: IdleSchedule | undefined;
  /** ISO time; '' for never. */
  readonly succeeded: string;
  /** The newest run by the clock is over, and did not succeed. */
  readonly hasFailed: boolean;
}

function stateOf(schedule: KubeObject, context: CheckContext): DrillState {
  const { namespace, name, raw } = schedule;
  const { lastScheduleTime, lastSuccessfulTime, active } = asObject(raw['status']);
  const [begun, succeeded] = [asString(lastScheduleTime) ?? '', asString(lastSuccessfulTime) ?? ''];
  return {
    name: `${namespace}/${name}`,
    idle: judgeSchedule(schedule, context),
    succeeded,
    hasFailed: begun > succeeded && asArray(active).length === 0,
  };
}

/** One that failed is told whatever came before; one that succeeded is enough only where there are no data that it may have lacked. */
function judgeSchedules(
  drills: readonly DrillState[],
  today: string,
  holdsData: boolean,
): {
  readonly failure?: AppDiagnostic;
  readonly passes?: boolean;
  readonly told?: Pick<AppDiagnostic, 'message' | 'command'>;
} {
  const failed = drills.find(({ hasFailed }) => hasFailed);
  if (failed !== undefined) {
    const message = `the last drill of ${failed.name} did not bring the backup back as it was`;
    return { failure: { message, evidence: 'its newest Job failed: nowwhat schedule describe tells why' } };
  }
  const isRecent = ({ succeeded }: DrillState): boolean =>
    succeeded !== '' && daysSince(succeeded, today) <= believedDays;
  const recent = drills.find((each) => each.idle === undefined && isRecent(each));
  if (recent !== undefined && !holdsData) return { passes: true };
  if (recent !== undefined)
    return {
      told: {
        message: `the last drill of ${recent.name} succeeded on ${recent.succeeded.slice(0, 10)}; whether the data of every claim came back stands in the backup store`,
      },
    };
  const [first] = drills;
  if (first === undefined) return {};
  return { told: first.idle?.told ?? { message: `no drill of ${first.name} is known to have succeeded lately` } };
}

/** Without a word of its own, the command stays that of a drill by hand. */
function pickTold(told: Pick<AppDiagnostic, 'message' | 'command'> | undefined): Partial<AppDiagnostic> {
  if (told === undefined) return {};
  return { message: told.message, ...(told.command === undefined ? {} : { command: told.command }) };
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
    find: (context) => {
      const { inventory, options } = context;
      const { today } = options;
      const drills = drillSchedules(inventory).map((each) => stateOf(each, context));
      const schedules = judgeSchedules(drills, today, keepsData(inventory));
      if (schedules.failure !== undefined) return schedules.failure;
      const drilled = savedBackups(inventory).filter(({ proven }) => proven !== undefined);
      const isWhole = drilled.filter((each) => lackingData(each, inventory).length === 0);
      const isProven = isWhole.some(({ proven = '' }) => daysSince(proven, today) <= believedDays);
      if (isProven || schedules.passes === true) return undefined;
      const [last] = isWhole.map(({ proven = '' }) => proven).toSorted((a, b) => b.localeCompare(a));
      const [newest] = savedBackups(inventory).filter((each) => lackingData(each, inventory).length === 0);
      const command = commandOf(inventory, ['drill', '--from-backup', newest?.backup ?? 'BACKUP'], []);
      const evidence = 'would be settled by a restore drill';
      return { verdict: 'unknown', message: messageOf(last), evidence, command, ...pickTold(schedules.told) };
    },
  },
);
