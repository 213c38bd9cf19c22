import { describe, expect, it } from 'vitest';
import { clusterOf } from '../../../test/kubernetes/cluster-snapshot.ts';
import type { BackupEvidence } from '../../model/index.ts';
import type { Check } from '../check.ts';
import { runOnText } from '../run-on-text.ts';
import { backupMissing } from './backup-missing.ts';
import { backupScheduleMissing } from './backup-schedule-missing.ts';
import { restoreDrill } from './restore-drill.ts';

const app = `
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec: {containers: [{name: web, image: web}]}
`;

/** The clock of the cluster. */
const node = (now: string) => `---
apiVersion: v1
kind: Node
metadata: {name: n1}
status: {conditions: [{type: Ready, status: "True", lastHeartbeatTime: "${now}"}]}
`;

interface Words {
  readonly name?: string;
  readonly spec?: string;
  readonly saves?: string;
}

const own = (status: string, { name = 'nightly', spec = 'suspend: false', saves = 'shop' }: Words = {}) => `---
apiVersion: batch/v1
kind: CronJob
metadata: {name: ${name}, namespace: shop, creationTimestamp: "2026-01-10T12:00:00Z", labels: {nowwhat.dev/schedule: ${name}}}
spec:
  ${spec}
  schedule: 0 2 * * *
  jobTemplate:
    spec:
      template:
        metadata: {annotations: {nowwhat.dev/backup: '{"spec": {"includedNamespaces": ["${saves}"]}}'}}
        spec: {restartPolicy: Never, containers: [{name: backup, image: r.test/nowwhat:1, args: [backup, create]}]}
status: ${status}
`;

const velero = (status: string, spec = 'paused: false') => `---
apiVersion: velero.io/v1
kind: Schedule
metadata: {name: daily, namespace: velero, creationTimestamp: "2026-01-10T12:00:00Z"}
spec: {schedule: "CRON_TZ=Europe/Berlin 0 3 * * *", template: {}, ${spec}}
status: ${status}
`;

const made = (name: string, phase: string, time: string, schedule = 'daily') => `---
apiVersion: velero.io/v1
kind: Backup
metadata: {name: ${name}, namespace: velero, labels: {velero.io/schedule-name: ${schedule}}}
spec: {}
status: {phase: ${phase}, startTimestamp: "${time}", completionTimestamp: "${time}"}
`;

const drills = (status: string, spec = 'suspend: false') => `---
apiVersion: batch/v1
kind: CronJob
metadata: {name: weekly, namespace: shop, creationTimestamp: "2026-01-10T12:00:00Z", labels: {nowwhat.dev/schedule: weekly}}
spec:
  ${spec}
  schedule: "0 4 * * 0"
  jobTemplate:
    spec: {template: {spec: {restartPolicy: Never, containers: [{name: d, image: n, args: [drill, --from-schedule, nightly, --into, "shop:shop-drill-weekly"]}]}}}
status: ${status}
`;

function judge(check: Check, text: string, now: string, evidence: readonly BackupEvidence[] = []) {
  const input = app + node(now) + text;
  const snapshot = () => ({ ...clusterOf(input), evidence });
  const { outcome, findings } = runOnText(check, input, { today: now.slice(0, 10), snapshot });
  return { verdict: outcome, message: findings[0]?.message, command: findings[0]?.command, count: findings.length };
}

const succeeded = '{lastScheduleTime: "2026-01-14T02:00:00Z", lastSuccessfulTime: "2026-01-14T02:05:00Z"}';

describe('a schedule of a cluster', () => {
  it.each([
    ['succeeded lately', succeeded, '2026-01-15T12:00:00Z'],
    ['missed one run', succeeded, '2026-01-16T02:04:00Z'],
    ['is at it for the second time', succeeded.replace('}', ', active: [{name: x}]}'), '2026-01-14T02:10:00Z'],
  ])('counts where it %s', (_, status, now) => {
    expect(judge(backupScheduleMissing, own(status), now).verdict).toBe('pass');
  });

  it('does not once its last success is older than twice its interval', () => {
    expect(judge(backupScheduleMissing, own(succeeded), '2026-01-16T02:06:00Z')).toEqual({
      verdict: 'fail',
      message:
        'the last success of the schedule shop/nightly, on 2026-01-14 02:05 UTC, is older than twice its interval; the next run is due 2026-01-17 02:00 UTC',
      command: 'schedule describe nightly --context test -n shop',
      count: 1,
    });
    const failed = succeeded.replace('2026-01-14T02:00', '2026-01-16T02:00');
    expect(judge(backupScheduleMissing, own(failed), '2026-01-16T02:06:00Z').message).toContain(
      'interval: the run of 2026-01-16 02:00 UTC failed; the next',
    );
  });

  const first = '{lastScheduleTime: "2026-01-11T02:00:00Z"}';
  const under = first.replace('}', ', active: [{name: x}]}');
  const never = 'no run of the schedule shop/nightly has succeeded yet';

  it.each([
    [
      '10T12:10',
      own('{}'),
      'the first run of the schedule shop/nightly is still to come, at 2026-01-11 02:00 UTC',
      'run',
    ],
    ['11T02:10', own(under), 'the first run of the schedule shop/nightly is under way', 'describe'],
    [
      '11T03:00',
      own(first),
      `${never}: the run of 2026-01-11 02:00 UTC failed; the next run is due 2026-01-12 02:00 UTC`,
      'describe',
    ],
    ['14T03:00', own('{}'), `${never}; the next run is due 2026-01-15 02:00 UTC`, 'describe'],
    ['14T03:00', own(succeeded, { spec: 'suspend: true' }), 'the schedule shop/nightly is paused', 'unpause'],
  ])('does not count before it has worked, and while it is paused (%s)', (when, text, message, word) => {
    expect(judge(backupScheduleMissing, text, `2026-01-${when}:00Z`)).toEqual({
      verdict: 'fail',
      message,
      command: `schedule ${word} nightly --context test -n shop`,
      count: 1,
    });
  });

  it('counts as a backup of the app once it has made one', () => {
    expect(judge(backupMissing, own('{}'), '2026-01-10T12:10:00Z').message).toContain('first run');
    expect(judge(backupMissing, own(succeeded), '2026-03-01T00:00:00Z').verdict).toBe('pass');
    expect(judge(backupMissing, made('a', 'Failed', '2026-01-10T12:10:00Z'), '2026-01-11T00:00:00Z').message).toBe(
      'the backup "a" is Failed, and there is no other',
    );
  });

  it('is not missed where another one saves the same, and not made good by one that saves something else', () => {
    const now = '2026-01-15T12:00:00Z';
    expect(judge(backupScheduleMissing, own('{}') + own(succeeded, { name: 'hourly' }), now).verdict).toBe('pass');
    const other = own(succeeded, { name: 'theirs', saves: 'queue' });
    expect(judge(backupScheduleMissing, own('{}') + other, now)).toMatchObject({ verdict: 'fail', count: 1 });
    expect(judge(backupScheduleMissing, other, now).message).toContain('no backup runs by itself');
  });

  it('is not made good by what it has left in a store, as another one is', () => {
    const now = '2026-01-18T12:00:00Z';
    const kept: BackupEvidence = {
      about: 'backup',
      tool: 'nowwhat',
      file: 's3://kept',
      backup: 'nightly-1',
      date: '2026-01-14',
      spec: { includedNamespaces: ['shop'] },
      schedule: 'nightly',
      withoutData: [],
    };
    expect(judge(backupScheduleMissing, own(succeeded), now, [kept]).verdict).toBe('fail');
    expect(judge(backupScheduleMissing, own(succeeded), now, [{ ...kept, schedule: 'far' }]).verdict).toBe('pass');
  });

  it('counts by being there where nobody tells of its runs', () => {
    const file = own('{}').replace('status: {}\n', '');
    expect(runOnText(backupScheduleMissing, app + file).outcome).toBe('pass');
  });
});

describe('a schedule of Velero in a cluster', () => {
  const now = '2026-01-15T12:00:00Z';
  const last = '{phase: Enabled, lastBackup: "2026-01-15T02:00:00Z"}';
  const told = (text: string) => judge(backupScheduleMissing, text, now);

  it('counts by its newest completed backup, and by the last one begun where none is seen', () => {
    expect(told(velero(last)).verdict).toBe('pass');
    expect(told(velero(last) + made('a', 'Completed', '2026-01-15T02:03:00Z')).verdict).toBe('pass');
    const failing = made('a', 'Completed', '2026-01-12T02:03:00Z') + made('b', 'Failed', '2026-01-15T02:03:00Z');
    expect(told(velero(last) + failing)).toEqual({
      verdict: 'fail',
      message:
        'the last success of the schedule velero/daily, on 2026-01-12 02:03 UTC, is older than twice its interval: its backup "b" is Failed; the next run is due 2026-01-16 02:00 UTC',
      command: undefined,
      count: 1,
    });
    expect(told(velero(last) + made('c', 'Completed', '2026-01-15T02:03:00Z', 'other')).verdict).toBe('pass');
  });

  it('is at it for the first time', () => {
    expect(
      judge(backupScheduleMissing, velero(last) + made('a', 'InProgress', now), '2026-01-11T02:10:00Z').message,
    ).toBe('the first run of the schedule velero/daily is under way');
  });

  it.each([
    ['was begun too long ago', velero('{lastBackup: "2026-01-12T02:00:00Z"}'), /older than twice/],
    ['never was', velero('{phase: Enabled}'), /no run of the schedule velero\/daily has succeeded yet; the next/],
    ['was only ever partial', velero(last) + made('a', 'PartiallyFailed', '2026-01-15T02:03:00Z'), /"a" is Partially/],
    ['is paused', velero(last, 'paused: true'), /is paused$/],
    [
      'is refused',
      velero('{phase: FailedValidation, validationErrors: ["invalid schedule: x."]}'),
      /is refused: invalid schedule: x$/,
    ],
  ])('does not where it %s', (_, text, message) => {
    expect(told(text)).toMatchObject({ verdict: 'fail', message: expect.stringMatching(message) });
  });
});

describe('a schedule of drills in a cluster', () => {
  const ok = '{lastScheduleTime: "2026-01-11T04:00:00Z", lastSuccessfulTime: "2026-01-11T04:05:00Z"}';

  it('counts where the last one succeeded lately', () => {
    expect(judge(restoreDrill, drills(ok), '2026-01-15T00:00:00Z').verdict).toBe('pass');
  });

  it.each([
    [drills('{}'), '2026-01-10T13:00:00Z', 'at 2026-01-11 04:00 UTC', 'run'],
    [drills(ok, 'suspend: true'), '2026-01-15T00:00:00Z', 'weekly is paused', 'unpause'],
    [drills(ok), '2026-01-26T00:00:00Z', 'older than twice its interval; the next', 'describe'],
  ])('does not before, while it is paused, and once they are late', (text, now, message, word) => {
    expect(judge(restoreDrill, text, now)).toMatchObject({
      verdict: 'unknown',
      message: expect.stringContaining(message),
      command: `schedule ${word} weekly --context test -n shop`,
    });
  });
});
