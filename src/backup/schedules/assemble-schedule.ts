// The objects of a schedule, as they are applied or kept in git: a CronJob, its account and roles, and a policy that lets it out. Pure.

import type { CronJobTime } from '../../kube/next-runs.ts';
import type { JsonObject } from '../../model/index.ts';
import { type Access, type AccessRule, rulesAsJson } from './access-rules.ts';
import { credentialsFolder } from './store-in-pod.ts';
import { backupNote, labelsOf, policiesNote, ownName, roleName, type ScheduleName } from './schedule-marks.ts';

/** What all schedules need, whatever their runs do. */
export interface RunsWish extends ScheduleName {
  readonly time: CronJobTime;
  readonly paused: boolean;
  /** Seconds that a run may begin late. */
  readonly startWithin: number;
  /** Seconds after which a run is ended, so that the next one can begin. */
  readonly runWithin: number;
  /** Its entry point is the program. */
  readonly image: string;
  readonly pullSecret?: string | undefined;
  /** A Secret beside the CronJob; left out where the account itself opens the store. Without its keys, all that may be in it are asked for. */
  readonly credentials?: { readonly secret: string; readonly keys: readonly string[] } | undefined;
  /** TCP ports where runs find the API server and the store, whatever their addresses. */
  readonly ports: readonly number[];
  /** The store is a Service of the cluster. */
  readonly storeInCluster: boolean;
  /** Of the account: an identity of the cloud, such as `eks.amazonaws.com/role-arn`. */
  readonly accountAnnotations: Readonly<Record<string, string>>;
  readonly access: Access;
}

export interface ScheduleWish extends RunsWish {
  /** What a run saves: the spec of a Velero `Backup`, with the labels and annotations that each backup gets. */
  readonly backup: {
    readonly spec: JsonObject;
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations: Readonly<Record<string, string>>;
  };
  /** Resource policies, as YAML. */
  readonly policies?: string | undefined;
  /** Words behind `backup create`: where to, volumes, hooks, what is kept. None is secret. */
  readonly words: readonly string[];
}

/** What a run is: words for the program, and files that it reads from annotations of its pod, by the annotation. */
export interface RunWords {
  readonly args: readonly string[];
  readonly files: Readonly<Record<string, { readonly name: string; readonly text: string }>>;
}

const rbac = 'rbac.authorization.k8s.io';
export const folders = { backup: '/etc/nowwhat', credentials: credentialsFolder, work: '/tmp' } as const;
const user = 65_532;

/** Seconds that a run has to remove what it has made in the cluster. */
const graceful = 60;

function metadata(wish: ScheduleName, name: string, namespace?: string): JsonObject {
  return { name, ...(namespace === undefined ? {} : { namespace }), labels: labelsOf(wish) };
}

function account(wish: RunsWish): JsonObject {
  const { accountAnnotations, namespace } = wish;
  const annotations = Object.keys(accountAnnotations).length === 0 ? {} : { annotations: { ...accountAnnotations } };
  return {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { ...metadata(wish, ownName(wish), namespace), ...annotations },
    // Only the pods of its own runs get its token.
    automountServiceAccountToken: false,
  };
}

/** A role and its binding, of one namespace or of the cluster; nothing for no rules. */
function grant(wish: RunsWish, rules: readonly AccessRule[], namespace?: string): JsonObject[] {
  if (rules.length === 0) return [];
  const name = roleName(wish);
  const kind = namespace === undefined ? 'ClusterRole' : 'Role';
  return [
    {
      apiVersion: `${rbac}/v1`,
      kind,
      metadata: metadata(wish, name, namespace),
      rules: rulesAsJson(rules),
    },
    {
      apiVersion: `${rbac}/v1`,
      kind: `${kind}Binding`,
      metadata: metadata(wish, name, namespace),
      roleRef: { apiGroup: rbac, kind, name },
      subjects: [{ kind: 'ServiceAccount', namespace: wish.namespace, name: ownName(wish) }],
    },
  ];
}

/** Name servers, also those of OpenShift. */
const dns = [
  { protocol: 'UDP', port: 53 },
  { protocol: 'TCP', port: 53 },
  { protocol: 'UDP', port: 5353 },
  { protocol: 'TCP', port: 5353 },
];

/** A run looks whether another one is under way. */
const lookAtRuns: AccessRule = { apiGroups: ['batch'], resources: ['jobs'], verbs: ['list'] };

function permits(
  rules: readonly AccessRule[],
  { apiGroups: [group = ''], resources: [resource = ''] }: AccessRule,
): boolean {
  return rules.some(
    ({ apiGroups, resources, verbs }) =>
      apiGroups.includes(group) && resources.includes(resource) && verbs.includes('list'),
  );
}

/** A role in each namespace that is saved, and in its own. */
function grants(wish: RunsWish): JsonObject[] {
  const { namespace: home, access } = wish;
  const { namespaces, inNamespaces, inCluster } = access;
  const atHome = namespaces.includes(home) ? inNamespaces : [];
  const isSeen = permits([...inCluster, ...atHome], lookAtRuns);
  const homeRules = isSeen ? atHome : [...atHome, lookAtRuns];
  return [
    ...grant(wish, inCluster),
    ...namespaces.filter((each) => each !== home).flatMap((each) => grant(wish, inNamespaces, each)),
    ...grant(wish, homeRules, home),
  ];
}

/** Nobody calls a run; where policies let nobody out, it still reaches the API server and the store. By ports: addresses of both change. */
function policy(wish: RunsWish): JsonObject {
  const { ports, storeInCluster } = wish;
  const services = ports.map((port) => ({ protocol: 'TCP', port }));
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: metadata(wish, ownName(wish), wish.namespace),
    spec: {
      podSelector: { matchLabels: labelsOf(wish) },
      policyTypes: ['Ingress', 'Egress'],
      ingress: [],
      egress: [{ ports: [...dns, ...services] }, ...(storeInCluster ? [{ to: [{ namespaceSelector: {} }] }] : [])],
    },
  };
}

/** Credentials as a file that the AWS programs read, which is Velero's way too, are better than variables; a Secret may hold either. */
function environment({ credentials }: RunsWish): JsonObject[] {
  const plain = [
    { name: 'HOME', value: folders.work },
    { name: 'TMPDIR', value: folders.work },
    { name: 'NO_COLOR', value: '1' },
    { name: 'NOWWHAT_JOB', valueFrom: { fieldRef: { fieldPath: "metadata.labels['batch.kubernetes.io/job-name']" } } },
  ];
  if (credentials === undefined) return plain;
  const { secret: name, keys } = credentials;
  const holds = (key: string): boolean => keys.length === 0 || keys.includes(key);
  const variables = holds('cloud') && keys.length > 0 ? [] : ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'];
  return [
    ...plain,
    ...(holds('cloud') ? [{ name: 'AWS_SHARED_CREDENTIALS_FILE', value: `${folders.credentials}/cloud` }] : []),
    ...[...variables, 'KOPIA_PASSWORD']
      .filter(holds)
      .map((key) => ({ name: key, valueFrom: { secretKeyRef: { name, key, optional: true } } })),
  ];
}

/** Files that the pod reads from its own annotations. */
function notesAsFiles({ files }: RunWords): JsonObject[] {
  return Object.entries(files).map(([note, { name }]) => ({
    path: name,
    fieldRef: { fieldPath: `metadata.annotations['${note}']` },
  }));
}

function volumes(
  wish: RunsWish,
  run: RunWords,
): {
  readonly volumes: JsonObject[];
  readonly volumeMounts: JsonObject[];
} {
  const { credentials } = wish;
  const secret = credentials === undefined ? [] : [{ name: 'credentials', secret: { secretName: credentials.secret } }];
  const mount = (name: string, mountPath: string, readOnly = true): JsonObject => ({
    name,
    mountPath,
    ...(readOnly ? { readOnly } : {}),
  });
  return {
    volumes: [
      { name: 'backup', downwardAPI: { items: notesAsFiles(run) } },
      { name: 'work', emptyDir: { sizeLimit: '1Gi' } },
      ...secret,
    ],
    volumeMounts: [
      mount('backup', folders.backup),
      mount('work', folders.work, false),
      ...(credentials === undefined ? [] : [mount('credentials', folders.credentials)]),
    ],
  };
}

function container(wish: RunsWish, run: RunWords): JsonObject {
  return {
    name: 'backup',
    image: wish.image,
    imagePullPolicy: 'IfNotPresent',
    args: run.args,
    env: environment(wish),
    // A run's last lines are what `schedule describe` shows of it.
    terminationMessagePolicy: 'FallbackToLogsOnError',
    resources: {
      requests: { cpu: '100m', memory: '128Mi', 'ephemeral-storage': '64Mi' },
      limits: { cpu: '2', memory: '512Mi', 'ephemeral-storage': '2Gi' },
    },
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    },
    volumeMounts: volumes(wish, run).volumeMounts,
  };
}

/** What each run reads from its file. JSON is YAML, and whoever reads the CronJob can read it. */
function noteOf({ backup: { spec, labels, annotations } }: ScheduleWish): string {
  const object = { apiVersion: 'velero.io/v1', kind: 'Backup', metadata: { labels, annotations }, spec };
  return JSON.stringify(object, null, 2);
}

function podTemplate(wish: RunsWish, run: RunWords): JsonObject {
  const { pullSecret } = wish;
  const notes = Object.fromEntries(Object.entries(run.files).map(([note, { text }]) => [note, text]));
  return {
    metadata: { labels: labelsOf(wish), annotations: notes },
    spec: {
      serviceAccountName: ownName(wish),
      automountServiceAccountToken: true,
      enableServiceLinks: false,
      restartPolicy: 'Never',
      terminationGracePeriodSeconds: graceful,
      ...(pullSecret === undefined ? {} : { imagePullSecrets: [{ name: pullSecret }] }),
      securityContext: {
        runAsNonRoot: true,
        runAsUser: user,
        runAsGroup: user,
        fsGroup: user,
        seccompProfile: { type: 'RuntimeDefault' },
      },
      containers: [container(wish, run)],
      volumes: volumes(wish, run).volumes,
    },
  };
}

/** A run that could not work at all is tried again; one that has made a backup with gaps (exit status 1) is not. */
const failurePolicy: JsonObject = {
  rules: [
    { action: 'FailJob', onExitCodes: { containerName: 'backup', operator: 'In', values: [1] } },
    { action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] },
  ],
};

function cronJob(wish: RunsWish, run: RunWords): JsonObject {
  const { name, namespace, time, paused, startWithin, runWithin } = wish;
  return {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: metadata(wish, name, namespace),
    spec: {
      ...time,
      suspend: paused,
      concurrencyPolicy: 'Forbid',
      startingDeadlineSeconds: startWithin,
      successfulJobsHistoryLimit: 3,
      failedJobsHistoryLimit: 3,
      jobTemplate: {
        metadata: { labels: labelsOf(wish) },
        spec: {
          activeDeadlineSeconds: runWithin,
          backoffLimit: 2,
          podFailurePolicy: failurePolicy,
          template: podTemplate(wish, run),
        },
      },
    },
  };
}

/** In the order in which they are needed. */
export function assembleRuns(wish: RunsWish, run: RunWords): readonly JsonObject[] {
  return [account(wish), ...grants(wish), policy(wish), cronJob(wish, run)];
}

function runOfBackup(wish: ScheduleWish): RunWords {
  const { name, words, policies } = wish;
  const backup = { name: 'backup.yaml', text: noteOf(wish) };
  const rules = policies === undefined ? undefined : { name: 'policies.yaml', text: policies };
  const file = (each: { readonly name: string }): string => `${folders.backup}/${each.name}`;
  return {
    args: [
      'backup',
      'create',
      '--schedule',
      name,
      '--file',
      file(backup),
      ...(rules === undefined ? [] : ['--resource-policies', file(rules)]),
      ...words,
    ],
    files: { [backupNote]: backup, ...(rules === undefined ? {} : { [policiesNote]: rules }) },
  };
}

export function assembleSchedule(wish: ScheduleWish): readonly JsonObject[] {
  return assembleRuns(wish, runOfBackup(wish));
}
