import { describe, expect, it } from 'vitest';
import { asObject, type JsonObject, valueAt } from '../../model/index.ts';
import { assembleSchedule, type ScheduleWish } from './assemble-schedule.ts';
import { toCronJobTime } from './cron-job-time.ts';
import { backupNameOf, checkScheduleName, isOf } from './schedule-marks.ts';
import { jobByHand, missedRun, viewSchedule } from './schedule-view.ts';
import { storeInPod } from './store-in-pod.ts';

const wish: ScheduleWish = {
  namespace: 'backups',
  name: 'nightly',
  time: toCronJobTime('CRON_TZ=Europe/Berlin 0 2 * * *'),
  paused: false,
  startWithin: 86_400,
  runWithin: 3600,
  backup: { spec: { includedNamespaces: ['shop'] }, labels: { team: 'a' }, annotations: {} },
  words: [
    '--context',
    '.',
    '--store',
    's3://kept',
    '--yes',
    '--hooks',
    '--keep-daily',
    '7',
    '--time-zone',
    'Europe/Berlin',
  ],
  image: 'registry.test/nowwhat:1',
  credentials: { secret: 'store', keys: ['cloud'] },
  ports: [443, 6443],
  storeInCluster: false,
  accountAnnotations: {},
  access: {
    namespaces: ['shop'],
    inNamespaces: [{ apiGroups: [''], resources: ['pods'], verbs: ['list'] }],
    inCluster: [{ apiGroups: [''], resources: ['namespaces'], resourceNames: ['shop'], verbs: ['get'] }],
  },
};

function cronJob(changes: Partial<ScheduleWish> = {}): JsonObject {
  const made = assembleSchedule({ ...wish, ...changes }).find(({ kind }) => kind === 'CronJob') ?? {};
  const metadata = { ...asObject(made['metadata']), uid: 'u1', creationTimestamp: '2026-11-01T00:00:00Z' };
  return { ...made, metadata };
}

function job(name: string, started: string, condition?: JsonObject, uid = 'u1'): JsonObject {
  const conditions = condition === undefined ? [] : [{ status: 'True', ...condition }];
  return {
    metadata: { name, ownerReferences: [{ kind: 'CronJob', uid }] },
    status: { startTime: started, conditions },
  };
}

const now = Date.parse('2026-11-29T12:00:00Z');

describe('the objects of a schedule', () => {
  const objects = assembleSchedule(wish);

  it('all bear its marks; where it runs it may look at its own runs, and where it saves do what that needs', () => {
    expect(objects.every((each) => isOf(wish, each))).toBe(true);
    expect(
      objects.map(({ kind, metadata }) => `${kind as string} ${(asObject(metadata)['namespace'] as string) ?? ''}`),
    ).toEqual([
      'ServiceAccount backups',
      'ClusterRole ',
      'ClusterRoleBinding ',
      'Role shop',
      'RoleBinding shop',
      'Role backups',
      'RoleBinding backups',
      'NetworkPolicy backups',
      'CronJob backups',
    ]);
  });

  it('have one role where it saves the namespace that it runs in', () => {
    const rulesIn = (changes: Partial<ScheduleWish['access']>): string[] =>
      assembleSchedule({ ...wish, access: { ...wish.access, ...changes } })
        .filter(({ kind }) => kind === 'Role')
        .map(({ metadata, rules }) => `${asObject(metadata)['namespace'] as string}: ${JSON.stringify(rules)}`);
    const jobs = '{"apiGroups":["batch"],"resources":["jobs"],"verbs":["list"]}';
    expect(rulesIn({ namespaces: ['backups'] })).toEqual([
      `backups: [{"apiGroups":[""],"resources":["pods"],"verbs":["list"]},${jobs}]`,
    ]);
    const all = { namespaces: [], inNamespaces: [] };
    expect(rulesIn(all)).toEqual([`backups: [${jobs}]`]);
    // Whoever lists Jobs of all namespaces lists these, too.
    expect(rulesIn({ ...all, inCluster: [{ apiGroups: ['batch'], resources: ['jobs'], verbs: ['list'] }] })).toEqual(
      [],
    );
  });

  it('run one at a time, as nobody in particular, with what the level restricted wants', () => {
    const made = cronJob();
    expect(valueAt(made, ['spec', 'concurrencyPolicy'])).toBe('Forbid');
    const pod = asObject(valueAt(made, ['spec', 'jobTemplate', 'spec', 'template', 'spec']));
    expect(pod).toMatchObject({
      securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
      containers: [
        {
          securityContext: {
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ['ALL'] },
          },
        },
      ],
    });
  });

  it('bring policies along as a file of their own', () => {
    const template = (made: JsonObject): JsonObject =>
      asObject(valueAt(made, ['spec', 'jobTemplate', 'spec', 'template']));
    const plain = JSON.stringify(template(cronJob()));
    expect(plain).not.toContain('resource-policies');
    const made = template(cronJob({ policies: 'version: v1\n' }));
    expect(valueAt(made, ['metadata', 'annotations', 'nowwhat.dev/resource-policies'])).toBe('version: v1\n');
    expect(JSON.stringify(made)).toContain('"--resource-policies","/etc/nowwhat/policies.yaml"');
    expect(JSON.stringify(valueAt(made, ['spec', 'volumes', 0]))).toContain('"path":"policies.yaml"');
  });

  it('have credentials as a file where the Secret has one, else as variables', () => {
    const names = (keys: readonly string[]): string[] => {
      const made = cronJob({ credentials: { secret: 'store', keys } });
      const containers = valueAt(made, ['spec', 'jobTemplate', 'spec', 'template', 'spec', 'containers', 0, 'env']);
      return (containers as { name: string }[]).map(({ name }) => name).filter((name) => name.startsWith('AWS_'));
    };
    expect(names(['cloud'])).toEqual(['AWS_SHARED_CREDENTIALS_FILE']);
    const variables = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'];
    expect(names(variables)).toEqual(variables);
    expect(names([])).toEqual(['AWS_SHARED_CREDENTIALS_FILE', ...variables]);
  });
});

describe('a schedule', () => {
  it('is seen as it was made', () => {
    expect(viewSchedule(cronJob(), [], now)).toEqual({
      namespace: 'backups',
      name: 'nightly',
      schedule: '0 2 * * *',
      timeZone: 'Europe/Berlin',
      paused: false,
      includes: ['shop'],
      excludes: [],
      store: 's3://kept',
      image: 'registry.test/nowwhat:1',
      volumes: 'named',
      snapshots: 'usual',
      movesData: false,
      keeps: ['--keep-daily', '7', '--time-zone', 'Europe/Berlin'],
      next: ['2026-11-30T01:00:00Z', '2026-12-01T01:00:00Z', '2026-12-02T01:00:00Z'],
      runs: [],
    });
    expect(viewSchedule(cronJob({ paused: true }), [], now)).toMatchObject({ paused: true, next: [] });
    const { labels: _, ...unmarked } = asObject(cronJob()['metadata']);
    expect(viewSchedule({ ...cronJob(), metadata: unmarked }, [], now)).toBeUndefined();
  });

  it('has the runs of its own Jobs, the newest first', () => {
    const jobs = [
      job('a', '2026-11-27T02:00:00Z', { type: 'Complete' }),
      job('b', '2026-11-28T02:00:00Z', {
        type: 'Failed',
        message: 'exit code 1',
        lastTransitionTime: '2026-11-28T02:01:00Z',
      }),
      job('c', '2026-11-29T02:00:00Z'),
      job('foreign', '2026-11-29T02:00:00Z', undefined, 'u2'),
    ];
    const runs = viewSchedule(cronJob(), jobs, now)?.runs ?? [];
    expect(runs.map(({ job: name, result, message }) => [name, result, message])).toEqual([
      ['c', 'running', ''],
      ['b', 'failed', 'exit code 1'],
      ['a', 'succeeded', ''],
    ]);
  });

  it('makes up for what was missed, so long as it is not too late', () => {
    const paused = (lastScheduleTime: string, startWithin: number): JsonObject => ({
      ...cronJob({ paused: true, startWithin }),
      status: { lastScheduleTime },
    });
    expect(missedRun(paused('2026-11-27T01:00:00Z', 86_400), now)).toBe('2026-11-29T01:00:00Z');
    expect(missedRun(paused('2026-11-27T01:00:00Z', 300), now)).toBeUndefined();
    expect(missedRun(paused('2026-11-29T01:00:00Z', 86_400), now)).toBeUndefined();
  });

  it('is run by hand as its CronJob would run it', () => {
    const made = jobByHand(cronJob());
    expect(made['spec']).toEqual(valueAt(cronJob(), ['spec', 'jobTemplate', 'spec']));
    expect(made['metadata']).toMatchObject({
      generateName: 'nightly-by-hand-',
      annotations: { 'cronjob.kubernetes.io/instantiate': 'manual' },
      ownerReferences: [{ kind: 'CronJob', name: 'nightly', uid: 'u1', controller: true }],
    });
  });

  it('has a name that a CronJob can have, and its backups one with a time', () => {
    expect(() => checkScheduleName('n'.repeat(52))).not.toThrow();
    for (const name of ['', 'Nightly', '-a', 'a.b', 'n'.repeat(53)])
      expect(() => checkScheduleName(name)).toThrow('name');
    expect(backupNameOf('nightly', now)).toBe('nightly-20261129120000');
  });
});

describe('a store as pods reach it', () => {
  it('is a bucket', () => {
    expect(() => storeInPod('./kept')).toThrow('a folder of this machine');
    expect(storeInPod('s3://kept/a')).toEqual({ place: 's3://kept/a', port: 443, isInCluster: false });
  });

  it.each([
    ['http://minio.example.com:9000', 9000, false],
    ['http://minio.store.svc', 80, true],
    ['https://minio.store.svc.cluster.local', 443, true],
    ['http://minio', 80, true],
    ['http://10.1.2.3:7070', 7070, true],
  ])('%s', (endpoint, port, isInCluster) => {
    expect(storeInPod(`s3://kept?endpoint=${endpoint}`)).toMatchObject({ port, isInCluster });
  });

  it('has its authority in the Secret', () => {
    const place = 's3://kept/x?endpoint=https://minio.example.com&ca-cert=/home/jana/ca.pem&region=eu';
    expect(storeInPod(place)).toMatchObject({
      place: 's3://kept/x?endpoint=https://minio.example.com&region=eu&ca-cert=/var/run/nowwhat/credentials/ca.pem',
      authorityFile: '/home/jana/ca.pem',
    });
  });
});
