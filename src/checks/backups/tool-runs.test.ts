import { describe, expect, it } from 'vitest';
import { clusterOf } from '../../../test/kubernetes/cluster-snapshot.ts';
import { runOnText } from '../run-on-text.ts';
import { backupScheduleMissing } from './backup-schedule-missing.ts';

const app = `
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec: {containers: [{name: web, image: web}]}
---
apiVersion: v1
kind: Node
metadata: {name: n1}
status: {conditions: [{type: Ready, status: "True", lastHeartbeatTime: "2026-01-20T12:00:00Z"}]}
`;

const old = 'creationTimestamp: "2026-01-10T12:00:00Z"';

function messageOf(text: string): string {
  const input = `${app}${text}`;
  const { outcome, findings } = runOnText(backupScheduleMissing, input, {
    today: '2026-01-20',
    snapshot: () => clusterOf(input),
  });
  return outcome === 'fail' ? (findings[0]?.message ?? '') : String(outcome);
}

interface Case {
  readonly name: string;
  /** `fields`: of its spec; `status`: of its own. */
  readonly schedule: (fields: string, status: string) => string;
  /** What a run has made, at a time of its end. */
  readonly made: (phase: string, time: string) => string;
  readonly phases: readonly [good: string, bad: string, running: string];
  readonly paused?: string;
}

const k8up: Case = {
  name: 'K8up',
  schedule: (_fields, status) => `---
apiVersion: k8up.io/v1
kind: Schedule
metadata: {name: nightly, namespace: shop, ${old}}
spec: {backup: {schedule: "@daily-random"}}
status: {effectiveSchedules: [{jobType: check, generatedSchedule: "0 1 1 1 *"}, {jobType: backup, generatedSchedule: "0 2 * * *"}], ${status}}
`,
  made: (phase, time) => `---
apiVersion: k8up.io/v1
kind: Backup
metadata: {name: nightly-backup-x, namespace: shop, creationTimestamp: "${time}", ownerReferences: [{apiVersion: k8up.io/v1, kind: Schedule, name: nightly, uid: u}]}
spec: {}
status: {started: true, conditions: [${phase === '' ? '' : `{type: Completed, status: "True", reason: ${phase}, lastTransitionTime: "${time}"}`}]}
`,
  phases: ['Succeeded', 'Failed', ''],
};

const cloudNativePg: Case = {
  name: 'CloudNativePG',
  schedule: (fields, status) => `---
apiVersion: postgresql.cnpg.io/v1
kind: ScheduledBackup
metadata: {name: nightly, namespace: shop, ${old}}
spec: {schedule: "0 0 2 * * *", cluster: {name: db}, ${fields}}
status: {${status}}
`,
  made: (phase, time) => `---
apiVersion: postgresql.cnpg.io/v1
kind: Backup
metadata: {name: nightly-x, namespace: shop, creationTimestamp: "${time}", labels: {cnpg.io/scheduled-backup: nightly}}
spec: {cluster: {name: db}}
status: {phase: ${phase}, stoppedAt: "${time}"}
`,
  phases: ['completed', 'failed', 'running'],
  paused: 'suspend: true',
};

function stashLike(name: string, group: string, version: string, spec: string): Case {
  return {
    name,
    schedule: (fields, status) => `---
apiVersion: ${group}/${version}
kind: BackupConfiguration
metadata: {name: nightly, namespace: shop, ${old}}
spec: {${spec}, ${fields}}
status: {${status}}
`,
    made: (phase, time) => `---
apiVersion: ${group}/${version}
kind: BackupSession
metadata: {name: nightly-x, namespace: shop, creationTimestamp: "${time}"}
spec: {invoker: {apiGroup: ${group}, kind: BackupConfiguration, name: nightly}}
status: {phase: ${phase}}
`,
    phases: ['Succeeded', 'Failed', 'Running'],
    paused: 'paused: true',
  };
}

const kasten: Case = {
  name: 'Kasten',
  schedule: (fields, status) => `---
apiVersion: config.kio.kasten.io/v1alpha1
kind: Policy
metadata: {name: nightly, namespace: kasten-io, ${old}}
spec: {frequency: "@daily", actions: [{action: backup}], ${fields}}
status: {${status}}
`,
  made: (phase, time) => `---
apiVersion: actions.kio.kasten.io/v1alpha1
kind: RunAction
metadata: {name: run-x, namespace: kasten-io, creationTimestamp: "${time}", labels: {k10.kasten.io/policyName: nightly, k10.kasten.io/policyNamespace: kasten-io}}
spec: {}
status: {state: ${phase}, endTime: "${time}"}
`,
  phases: ['Complete', 'Failed', 'Running'],
  paused: 'paused: true',
};

const cases = [
  k8up,
  cloudNativePg,
  stashLike('Stash', 'stash.appscode.com', 'v1beta1', 'schedule: "0 2 * * *"'),
  stashLike('KubeStash', 'core.kubestash.com', 'v1alpha1', 'sessions: [{name: s, scheduler: {schedule: "0 2 * * *"}}]'),
  kasten,
];

const [today, longAgo] = ['2026-01-20T02:05:00Z', '2026-01-12T02:05:00Z'];

describe.each(cases)('a schedule of $name', ({ schedule, made, phases: [good, bad, running], paused }) => {
  const plain = schedule('', '');

  it('counts while its last run has succeeded', () => {
    expect(messageOf(plain + made(good, today))).toBe('pass');
  });

  it('is told where its last success is long ago', () => {
    expect(messageOf(plain + made(good, longAgo))).toMatch(
      /^the last success of .*nightly, on 2026-01-12 02:05 UTC, is older/,
    );
  });

  it('is told where its only run has failed', () => {
    expect(messageOf(plain + made(bad, today))).toMatch(
      /^no run of .*nightly has succeeded yet: its .* is [Ff]ailed; the next run/,
    );
  });

  it('is told where none of the runs that were due is there', () => {
    expect(messageOf(plain)).toMatch(/^no run of .*nightly has succeeded yet; the next run/);
  });

  it('is told where its first run is under way', () => {
    const young = plain.replace('2026-01-10T12:00:00Z', '2026-01-20T01:00:00Z');
    expect(messageOf(young + made(running, today))).toMatch(/^the first run of .* is under way/);
    expect(messageOf(young)).toMatch(/^the first run of .* is still to come/);
  });

  it.runIf(paused !== undefined)('is told where it is paused', () => {
    expect(messageOf(schedule(paused ?? '', '') + made(good, today))).toMatch(/^the schedule .*nightly is paused/);
  });

  it('is not judged by the runs of another one', () => {
    expect(messageOf(plain + made(good, today).replaceAll('nightly', 'weekly'))).not.toBe('pass');
  });
});

const volSync = (spec: string, status: string) => `---
apiVersion: volsync.backube/v1alpha1
kind: ReplicationSource
metadata: {name: data, namespace: shop, ${old}}
spec: {sourcePVC: data, ${spec}}
status: {${status}}
`;

describe('a ReplicationSource of VolSync', () => {
  const daily = 'trigger: {schedule: "0 2 * * *"}';

  it.each([
    [daily, `lastSyncTime: "${today}"`, /^pass$/],
    [daily, `lastSyncTime: "${longAgo}"`, /older than twice its interval; the next run/],
    [
      daily,
      `lastSyncTime: "${longAgo}", latestMoverStatus: {result: Failed}`,
      /older than twice its interval: its latest mover has failed/,
    ],
    [
      daily,
      'conditions: [{type: Synchronizing, status: "False", reason: Error, message: "no such claim"}]',
      /has succeeded yet: no such claim/,
    ],
    [`${daily}, paused: true`, `lastSyncTime: "${today}"`, /is paused$/],
    ['trigger: {manual: now}', `lastSyncTime: "${longAgo}"`, /^pass$/],
  ])('with %s and the status %s', (spec, status, expected) => {
    expect(messageOf(volSync(spec, status))).toMatch(expected);
  });
});

it('a schedule of K8up or Kasten that is refused says why', () => {
  const refused = 'conditions: [{type: Ready, status: "False", reason: Failed, message: "cannot add to cron: x"}]';
  expect(messageOf(k8up.schedule('', refused))).toMatch(/is refused: cannot add to cron: x$/);
  expect(messageOf(kasten.schedule('', 'validation: Failed, error: ["no such profile"]'))).toMatch(
    /is refused: no such profile$/,
  );
});

it('a schedule that only checks, and a policy that only imports, save nothing', () => {
  const backup = '---\napiVersion: velero.io/v1\nkind: Backup\nmetadata: {name: b, namespace: velero}\nspec: {}\n';
  const checks = k8up.schedule('', '').replace('backup: {schedule: "@daily-random"}', 'check: {schedule: "@daily"}');
  expect(messageOf(backup + checks)).toMatch(/^no backup runs by itself/);
  const imports = kasten.schedule('', '').replace('action: backup', 'action: import');
  expect(messageOf(backup + imports)).toMatch(/^no backup runs by itself/);
});

describe('a RecurringJob of Longhorn', () => {
  const job = (task: string) => `---
apiVersion: longhorn.io/v1beta2
kind: RecurringJob
metadata: {name: nightly, namespace: longhorn-system, ${old}}
spec: {cron: "0 2 * * *", task: ${task}}
status: {ownerID: n1, executionCount: 9}
`;
  const runner = (status: string) => `---
apiVersion: batch/v1
kind: CronJob
metadata: {name: nightly, namespace: longhorn-system, ${old}}
spec: {schedule: "0 2 * * *", jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: c, image: l.test/longhorn-manager:1}]}}}}}
status: {${status}}
`;

  it('counts as long as its CronJob succeeds', () => {
    const good = `lastScheduleTime: "${today}", lastSuccessfulTime: "${today}"`;
    expect(messageOf(job('backup') + runner(good))).toBe('pass');
    expect(messageOf(job('backup') + runner(`lastScheduleTime: "${today}"`))).toMatch(/has succeeded yet: the run of/);
    // Nobody tells of runs.
    expect(messageOf(job('backup'))).toBe('pass');
  });

  it('that only tidies up saves nothing', () => {
    expect(messageOf(k8up.schedule('', '') + k8up.made('Succeeded', today) + job('filesystem-trim'))).toBe('pass');
    const backup = '---\napiVersion: velero.io/v1\nkind: Backup\nmetadata: {name: b, namespace: velero}\nspec: {}\n';
    expect(messageOf(backup + job('filesystem-trim'))).toMatch(/^no backup runs by itself/);
  });
});
