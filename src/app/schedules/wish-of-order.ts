// From what the user says and what the cluster tells to a schedule as it is assembled: pure.

import { type RunsWish, type ScheduleWish, selectionOfSpec, storeInPod, toCronJobTime } from '../../backup/index.ts';
import type { JsonObject } from '../../model/index.ts';
import type { VolumeChoice } from '../backups/backup-volumes.ts';
import type { LookAhead } from './look-ahead.ts';
import type { RunsOrder, ScheduleOrder, ScheduleOutlook } from './schedule-order.ts';

/** Seconds that a run may be late: what was missed in a pause is made up for, as Velero does. */
export const startWithin = { usual: 86_400, skipping: 300 } as const;

/** Older ones go in the same Job. */
export function deletesBackups({ words }: Pick<ScheduleOrder, 'words'>): boolean {
  return words.some((word) => word.startsWith('--keep-'));
}

/** What decides on the data of each volume. */
export function volumeChoiceOf({ volumes, snapshots, movesData, file, annotations }: ScheduleOrder): VolumeChoice {
  return { volumes, snapshots, movesData, annotations: { ...file?.annotations, ...annotations } };
}

/** As Velero has it: true, false, or as a matter of course. */
function snapshotFields({ volumes, snapshots, movesData }: ScheduleOrder): JsonObject {
  if (volumes === 'none' || snapshots === 'no') return { snapshotVolumes: false };
  const asked = snapshots === 'asked' ? { snapshotVolumes: true } : {};
  return movesData ? { ...asked, snapshotMoveData: true } : asked;
}

/** With the namespace where none is named: Velero would take all of them, which is asked for with `-A`. */
export function specOf(order: ScheduleOrder, namespace: string): JsonObject {
  const { file, template, cluster, volumes } = order;
  const spec = { ...file?.template, ...template };
  const named = (selectionOfSpec(spec).includedNamespaces ?? []).length > 0;
  const usual = cluster.allNamespaces || file !== undefined ? ['*'] : [namespace];
  return {
    ...spec,
    ...(named ? {} : { includedNamespaces: usual }),
    ...(volumes === 'all' ? { defaultVolumesToFsBackup: true } : {}),
    ...snapshotFields(order),
  };
}

function wordsOf(order: ScheduleOrder, place: string, { savesVolumes }: LookAhead): string[] {
  const { hooks, volumes, dumps, holds, words, volumeWords } = order;
  return [
    '--context',
    '.',
    '--store',
    place,
    '--yes',
    hooks === 'run' ? '--hooks' : '--no-hooks',
    ...(volumes === 'none' ? ['--no-volumes'] : []),
    ...dumps.flatMap((each) => ['--dump', each]),
    ...(holds?.texts ?? []).flatMap((each) => ['--hold', each]),
    ...(holds === undefined ? [] : ['--hold-for', `${holds.seconds}s`]),
    ...(savesVolumes ? volumeWords : []),
    ...words,
  ];
}

export interface Known {
  readonly namespace: string;
  /** Of each backup. */
  readonly spec: JsonObject;
  readonly ahead: LookAhead;
  /** Text of the resource policies. */
  readonly rules: string | undefined;
  readonly credentials: ScheduleOutlook['credentials'];
  /** TCP ports where pods find the API server. */
  readonly apiPorts: readonly number[];
}

/** An account of a cloud gets its credentials from the node's metadata server, on these. */
const metadataPorts = [80, 988];

/** What runs of every schedule need. */
export function runsOf(
  order: RunsOrder,
  {
    namespace,
    credentials,
    access,
    apiPorts,
  }: Pick<Known, 'namespace' | 'credentials' | 'apiPorts'> & Pick<LookAhead, 'access'>,
): RunsWish {
  const store = storeInPod(order.store);
  const { name, schedule, paused, image, pullSecret, accountAnnotations, runWithin } = order;
  return {
    namespace,
    name,
    time: toCronJobTime(schedule),
    paused,
    startWithin: order.skipImmediately ? startWithin.skipping : startWithin.usual,
    runWithin,
    image,
    pullSecret,
    credentials,
    ports: [...new Set([...apiPorts, store.port, ...(credentials === undefined ? metadataPorts : [])])],
    storeInCluster: store.isInCluster,
    accountAnnotations,
    access,
  };
}

export function wishOf(order: ScheduleOrder, known: Known): ScheduleWish {
  const { spec, ahead, rules } = known;
  const { file, labels, annotations } = order;
  return {
    ...runsOf(order, { ...known, access: ahead.access }),
    backup: {
      spec,
      labels: { ...file?.labels, ...labels },
      annotations: { ...file?.annotations, ...annotations },
    },
    policies: rules,
    words: wordsOf(order, storeInPod(order.store).place, ahead),
  };
}

function credentialRemarks({ store, credentials: wanted }: ScheduleOrder, { credentials }: Known): Remark[] {
  const needsAuthority = storeInPod(store).authorityFile !== undefined && wanted.kind === 'secret';
  const name = credentials?.secret ?? '';
  const isUnseen = credentials !== undefined && !credentials.isMade && credentials.keys.length === 0;
  return [
    [needsAuthority, `the Secret ${name} needs the PEM of the authority under the key ca.pem`],
    [isUnseen, `the Secret ${name} is not there, or may not be looked at: it must be there before the first run`],
  ];
}

type Remark = readonly [applies: boolean, text: string];

/** What to know before agreeing. */
export function remarksOf(order: ScheduleOrder, known: Known): string[] {
  const { access, savesVolumes, takesSnapshots, runsCommands } = known.ahead;
  const isWide = access.namespaces.length === 0;
  const keeps = deletesBackups(order);
  const remarks: readonly Remark[] = [
    [order.schedule.includes('@every'), 'the distance is kept, counted from midnight UTC, not from when it is made'],
    [
      known.spec['ttl'] !== undefined && !keeps,
      'only a Velero that reads the store acts on the time of --ttl: without one, --keep-within 30d and the like tidy up',
    ],
    [isWide && savesVolumes, 'pods may be made in all namespaces, because volumes of all of them are saved'],
    [isWide && takesSnapshots, 'snapshots may be made in all namespaces'],
    [
      takesSnapshots,
      'contents of snapshots are of the whole cluster, and have names that nobody knows beforehand: its account may change and remove those of others, too',
    ],
    [isWide && runsCommands, 'commands may be run in pods of all namespaces'],
    [
      order.policies !== undefined && 'configMap' in order.policies,
      'the rules of the ConfigMap are taken as they are now: make the schedule again where they change',
    ],
    ...credentialRemarks(order, known),
  ];
  return remarks.flatMap(([applies, text]) => (applies ? [text] : []));
}
