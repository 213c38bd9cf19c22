import { describe, expect, it } from 'vitest';
import type { JsonObject, Snapshot } from '../../model/index.ts';
import type { Check } from '../check.ts';
import { runOnText } from '../run-on-text.ts';
import { backupHookMissing } from './backup-hook-missing.ts';
import { backupMissing } from './backup-missing.ts';
import { backupPaused } from './backup-paused.ts';
import { backupRetentionImplicit } from './backup-retention-implicit.ts';
import { backupScheduleMissing } from './backup-schedule-missing.ts';
import { restoreDrill } from './restore-drill.ts';
import { backupStoreInCluster } from './backup-store-in-cluster.ts';
import { backupStoreInsecure } from './backup-store-insecure.ts';
import { backupWithoutVolumes } from './backup-without-volumes.ts';
import { hostPathNotCaptured } from './host-path-not-captured.ts';
import { namespaceNotBackedUp } from './namespace-not-backed-up.ts';

const velero = (kind: string, spec: string, name = 'nightly') => `---
apiVersion: velero.io/v1
kind: ${kind}
metadata: {name: ${name}, namespace: velero}
spec: {${spec}}
`;
const pod = (spec: string, metadata = 'name: web, namespace: shop') => `---
apiVersion: v1
kind: Pod
metadata: {${metadata}}
spec: {${spec}}
`;
const web = pod('containers: [{name: web, image: web}]');
const claim = '---\napiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: data}\nspec: {}\n';
const statefulSet = (templates: string) => `---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db}
spec:
  selector: {matchLabels: {app: db}}
  template: {metadata: {labels: {app: db}}, spec: {containers: [{name: db, image: db}]}}
  volumeClaimTemplates: ${templates}
`;
const cronJob = (command: string, more = '') => `---
apiVersion: batch/v1
kind: CronJob
metadata: {name: job}
spec: {${more}schedule: "0 3 * * *", jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: job, image: job, command: [${command}]}]}}}}}
`;
const outcome = (check: Check, text: string) => runOnText(check, text).outcome;

describe('an app that nothing backs up', () => {
  it.each([
    ['with a claim', claim, 'high'],
    ['with templates of claims', statefulSet('[{metadata: {name: data}}]'), 'high'],
    ['without templates of claims', statefulSet('[]'), 'medium'],
    ['with a job that does something else', cronJob('web, report'), 'medium'],
    ['without data', '', 'medium'],
  ])('%s is told', (_, more, severity) => {
    expect(runOnText(backupMissing, web + more).findings).toEqual([expect.objectContaining({ severity })]);
  });

  it('is none where a job dumps the database', () => {
    expect(outcome(backupMissing, web + cronJob('pg_dump, shop'))).toBe('pass');
    expect(outcome(backupMissing, claim)).toBe('not-applicable');
  });
});

describe('a schedule of backups', () => {
  it('is asked for where something is backed up at all', () => {
    expect(outcome(backupScheduleMissing, web + velero('Backup', ''))).toBe('fail');
    expect(outcome(backupScheduleMissing, web + velero('Schedule', ''))).toBe('pass');
    expect(outcome(backupScheduleMissing, web)).toBe('not-applicable');
    expect(outcome(backupScheduleMissing, velero('Backup', ''))).toBe('not-applicable');
  });

  it('may be switched off, each kind in its own way', () => {
    const paths = (text: string) => runOnText(backupPaused, text).findings.map(({ path }) => path);
    expect(paths(velero('Schedule', 'paused: true'))).toEqual(['/spec/paused']);
    expect(paths(cronJob('pg_dump, shop', 'suspend: true, '))).toEqual(['/spec/suspend']);
    expect(paths(cronJob('web, report', 'suspend: true, '))).toEqual([]);
  });
});

describe('what a backup keeps', () => {
  it.each([
    ['Schedule', 'template: {}', '/spec/template/ttl'],
    ['Backup', 'storageLocation: default', '/spec/ttl'],
  ])('a %s should say how long', (kind, spec, path) => {
    expect(runOnText(backupRetentionImplicit, velero(kind, spec)).findings).toEqual([
      expect.objectContaining({ path }),
    ]);
  });

  it.each([
    ['Schedule', 'template: {ttl: 2160h}'],
    ['Backup', 'ttl: 2160h'],
  ])('a %s says how long', (kind, spec) => {
    expect(outcome(backupRetentionImplicit, velero(kind, spec))).toBe('pass');
  });

  it.each([
    ['Schedule', 'template: {snapshotVolumes: false}', claim, '/spec/template/snapshotVolumes'],
    ['Backup', 'snapshotVolumes: false', claim, '/spec/snapshotVolumes'],
    ['Backup', 'snapshotVolumes: false', statefulSet('[{metadata: {name: data}}]'), '/spec/snapshotVolumes'],
  ])('a %s leaves volumes out: %s', (kind, spec, data, path) => {
    expect(runOnText(backupWithoutVolumes, velero(kind, spec) + data).findings).toEqual([
      expect.objectContaining({ path }),
    ]);
  });

  it.each([
    ['copies files instead', 'snapshotVolumes: false, defaultVolumesToFsBackup: true', claim],
    ['leaves it to the default', 'ttl: 1h', claim],
    ['has none to save', 'snapshotVolumes: false', statefulSet('[]')],
  ])('a Backup does not leave volumes out where it %s', (_, spec, data) => {
    expect(outcome(backupWithoutVolumes, velero('Backup', spec) + data)).toBe('pass');
  });
});

describe('namespaces of backups', () => {
  it.each([
    ['', 'pass'],
    ['includedNamespaces: []', 'pass'],
    ['includedNamespaces: ["*"]', 'pass'],
    ['includedNamespaces: [shop]', 'pass'],
    ['includedNamespaces: ["sh*"]', 'pass'],
    ['includedNamespaces: [sh]', 'fail'],
    ['includedNamespaces: [other, shop-dev]', 'fail'],
    ['includedNamespaces: ["*"], excludedNamespaces: [shop]', 'fail'],
    ['excludedNamespaces: [other]', 'pass'],
  ])('with %s: %s', (template, verdict) => {
    expect(outcome(namespaceNotBackedUp, web + velero('Schedule', `template: {${template}}`))).toBe(verdict);
  });

  it('are enough in one of several backups, and are told at the first', () => {
    const other = (name: string) => velero('Backup', 'includedNamespaces: [other]', name);
    expect(outcome(namespaceNotBackedUp, web + other('a') + velero('Backup', '', 'b'))).toBe('pass');
    expect(runOnText(namespaceNotBackedUp, web + other('a') + other('b')).findings).toEqual([
      expect.objectContaining({ subject: expect.objectContaining({ kind: 'Backup', name: 'a' }), path: '/spec' }),
    ]);
    expect(outcome(namespaceNotBackedUp, web)).toBe('not-applicable');
    expect(outcome(namespaceNotBackedUp, other('a'))).toBe('not-applicable');
  });
});

describe('hooks of a database', () => {
  const database = (more = '') =>
    pod(
      `containers: [{name: db, image: "docker.io/library/postgres:17", volumeMounts: [{name: data, mountPath: /data}]}]`,
      `name: db${more}`,
    );
  const schedule = velero('Schedule', 'template: {}');

  it.each([
    ['missing', database() + schedule, 'fail'],
    ['on the pods', database(', annotations: {pre.hook.backup.velero.io/command: "[]"}') + schedule, 'pass'],
    ['not in another annotation', database(', annotations: {example.com/a: b}') + schedule, 'fail'],
    ['in a schedule', database() + velero('Schedule', 'template: {hooks: {resources: [{name: db}]}}'), 'pass'],
    ['not asked for without Velero', database(), 'not-applicable'],
    [
      'not asked for without a volume',
      database().replace('[{name: data, mountPath: /data}]', '[]') + schedule,
      'not-applicable',
    ],
    ['not asked of other programs', database().replace('postgres:17', 'web:1') + schedule, 'not-applicable'],
    [
      'not asked of what runs before',
      database().replace('containers:', 'containers: [], initContainers:') + schedule,
      'not-applicable',
    ],
    [
      'not asked of a job',
      `---
apiVersion: batch/v1
kind: Job
metadata: {name: dump}
spec: {template: {spec: {restartPolicy: Never, containers: [{name: db, image: "postgres:17", volumeMounts: [{name: data, mountPath: /data}]}]}}}
${schedule}`,
      'not-applicable',
    ],
  ])('are %s', (_, text, verdict) => {
    expect(outcome(backupHookMissing, text)).toBe(verdict);
  });
});

describe('a backup store', () => {
  const store = (config: string) => velero('BackupStorageLocation', `config: {${config}}`);

  it.each([
    ['s3Url: http://minio.example.com', 's3Url begins with http:'],
    ['s3Url: https://minio.example.com, insecureSkipTLSVerify: "true"', 'insecureSkipTLSVerify is "true"'],
  ])('%s is not safe on the way', (config, evidence) => {
    expect(runOnText(backupStoreInsecure, store(config)).findings).toEqual([expect.objectContaining({ evidence })]);
  });

  it('is safe with TLS, and may be one that has no address', () => {
    expect(outcome(backupStoreInsecure, store('s3Url: https://minio.example.com'))).toBe('pass');
    expect(outcome(backupStoreInsecure, store('insecureSkipTLSVerify: "false"'))).toBe('pass');
    expect(outcome(backupStoreInCluster, store('region: eu'))).toBe('pass');
    expect(outcome(backupStoreInCluster, store('s3Url: http://minio.velero.svc:9000'))).toBe('fail');
  });
});

describe('data on host paths', () => {
  const volumes = (...paths: string[]) =>
    pod(
      `volumes: [{name: e, emptyDir: {}}, ${paths.map((path) => `{name: v, hostPath: {path: ${path}}}`).join(', ')}], containers: []`,
    );

  it('is told for each path that may hold data', () => {
    const text = volumes('/data', '/', '/proc', '/var/log/pods', '/procession');
    expect(runOnText(hostPathNotCaptured, text).findings.map(({ path }) => path)).toEqual([
      '/spec/volumes/1/hostPath',
      '/spec/volumes/5/hostPath',
    ]);
    expect(outcome(hostPathNotCaptured, pod('volumes: [{name: e, emptyDir: {}}], containers: []'))).toBe(
      'not-applicable',
    );
  });
});

describe('of a cluster', () => {
  const inNamespace = (schedule: JsonObject, listed = true) => ({
    snapshot: (snapshot: Snapshot): Snapshot => ({
      ...snapshot,
      facts: {
        ...snapshot.facts,
        cluster: {
          context: 'prod',
          serverVersion: 'v1.34.0',
          namespaces: ['shop'],
          notListed: [],
          beside: {
            objects: [
              {
                apiVersion: 'velero.io/v1',
                kind: 'Schedule',
                metadata: { name: 'n', namespace: 'velero' },
                spec: { template: schedule },
                status: { lastBackup: '2026-01-15T00:00:00Z' },
              },
            ].slice(0, listed ? 1 : 0),
            whole: listed
              ? ['velero.io/Schedule', 'velero.io/Backup', 'config.kio.kasten.io/Policy', 'longhorn.io/RecurringJob']
              : [],
            unread: [],
            kubelets: [],
          },
        },
      },
    }),
  });

  it('schedules count that stand in another namespace than those that were read', () => {
    const settings = inNamespace({ includedNamespaces: ['shop'] });
    expect(runOnText(backupMissing, web, settings).outcome).toBe('pass');
    expect(runOnText(namespaceNotBackedUp, web, settings).outcome).toBe('pass');
    expect(runOnText(namespaceNotBackedUp, web, inNamespace({ includedNamespaces: ['bank'] })).outcome).toBe('fail');
  });

  it('it is not known whether there is one where the user may not look', () => {
    expect(runOnText(backupMissing, web, inNamespace({}, false)).outcome).toBe('unknown');
  });
});

describe('a schedule of our own', () => {
  const schedule = (args: string, note = '{"spec": {}}', label = 'nowwhat.dev/schedule: nightly') => `---
apiVersion: batch/v1
kind: CronJob
metadata: {name: nightly, namespace: shop, labels: {${label}}}
spec:
  schedule: 0 2 * * *
  jobTemplate:
    spec:
      template:
        metadata: {annotations: {nowwhat.dev/backup: '${note}'}}
        spec: {restartPolicy: Never, containers: [{name: backup, image: r.test/nowwhat:1, args: [${args}]}]}
`;
  const all = '{"spec": {"defaultVolumesToFsBackup": true}}';
  const annotated = pod(
    'containers: [{name: web, image: web}]',
    'name: web, annotations: {backup.velero.io/backup-volumes: data}',
  );

  it('is none without its marks', () => {
    expect(outcome(backupMissing, web + schedule('x', all))).toBe('pass');
    expect(outcome(backupMissing, web + schedule('x', 'no JSON', 'app: x'))).toBe('fail');
  });

  it.each([
    ['volumes that no pod names', web + schedule('x'), 'fail'],
    ['volumes that a pod names', annotated + schedule('x'), 'pass'],
    ['all volumes', web + schedule('x', all), 'pass'],
    ['no volumes at all', annotated + schedule('--no-volumes', all), 'fail'],
    ['dumps', web + schedule('--no-volumes, --dump, auto'), 'pass'],
  ])('with %s', (_, app, expected) => {
    expect(outcome(backupWithoutVolumes, claim + app)).toBe(expected);
  });

  it('saves directories of the node, which Velero refuses', () => {
    const local = pod('containers: [{name: web, image: web}], volumes: [{name: d, hostPath: {path: /data}}]');
    expect(outcome(hostPathNotCaptured, local)).toBe('fail');
    expect(outcome(hostPathNotCaptured, local + schedule('x', all))).toBe('not-applicable');
    expect(outcome(hostPathNotCaptured, local + schedule('--no-volumes', all))).toBe('fail');
  });

  it('is seen in other namespaces of a cluster', () => {
    const note = '{"spec": {"includedNamespaces": ["shop"]}}';
    expect(outcome(namespaceNotBackedUp, web + schedule('x', note))).toBe('pass');
    expect(outcome(namespaceNotBackedUp, web + schedule('x', '{"spec": {"includedNamespaces": ["queue"]}}'))).toBe(
      'fail',
    );
  });
});

describe('a schedule of drills', () => {
  const drills = (status: string, more = '') => `---
apiVersion: batch/v1
kind: CronJob
metadata: {name: weekly, namespace: shop, labels: {nowwhat.dev/schedule: weekly}}
spec:
  schedule: "0 4 * * 0"
  ${more}
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: Never
          containers:
            - name: backup
              image: nowwhat
              args: [drill, --from-schedule, nightly, --into, "shop:shop-drill-weekly", --volume-image, docker.io/kopia/kopia:1]
status: ${status}
`;
  const ok = '{lastScheduleTime: "2026-01-04T04:00:00Z", lastSuccessfulTime: "2026-01-04T04:05:00Z"}';
  const told = (text: string) => runOnText(restoreDrill, text);

  it('is enough where its last one succeeded lately, and there are no data', () => {
    expect(told(web + drills(ok)).outcome).toBe('pass');
    const withData = told(web + claim + drills(ok)).findings;
    expect(withData).toEqual([
      expect.objectContaining({ verdict: 'unknown', message: expect.stringContaining('succeeded on 2026-01-04') }),
    ]);
  });

  it.each([
    [
      'failed after it',
      '{lastScheduleTime: "2026-01-11T04:00:00Z", lastSuccessfulTime: "2026-01-04T04:05:00Z"}',
      'fail',
    ],
    ['is under way', '{lastScheduleTime: "2026-01-11T04:00:00Z", active: [{name: weekly-1}]}', 'unknown'],
    ['never was', '{}', 'unknown'],
    ['is too long ago', ok.replaceAll('2026-01', '2025-11'), 'unknown'],
  ])('is not where one %s', (_, status, verdict) => {
    expect(told(web + drills(status)).findings).toEqual([expect.objectContaining({ verdict })]);
  });

  it('counts for the namespaces that it tries, and is no backup, whatever programs it names', () => {
    const elsewhere = drills(ok).replace('shop:shop-drill', 'queue:queue-drill');
    expect(told(web + elsewhere).findings).toEqual([expect.objectContaining({ verdict: 'unknown' })]);
    expect(outcome(backupMissing, web + drills(ok))).toBe('fail');
  });
});
