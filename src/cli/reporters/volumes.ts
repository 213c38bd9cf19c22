// The data of volumes for a terminal: what will be made in the cluster to move them.

import type { DataPlan } from '../../app/backup-volumes.ts';
import type { VolumePlan } from '../../app/volumes.ts';
import { type Style, visible } from '../style.ts';
import { count } from './words.ts';

interface Look {
  readonly style: Style;
  readonly width: number;
}

function lineOf({ namespace, pod, name, claim, hostPath }: VolumePlan['volumes'][number]): string {
  const what = claim === undefined ? (hostPath ?? name) : `claim ${claim}`;
  return `    ${visible(namespace)}: ${visible(what)}, of pod ${visible(pod)}`;
}

const most = 20;

export function renderVolumePlan(plan: VolumePlan, way: 'save' | 'bring back', { style }: Look): string {
  const { volumes, context, server, store, image, endpoint } = plan;
  const ways = { save: 'saved in', 'bring back': 'brought back from' } as const;
  return [
    `  The data of ${count(volumes.length, 'volume')} are ${ways[way]} ${style.bold(visible(store))}:`,
    ...volumes.slice(0, most).map(lineOf),
    ...(volumes.length > most ? [`    and ${volumes.length - most} more`] : []),
    `  For each, a pod of ${visible(image)} is made in its namespace in ${style.bold(visible(context))} at ${visible(server)},`,
    endpoint === undefined
      ? '  with a Secret that holds the password of the repository; the data go through this program, and no pod needs a way to the folder;'
      : `  with a Secret that holds the credentials of the store (${visible(endpoint)}), and where policies are, one that lets this pod out;`,
    '  it runs as root, because files belong to others, or as the user of the pod where the namespace admits no root. All of it is removed afterwards.',
    '',
  ]
    .map((line) => `${line}\n`)
    .join('');
}

function snapshotLines({ snapshots, context, server }: DataPlan, { style }: Look): string[] {
  if (snapshots.length === 0) return [];
  const rows = snapshots.map(
    ({ namespace, claim, driver, className }) =>
      `    ${visible(namespace)}: claim ${visible(claim)}, by ${visible(driver)} with class ${visible(className)}`,
  );
  return [
    `  A snapshot is taken of ${count(snapshots.length, 'volume')}:`,
    ...rows.slice(0, most),
    ...(rows.length > most ? [`    and ${rows.length - most} more`] : []),
    `  For each a VolumeSnapshot is made in its namespace in ${style.bold(visible(context))} at ${visible(server)}, and removed once the backup is whole.`,
    '  The snapshots stay in the storage system, and cost what it asks for them, until the backup is deleted.',
    '',
  ];
}

/** Everything that a backup makes in the cluster. */
export function renderDataPlan(plan: DataPlan, look: Look): string {
  const snapshots = snapshotLines(plan, look).map((line) => `${line}\n`);
  return `${snapshots.join('')}${plan.files === undefined ? '' : renderVolumePlan(plan.files, 'save', look)}`;
}

export function questionOf({ snapshots, files }: DataPlan): string {
  if (snapshots.length === 0) return 'Make these pods, save, and remove them? [y/N] ';
  return files === undefined
    ? 'Take these snapshots? [y/N] '
    : 'Take these snapshots, make these pods, save, and remove them? [y/N] ';
}
