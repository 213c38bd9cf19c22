// Schedules of tools other than Velero: when they run, and what their own objects tell of the runs. One entry a tool, with where its words come from.

import { type Inventory, viewOf } from '../../inventory/index.ts';
import { conditionOf } from '../../kube/live/condition.ts';
import { type CronJobTime, timeOf } from '../../kube/next-runs.ts';
import {
  asArray,
  asObject,
  asString,
  type Json,
  type JsonObject,
  type KubeObject,
  valueAt,
} from '../../model/index.ts';
import { type MadeRun, type Runs, runsMade } from './runs.ts';

type ReadRuns = (schedule: KubeObject, inventory: Inventory) => Runs | undefined;

interface ScheduleTool {
  /** When it runs, in cron's words; '' for whenever somebody asks. */
  readonly times: (raw: JsonObject) => string;
  /** `undefined` where nobody may see its runs; left out where an object of another kind tells of them. */
  readonly runs?: ReadRuns;
  /** False for one that does something else than saving. */
  readonly saves?: (spec: JsonObject) => boolean;
}

const text = (value: Json | undefined): string => asString(value) ?? '';
const specOf = (raw: JsonObject): JsonObject => asObject(raw['spec']);
const statusOf = (raw: JsonObject): JsonObject => asObject(raw['status']);

function createdOf(raw: JsonObject): string {
  return text(valueAt(raw, ['metadata', 'creationTimestamp']));
}

/** What a tool makes in each run. */
interface MadeKind {
  /** As in an inventory: `k8up.io/Backup`. */
  readonly kind: string;
  readonly isOf: (made: KubeObject, schedule: KubeObject) => boolean;
  /** Phases that mean success and failure; others, but for `leftOut`, are under way. */
  readonly succeeded: readonly string[];
  readonly failed: readonly string[];
  readonly leftOut?: readonly string[];
  readonly phase: (raw: JsonObject) => string;
  readonly time: (raw: JsonObject) => string;
}

function outcomeOf({ succeeded, failed }: MadeKind, phase: string): MadeRun['outcome'] {
  if (succeeded.includes(phase)) return 'succeeded';
  return failed.includes(phase) ? 'failed' : 'under way';
}

function toMade(kind: MadeKind, { kind: word, name, raw }: KubeObject): MadeRun[] {
  const phase = kind.phase(raw);
  if (kind.leftOut?.includes(phase) === true) return [];
  return [{ title: `${word} "${name}"`, phase, outcome: outcomeOf(kind, phase), time: kind.time(raw) }];
}

/** Of a tool that makes an object in each run. */
function madeRuns(kind: MadeKind, refusal: (raw: JsonObject) => string = () => ''): ReadRuns {
  return (schedule, inventory) => {
    const view = viewOf(inventory);
    if (!view.saw(kind.kind)) return undefined;
    const made = view
      .objects(kind.kind)
      .filter((each) => kind.isOf(each, schedule))
      .flatMap((each) => toMade(kind, each));
    return runsMade(made, { refusal: refusal(schedule.raw), success: kind.succeeded[0] ?? '' });
  };
}

function isOwned({ namespace, raw }: KubeObject, schedule: KubeObject): boolean {
  const owners = asArray(valueAt(raw, ['metadata', 'ownerReferences'])).map(asObject);
  return (
    namespace === schedule.namespace &&
    owners.some(({ kind, name }) => kind === schedule.kind && name === schedule.name)
  );
}

function hasLabel({ raw }: KubeObject, label: string, value: string): boolean {
  return valueAt(raw, ['metadata', 'labels', label]) === value;
}

/** Source: k8up 2, api/v1 (`ScheduleStatus`, `Completed` and `Ready` conditions); its scheduler makes the Schedule an owner of each Backup. */
const k8up: ScheduleTool = {
  times: (raw) => {
    const effective = asArray(statusOf(raw)['effectiveSchedules']).map(asObject);
    const random = effective.find(({ jobType }) => jobType === 'backup')?.['generatedSchedule'];
    return text(random ?? valueAt(raw, ['spec', 'backup', 'schedule']));
  },
  runs: madeRuns(
    {
      kind: 'k8up.io/Backup',
      isOf: isOwned,
      succeeded: ['Succeeded'],
      failed: ['Failed'],
      phase: (raw) => text(conditionOf(statusOf(raw), 'Completed')['reason']),
      time: (raw) => text(conditionOf(statusOf(raw), 'Completed')['lastTransitionTime']) || createdOf(raw),
    },
    (raw) => {
      const { status, reason, message } = conditionOf(statusOf(raw), 'Ready');
      return status === 'False' && reason === 'Failed' ? text(message) || 'it is not ready' : '';
    },
  ),
  saves: (spec) => spec['backup'] !== undefined,
};

/** Six fields, of which the first is seconds. Source: cloudnative-pg api/v1 (`BackupPhase`), and its label on what a ScheduledBackup makes. */
const cloudNativePg: ScheduleTool = {
  times: (raw) => {
    const fields = text(specOf(raw)['schedule']).trim().split(/\s+/);
    return (fields.length === 6 ? fields.slice(1) : fields).join(' ');
  },
  runs: madeRuns({
    kind: 'postgresql.cnpg.io/Backup',
    isOf: (made, { namespace, name }) =>
      made.namespace === namespace && hasLabel(made, 'cnpg.io/scheduled-backup', name),
    succeeded: ['completed'],
    failed: ['failed', 'walArchivingFailing'],
    phase: (raw) => text(statusOf(raw)['phase']),
    time: (raw) => text(statusOf(raw)['stoppedAt'] ?? statusOf(raw)['startedAt']) || createdOf(raw),
  }),
};

/** Source: volsync api/v1alpha1, `ReplicationSourceStatus`: `lastSyncTime` is that of the last success. */
const volSync: ScheduleTool = {
  times: (raw) => text(valueAt(raw, ['spec', 'trigger', 'schedule'])),
  runs: ({ raw }) => {
    const { lastSyncTime, latestMoverStatus } = statusOf(raw);
    const succeeded = text(lastSyncTime);
    const { status, reason, message } = conditionOf(statusOf(raw), 'Synchronizing');
    const hasFailed = asObject(latestMoverStatus)['result'] === 'Failed';
    const error = reason === 'Error' ? text(message) : '';
    return {
      succeeded,
      trouble: error === '' && hasFailed ? 'its latest mover has failed' : error,
      refusal: '',
      isUnderWay: status === 'True' && reason === 'SyncInProgress',
      evidence: succeeded === '' ? 'status has no lastSyncTime' : `lastSyncTime is ${succeeded}`,
    };
  },
};

/** Source: stash apimachinery v1beta1 and kubestash v1alpha1, `BackupSessionPhase` and `spec.invoker`. */
function sessionsOf(group: string): ReadRuns {
  return madeRuns({
    kind: `${group}/BackupSession`,
    isOf: (made, { namespace, kind, name }) => {
      const invoker = asObject(specOf(made.raw)['invoker']);
      return made.namespace === namespace && invoker['kind'] === kind && invoker['name'] === name;
    },
    succeeded: ['Succeeded'],
    failed: ['Failed'],
    leftOut: ['Skipped', 'Unknown'],
    phase: (raw) => text(statusOf(raw)['phase']),
    time: createdOf,
  });
}

const stash: ScheduleTool = {
  times: (raw) => text(specOf(raw)['schedule']),
  runs: sessionsOf('stash.appscode.com'),
};

/** Each of its sessions has a time of its own: the first stands for all. */
const kubeStash: ScheduleTool = {
  times: (raw) => {
    const times = asArray(specOf(raw)['sessions']).map((each) => text(valueAt(each, ['scheduler', 'schedule'])));
    return times.find((each) => each !== '') ?? '';
  },
  runs: sessionsOf('core.kubestash.com'),
};

/** Source: docs.kasten.io, Actions and Policies of its API: a run of a policy is a RunAction with its labels. */
const kasten: ScheduleTool = {
  times: (raw) => {
    const frequency = text(specOf(raw)['frequency']);
    return frequency === '@onDemand' ? '' : frequency;
  },
  runs: madeRuns(
    {
      kind: 'actions.kio.kasten.io/RunAction',
      isOf: (made, { namespace, name }) =>
        hasLabel(made, 'k10.kasten.io/policyName', name) && hasLabel(made, 'k10.kasten.io/policyNamespace', namespace),
      succeeded: ['Complete'],
      failed: ['Failed'],
      leftOut: ['Skipped', 'Cancelled'],
      phase: (raw) => text(statusOf(raw)['state']),
      time: (raw) => text(statusOf(raw)['endTime'] ?? statusOf(raw)['startTime']) || createdOf(raw),
    },
    (raw) =>
      statusOf(raw)['validation'] === 'Failed' ? text(asArray(statusOf(raw)['error'])[0]) || 'it is not valid' : '',
  ),
  saves: (spec) => {
    const actions = asArray(spec['actions']).map((each) => asObject(each)['action']);
    return actions.length === 0 || actions.includes('backup');
  },
};

/** Its runs are those of a CronJob. Source: longhorn-manager, v1beta2 `RecurringJobType`. */
const longhorn: ScheduleTool = {
  times: (raw) => text(specOf(raw)['cron']),
  saves: ({ task }) => !['snapshot-cleanup', 'snapshot-delete', 'filesystem-trim'].includes(text(task)),
};

const tools: Readonly<Record<string, ScheduleTool>> = {
  'longhorn.io/RecurringJob': longhorn,
  'k8up.io/Schedule': k8up,
  'postgresql.cnpg.io/ScheduledBackup': cloudNativePg,
  'volsync.backube/ReplicationSource': volSync,
  'stash.appscode.com/BackupConfiguration': stash,
  'core.kubestash.com/BackupConfiguration': kubeStash,
  'config.kio.kasten.io/Policy': kasten,
};

function toolOf({ group, kind }: KubeObject): (typeof tools)[string] | undefined {
  return tools[`${group}/${kind}`];
}

/** `undefined` where nobody tells of runs: of a file, or of a tool whose status is not known here. */
export function findToolRuns(schedule: KubeObject, inventory: Inventory): Runs | undefined {
  return toolOf(schedule)?.runs?.(schedule, inventory);
}

/** When a schedule runs, whichever tool it is of; without a time zone, that of UTC. */
export function scheduleTimeOf(schedule: KubeObject): CronJobTime {
  const tool = toolOf(schedule);
  return tool === undefined ? timeOf(schedule.raw) : { schedule: tool.times(schedule.raw), timeZone: 'Etc/UTC' };
}

/** False for a schedule that only prunes, imports or checks. */
export function savesAtAll(schedule: KubeObject): boolean {
  return toolOf(schedule)?.saves?.(specOf(schedule.raw)) ?? true;
}
