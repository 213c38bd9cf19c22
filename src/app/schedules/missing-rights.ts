// What a run would have to read and may not: roles name kinds, and a cluster learns new ones.

import {
  type Access,
  accessOfDrills,
  parseProbes,
  parsePolicies,
  type ResourcePolicies,
  roleName,
  type ScheduleName,
  type ScheduleView,
  viewSchedule,
} from '../../backup/index.ts';
import { policiesNote, scheduledBackup, scheduledDrill, wordsOfRun } from '../../kube/backup-schedule.ts';
import { asArray, asObject, asString, type JsonObject, UserError, valueAt } from '../../model/index.ts';
import { type OpenCluster, readLive } from '../../targets/index.ts';
import { lookAhead, type Looking } from './look-ahead.ts';

type Rules = readonly {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}[];

/** `deployments.apps list`, one for each. */
function grantsOf(rules: Rules): Set<string> {
  return new Set(
    rules.flatMap(({ apiGroups, resources, verbs }) =>
      apiGroups.flatMap((group) =>
        resources.flatMap((resource) =>
          verbs.map((verb) => `${group === '' ? resource : `${resource}.${group}`} ${verb}`),
        ),
      ),
    ),
  );
}

function texts(value: unknown): string[] {
  return asArray(value).map((each) => asString(each) ?? '');
}

async function liveRules(cluster: OpenCluster, kind: string, namespace: string, name: string): Promise<Rules> {
  const live = await readLive(cluster, { apiVersion: 'rbac.authorization.k8s.io/v1', kind, namespace, name });
  return asArray(live?.['rules']).map((each) => {
    const { apiGroups, resources, verbs } = asObject(each);
    return { apiGroups: texts(apiGroups), resources: texts(resources), verbs: texts(verbs) };
  });
}

function missing(wanted: Rules, held: Rules): string[] {
  const has = grantsOf(held);
  return [...grantsOf(wanted)].filter((grant) => !has.has(grant)).map((grant) => grant.split(' ')[0] ?? '');
}

function runs(cronJob: JsonObject): Pick<Looking, 'hooks' | 'dumps' | 'holds' | 'deletesBackups'> {
  const words = wordsOfRun(cronJob);
  const after = (option: string): string[] =>
    words.flatMap((word, index) => (word === option ? [words[index + 1] ?? ''] : []));
  const held = after('--hold');
  return {
    hooks: words.includes('--hooks') ? 'run' : 'skip',
    dumps: after('--dump'),
    deletesBackups: words.some((word) => word.startsWith('--keep-')),
    // For how long is of no weight for rights.
    holds: held.length === 0 ? undefined : { texts: held, seconds: 0 },
  };
}

function policiesOf(cronJob: JsonObject): ResourcePolicies | undefined {
  const path = ['spec', 'jobTemplate', 'spec', 'template', 'metadata', 'annotations', policiesNote];
  const text = asString(valueAt(cronJob, path));
  return text === undefined ? undefined : parsePolicies(text, 'the schedule');
}

function volumesOf(
  cronJob: JsonObject,
  { volumes, snapshots, movesData }: ScheduleView,
): Pick<Looking, 'volumes' | 'snapshots' | 'movesData' | 'annotations'> {
  const notes = Object.entries(asObject(valueAt(scheduledBackup(cronJob), ['metadata', 'annotations'])));
  return {
    volumes,
    snapshots,
    movesData,
    annotations: Object.fromEntries(notes.map(([key, each]) => [key, asString(each) ?? ''])),
  };
}

/** What its runs need by now. */
async function accessOfRuns(
  { client, discovery }: OpenCluster,
  cronJob: JsonObject,
  view: ScheduleView,
): Promise<Access> {
  const drill = scheduledDrill(cronJob);
  if (drill === undefined) {
    const spec = asObject(scheduledBackup(cronJob)?.['spec']);
    const what = { ...runs(cronJob), ...volumesOf(cronJob, view), spec, policies: policiesOf(cronJob) };
    return (await lookAhead(client, { ...what, concurrency: 8 })).access;
  }
  const { restoresVolumes, fences, probes } = drill;
  // What probes need has not changed since.
  const acts = probes === undefined ? [] : parseProbes(probes, 'the schedule').map(({ act }) => act.type);
  const calls = { runsCommands: acts.includes('exec'), asksPods: acts.includes('http') };
  return accessOfDrills({ discovery, fences: fences.map(([, to]) => to), restoresVolumes, ...calls });
}

/** Names of resources, sorted. Who may not read the roles is told nothing. */
export async function findMissingRights(
  cluster: OpenCluster,
  own: ScheduleName,
  cronJob: JsonObject,
): Promise<readonly string[]> {
  const view = viewSchedule(cronJob, [], 0);
  if (view === undefined) return [];
  try {
    const access = await accessOfRuns(cluster, cronJob, view);
    const name = roleName(own);
    const around = missing(access.inCluster, await liveRules(cluster, 'ClusterRole', '', name));
    const within = await Promise.all(
      access.namespaces.map(async (each) => missing(access.inNamespaces, await liveRules(cluster, 'Role', each, name))),
    );
    return [...new Set([...around, ...within.flat()])].toSorted();
  } catch (error) {
    if (error instanceof UserError && error.code === 'cluster-forbidden') return [];
    throw error;
  }
}
