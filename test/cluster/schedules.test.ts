// A backup schedule on a real cluster: a run of its CronJob makes a backup with its own account, which may do that and nothing more; older backups go, and
// deleting it leaves nothing. The store is an S3 server behind a Service; the image holds Node.js and the built program.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { captureInPod, discover } from '../../src/api/index.ts';
import { jobByHand } from '../../src/backup/index.ts';
import { asArray, asObject, asString, type JsonObject, valueAt } from '../../src/model/index.ts';
import { auditLog, watchAuditLog } from './audit-log.ts';
import {
  type Answer,
  askProgram,
  bucket,
  dataContainer,
  login,
  placeIn,
  runProgram,
  serveBucket,
  type ServedBucket,
  untilPodReady,
  volumeImage,
} from './s3-pod.ts';
import { applyAll } from './stand-in/deploy.ts';
import { kindsPort, longestTurn, takeTurn } from './take-turn.ts';
import { kubeconfig, openNamespace, type TestNamespace } from './test-cluster.ts';
import { until } from './until.ts';

/** Holds Node.js and the program, which is its entry point. */
const image = process.env['NOWWHAT_TEST_PROGRAM_IMAGE'];
/** The store's server by a name, as a schedule is told of it. */
const service: JsonObject = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 's3' },
  spec: { selector: { app: 's3' }, ports: [{ port: 80, targetPort: 7070 }] },
};

/** It never comes by itself while a test runs, whatever the hour. */
const leapDay = '0 0 29 2 *';

/** The first run stands still until it is let go: others are to meet it, however long they take. */
const stand = 'echo still > /d/state; until [ -e /d/go ]; do sleep 0.2; done';
const hook = {
  'pre.hook.backup.velero.io/command': JSON.stringify(['sh', '-c', stand]),
  'pre.hook.backup.velero.io/timeout': '10m',
};

const app: readonly JsonObject[] = [
  { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings' }, data: { greeting: 'hello' } },
  {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name: 'db' },
    spec: {
      serviceName: 'db',
      selector: { matchLabels: { app: 'db' } },
      template: {
        metadata: { labels: { app: 'db' }, annotations: hook },
        spec: { terminationGracePeriodSeconds: 0, containers: [dataContainer('c', 'exec sleep 3600')] },
      },
      volumeClaimTemplates: [
        {
          metadata: { name: 'data' },
          spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '50Mi' } } },
        },
      ],
    },
  },
];

/** A StorageClass whose driver takes snapshots; without one the case of snapshots is left out. */
const snapshotClass = process.env['NOWWHAT_TEST_SNAPSHOT_STORAGE_CLASS'];
const hostPaths = process.env['NOWWHAT_TEST_LOCAL_VOLUMES'] ?? '/var/tmp/nowwhat-test-volumes';

/** A pod with a directory of its node and, where it can be, a claim that snapshots are taken of. It only holds them: what is there, a test has written. */
function variedApp(namespace: string): readonly JsonObject[] {
  const labels = { app: 'varied' };
  const directory = { name: 'dir', hostPath: { path: `${hostPaths}/${namespace}`, type: 'DirectoryOrCreate' } };
  const claimed = { name: 'data', persistentVolumeClaim: { claimName: 'varied' } };
  const volumes = snapshotClass === undefined ? [directory] : [directory, claimed];
  const mounts = volumes.map(({ name }) => ({ name, mountPath: `/d/${name}` }));
  const held = { ...dataContainer('c', 'exec sleep 3600'), volumeMounts: mounts };
  const metadata = { name: 'varied', labels, annotations: { 'backup.velero.io/backup-volumes': 'dir' } };
  const spec = { terminationGracePeriodSeconds: 0, containers: [held], volumes };
  const resources = { requests: { storage: '16Mi' } };
  const claimSpec = { accessModes: ['ReadWriteOnce'], storageClassName: snapshotClass ?? '', resources };
  const claim = {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: 'varied', labels },
    spec: claimSpec,
  };
  return [...(snapshotClass === undefined ? [] : [claim]), { apiVersion: 'v1', kind: 'Pod', metadata, spec }];
}

describe.runIf(kubeconfig !== undefined && image !== undefined && volumeImage !== undefined)(
  'a backup schedule',
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'nowwhat-schedules-'));
    const log = kubeconfig === undefined ? undefined : auditLog();
    let space: TestNamespace;
    let served: ServedBucket;
    let giveBack: (() => void) | undefined;

    beforeAll(async () => {
      // A schedule is given rights for the kinds that there are when it is made.
      giveBack = await takeTurn(kindsPort);
      [space, served] = [await openNamespace(), await serveBucket()];
      const path = `/api/v1/namespaces/${served.namespace}/services`;
      await served.client.request({ method: 'POST', path, body: service });
      await applyAll(space, await discover(space.client), app);
      await untilPodReady(space.client, space.name, 'db-0');
    }, longestTurn + 600_000);

    afterAll(async () => {
      await space?.close();
      await served?.close();
      giveBack?.();
      rmSync(folder, { recursive: true });
    });

    const place = (): string => `s3://${bucket}?endpoint=http://s3.${served.namespace}.svc`;
    const here = (): readonly string[] => ['--context', '.', '-n', space.name];

    function schedule(word: string, ...more: string[]): Promise<Answer> {
      return runProgram(folder, ['schedule', word, ...more, ...here()]);
    }

    function create(name: string, times: string, ...more: string[]): Promise<Answer> {
      const words = ['--schedule', times, '--store', place(), '--image', image ?? '', '--copy-credentials'];
      return schedule('create', name, ...words, '--keep-last', '1', '--yes', ...more);
    }

    const account = (name = 'nightly'): string => `system:serviceaccount:${space.name}:nowwhat-schedule-${name}`;
    const fence = (drills = 'weekly'): string => `${space.name}-drill-${drills}`;

    async function backups(name = 'nightly'): Promise<readonly JsonObject[]> {
      const { backups: all } = await askProgram(folder, ['backup', 'get', '--store', placeIn(served)]);
      return asArray(all)
        .map(asObject)
        .filter((each) => each['schedule'] === name);
    }

    function describeSchedule(name = 'nightly'): Promise<JsonObject> {
      return askProgram(folder, ['schedule', 'describe', name, '--no-store', ...here()]);
    }

    /** The runs of a schedule, newest first, once they are as they should be. */
    function untilRuns(name: string, areSo: (results: readonly unknown[]) => boolean): Promise<JsonObject[]> {
      return until(`the run of ${name}`, async () => {
        const runs = asArray((await describeSchedule(name))['runs']).map(asObject);
        return areSo(runs.map(({ result }) => result)) ? runs : undefined;
      });
    }

    const untilIdle = (name: string) => untilRuns(name, (results) => !results.includes('running'));

    /** `list configmaps`, one for each, of the roles that it was given. */
    async function granted(): Promise<Set<string>> {
      const name = encodeURIComponent(`nowwhat:schedule:${space.name}:nightly`);
      const base = '/apis/rbac.authorization.k8s.io/v1';
      const role = await space.client.request({ path: `${base}/namespaces/${space.name}/roles/${name}` });
      const clusterRole = await space.client.request({ path: `${base}/clusterroles/${name}` });
      const rules = [...asArray(role['rules']), ...asArray(clusterRole['rules'])].map(asObject);
      return new Set(
        rules.flatMap(({ verbs, resources }) =>
          asArray(verbs).flatMap((verb) => asArray(resources).map((each) => `${verb as string} ${each as string}`)),
        ),
      );
    }

    /** Objects with the marks of a schedule, of the kinds that it is made of and that its runs make. */
    async function left(): Promise<string[]> {
      const query = { labelSelector: 'nowwhat.dev/schedule' };
      const paths = [
        ...['pods', 'secrets', 'serviceaccounts'].map((each) => `/api/v1/namespaces/${space.name}/${each}`),
        ...['cronjobs', 'jobs'].map((each) => `/apis/batch/v1/namespaces/${space.name}/${each}`),
        `/apis/networking.k8s.io/v1/namespaces/${space.name}/networkpolicies`,
        ...['roles', 'rolebindings'].map(
          (each) => `/apis/rbac.authorization.k8s.io/v1/namespaces/${space.name}/${each}`,
        ),
        ...['clusterroles', 'clusterrolebindings'].map((each) => `/apis/rbac.authorization.k8s.io/v1/${each}`),
      ];
      const found = await Promise.all(
        paths.map(async (path) => asArray((await space.client.request({ path, query }))['items']).map(asObject)),
      );
      const own = found.flat().filter(({ metadata }) => {
        const labels = asObject(asObject(metadata)['labels']);
        return labels['nowwhat.dev/schedule-namespace'] === space.name;
      });
      return own.map(({ metadata }) => asString(asObject(metadata)['name']) ?? '');
    }

    /** Begins a run without asking anybody, as `kubectl create job --from` does; what it says until it ends. */
    async function runBeside(): Promise<string> {
      const cronJob = await space.client.request({ path: `/apis/batch/v1/namespaces/${space.name}/cronjobs/nightly` });
      const { metadata } = await space.create('apis/batch/v1:jobs', jobByHand(cronJob));
      const job = asString(asObject(metadata)['name']) ?? '';
      const query = { labelSelector: `batch.kubernetes.io/job-name=${job}` };
      const pods = `/api/v1/namespaces/${space.name}/pods`;
      const name = await until(`the end of Job ${job}`, async () => {
        const [pod] = asArray((await space.client.request({ path: pods, query }))['items']).map(asObject);
        const hasEnded = ['Succeeded', 'Failed'].includes(asString(valueAt(pod, ['status', 'phase'])) ?? '');
        return hasEnded ? asString(asObject(pod?.['metadata'])['name']) : undefined;
      });
      return Buffer.from(await space.client.requestBytes({ path: `${pods}/${name}/log` })).toString();
    }

    async function letFirstRunGo(): Promise<void> {
      const target = { namespace: space.name, pod: 'db-0', container: 'c', command: ['touch', '/d/go'] };
      expect(await captureInPod(space.client, target)).toMatchObject({ exitCode: 0 });
    }

    const files = ['--default-volumes-to-fs-backup', '--volume-image', volumeImage ?? ''];

    it('makes a first backup at once, and never a second one beside it', async () => {
      const witness = log === undefined ? undefined : watchAuditLog(log);
      // By the clock, while the others are looked at.
      const minutely = await create('minutely', '* * * * *', '--no-hooks', '--no-volumes', '--skip-immediately');
      expect(minutely.status, minutely.out).toBe(0);
      const made = await create('nightly', leapDay, ...files);
      expect(made.status, made.out).toBe(0);
      expect(made.out).not.toContain(login.secretAccessKey);
      const second = await schedule('run', 'nightly', '--yes');
      expect(second.status, second.out).toBe(2);
      expect(second.out).toContain('[schedule-busy]');
      expect(await runBeside()).toContain('left out: another run of nightly is under way');
      await letFirstRunGo();
      const ended = await untilIdle('nightly');
      expect(ended).toMatchObject([{ result: 'succeeded' }, { result: 'succeeded' }]);
      expect(await backups()).toEqual([expect.objectContaining({ phase: 'Completed', errors: 0, warnings: 0 })]);
      if (witness === undefined) return;
      const asked = witness(account());
      expect(asked.filter(({ status }) => status === 403)).toEqual([]);
      const used = new Set(asked.map(({ verb, what }) => `${verb} ${what}`));
      const unused = [...(await granted())].filter((each) => !used.has(each));
      // Custom kinds may be those of a test beside this.
      // Nothing of the app is bound in the whole cluster or has a priority; and an API server of today asks for "get" to exec.
      const mayStayUnused = [
        'create pods/exec',
        'get priorityclasses',
        'get clusterroles',
        'get customresourcedefinitions',
      ];
      expect(unused.filter((each) => !mayStayUnused.includes(each))).toEqual([]);
    }, 600_000);

    interface Deed {
      readonly verb: string;
      readonly group: string;
      /** `pods/exec`. */
      readonly word: string;
      readonly namespace: string;
    }

    async function mayDo(user: string, { verb, group, word, namespace }: Deed): Promise<unknown> {
      const [resource = '', subresource] = word.split('/');
      const attributes = { verb, group, resource, namespace, ...(subresource === undefined ? {} : { subresource }) };
      const body = {
        apiVersion: 'authorization.k8s.io/v1',
        kind: 'SubjectAccessReview',
        spec: { user, groups: ['system:serviceaccounts', 'system:authenticated'], resourceAttributes: attributes },
      };
      const path = '/apis/authorization.k8s.io/v1/subjectaccessreviews';
      const answer = await space.client.request({ method: 'POST', path, body });
      return asObject(answer['status'])['allowed'];
    }

    it.each([
      ['get', '', 'secrets', ''],
      ['delete', '', 'secrets', ''],
      ['update', 'apps', 'statefulsets', ''],
      ['list', '', 'secrets', 'kube-system'],
      ['get', '', 'pods/exec', 'kube-system'],
      ['list', '', 'namespaces', ''],
      ['create', 'rbac.authorization.k8s.io', 'rolebindings', ''],
    ])('may not %s %s %s', async (verb, group, word, elsewhere) => {
      const namespace = elsewhere === '' ? space.name : elsewhere;
      expect(await mayDo(account(), { verb, group, word, namespace })).toBe(false);
    });

    /** Makes a schedule of drills, or changes it, and runs it once. */
    async function drillOf(name: string, of: string, ...more: string[]): Promise<Answer> {
      const words = ['--of', of, '--schedule', leapDay, '--store', place(), '--image', image ?? ''];
      const rest = ['--volume-image', volumeImage ?? '', '--copy-credentials', '--skip-immediately', '--yes'];
      const made = await schedule('drill', name, ...words, ...rest, ...more);
      expect(made.status, made.out).toBe(0);
      return await schedule('run', name, '--yes', '--wait', '5m');
    }

    const drill = (...more: string[]): Promise<Answer> => drillOf('weekly', 'nightly', ...more);

    async function lastDrill(of = 'weekly'): Promise<JsonObject> {
      const answer = await askProgram(folder, ['schedule', 'get', '--store', placeIn(served), ...here()]);
      const all = asArray(answer['schedules']).map(asObject);
      return asObject(all.find(({ name }) => name === of)?.['lastDrill']);
    }

    /** What is in the fence, but for what stands there. */
    async function inFence(drills = 'weekly'): Promise<string[]> {
      const paths = ['pods', 'configmaps', 'secrets', 'persistentvolumeclaims'].map(
        (each) => `/api/v1/namespaces/${fence(drills)}/${each}`,
      );
      const found = await Promise.all(
        [...paths, `/apis/apps/v1/namespaces/${fence(drills)}/statefulsets`].map(async (path) =>
          asArray((await space.client.request({ path }))['items']),
        ),
      );
      const names = found.flat().map((each) => asString(asObject(asObject(each)['metadata'])['name']) ?? '');
      return names.filter((name) => name !== 'kube-root-ca.crt');
    }

    it('is tried by a schedule of drills, behind a fence and with rights in there alone', async () => {
      const witness = log === undefined ? undefined : watchAuditLog(log);
      const ran = await drill();
      expect(ran.status, `${ran.out}\n${(await schedule('describe', 'weekly', '--no-store')).out}`).toBe(0);
      const [backup] = await backups();
      expect(await lastDrill()).toEqual({ backup: backup?.['name'], time: expect.any(String), holds: true });
      expect(backup).toMatchObject({ drill: { holds: true } });
      expect(await inFence()).toEqual([]);
      if (witness === undefined) return;
      const asked = witness(account('weekly'));
      expect(asked.filter(({ status }) => status === 403)).toEqual([]);
    }, 600_000);

    it('fails where the app does not answer as it should, and says so', async () => {
      const probes = join(folder, 'probes.yaml');
      const command = ['sh', '-c', 'grep -q moving /d/state'];
      writeFileSync(
        probes,
        JSON.stringify({ probes: [{ name: 'it moves', in: 'sts/db', within: '1s', exec: { command } }] }),
      );
      const ran = await drill('--probes', probes);
      expect(ran.status, ran.out).toBe(1);
      expect(await describeSchedule('weekly')).toMatchObject({ lastWords: expect.stringContaining('it moves') });
      expect(await lastDrill()).toMatchObject({ holds: false });
      expect(await inFence()).toEqual([]);
    }, 600_000);

    it.each([
      ['create', '', 'pods', ''],
      ['list', '', 'secrets', ''],
      ['get', '', 'pods/exec', ''],
      ['create', '', 'namespaces', ''],
      ['delete', '', 'namespaces', ''],
      ['patch', '', 'namespaces', 'fence'],
      ['create', 'rbac.authorization.k8s.io', 'clusterrolebindings', ''],
      ['create', 'rbac.authorization.k8s.io', 'rolebindings', ''],
    ])('may not %s %s %s in a drill', async (verb, group, word, where) => {
      const namespace = where === 'fence' ? fence() : space.name;
      expect(await mayDo(account('weekly'), { verb, group, word, namespace })).toBe(false);
    });

    it('keeps what its rule says, and what a drill has proven', async () => {
      const [first] = await backups();
      const proven = asString(first?.['name']) ?? '';
      const names: string[] = [];
      for (let index = 0; index < 2; index += 1) {
        const ran = await schedule('run', 'nightly', '--yes', '--wait', '5m');
        expect(ran.status, ran.out).toBe(0);
        names.push(...(await backups()).map(({ name }) => asString(name) ?? ''));
      }
      const kept = (await backups()).map(({ name }) => asString(name) ?? '');
      expect(kept).toHaveLength(2);
      expect(kept).toContain(proven);
      // The one between was made, and went.
      expect(new Set(names).size).toBe(3);
    }, 600_000);

    it('drills directories of nodes and snapshots, too, and leaves both as they are', async () => {
      await applyAll(space, await discover(space.client), variedApp(space.name));
      await untilPodReady(space.client, space.name, 'varied');
      const inPod = async (script: string): Promise<string> => {
        const target = { namespace: space.name, pod: 'varied', container: 'c', command: ['sh', '-c', script] };
        return (await captureInPod(space.client, target)).stdout;
      };
      await inPod('for each in /d/*; do echo one > $each/word; done');
      const made = await create('varied', leapDay, '--selector', 'app=varied', '--volume-image', volumeImage ?? '');
      expect(made.status, made.out).toBe(0);
      const runs = await untilRuns('varied', (results) => results.some((each) => each !== 'running'));
      expect(runs).toMatchObject([{ result: 'succeeded' }]);
      expect(await backups('varied')).toEqual([expect.objectContaining({ phase: 'Completed' })]);
      await inPod('for each in /d/*; do echo two > $each/word; done');
      const command = ['sh', '-c', 'for each in /d/*; do cat $each/word; echo three > $each/word; done'];
      const matches = snapshotClass === undefined ? '^one$' : '^one\\none$';
      const probes = join(folder, 'varied.yaml');
      const probe = { name: 'has what was saved', in: 'pod/varied', exec: { command, matches } };
      writeFileSync(probes, JSON.stringify({ probes: [probe] }));
      const ran = await drillOf('varying', 'varied', '--probes', probes);
      expect(ran.status, `${ran.out}\n${(await schedule('describe', 'varying', '--no-store')).out}`).toBe(0);
      expect(await lastDrill('varying')).toMatchObject({ holds: true });
      expect(await inFence('varying')).toEqual([]);
      expect(await inPod('sort -u /d/*/word; rm -rf /d/dir/*')).toBe('two\n');
    }, 400_000);

    it('runs by the clock, until it is paused', async () => {
      const hasEnded = (result: unknown): boolean => result !== 'running';
      const runs = await untilRuns('minutely', (results) => results.some(hasEnded));
      const byClock = runs.find(({ result }) => hasEnded(result));
      const { lastWords } = await describeSchedule('minutely');
      expect(byClock, asString(lastWords)).toMatchObject({ result: 'succeeded', byHand: false });
      const paused = await schedule('pause', 'minutely', '--yes');
      expect(paused.status, paused.out).toBe(0);
      expect(await describeSchedule('minutely')).toMatchObject({ paused: true, next: [] });
      const unpaused = await schedule('unpause', 'minutely', '--skip-immediately', '--yes');
      expect(unpaused.status, unpaused.out).toBe(0);
      expect((await schedule('pause', 'minutely', '--yes')).status).toBe(0);
      expect((await backups('minutely')).length).toBeGreaterThan(0);
    }, 400_000);

    it('is deleted with all that was made for it', async () => {
      await untilIdle('minutely');
      for (const name of ['weekly', 'varying', 'nightly', 'varied', 'minutely']) {
        const ran = await schedule('delete', name, '--yes');
        expect(ran.status, ran.out).toBe(0);
      }
      await expect.poll(left, { timeout: 180_000, interval: 500 }).toEqual([]);
      expect((await backups()).length).toBe(2);
    }, 300_000);
  },
);
