// The data of volumes for a terminal: what will be made in the cluster to move them.

import type { DataPlan } from '../../app/backups/backup-volumes.ts';
import type { VolumePlan } from '../../app/backups/volumes.ts';
import { visible } from '../style.ts';
import type { Look } from './look.ts';
import { count } from './words.ts';

function lineOf({ namespace, pod, name, claim, hostPath }: VolumePlan['volumes'][number]): string {
  const what = claim === undefined ? (hostPath ?? name) : `claim ${claim}`;
  return `    ${visible(namespace)}: ${visible(what)}${pod === '' ? '' : `, of pod ${visible(pod)}`}`;
}

const most = 20;

function secretLine(endpoint: string | undefined): string {
  return endpoint === undefined
    ? '  with a Secret that holds the password of the repository; the data go through this program, and no pod needs a way to the folder;'
    : `  with a Secret that holds the credentials of the store (${visible(endpoint)}), and where policies are, one that lets this pod out;`;
}

export function renderVolumePlan(plan: VolumePlan, way: 'save' | 'bring back', { style }: Look): string {
  const { volumes, context, server, store, image, endpoint } = plan;
  const ways = { save: 'saved in', 'bring back': 'brought back from' } as const;
  return [
    `  The data of ${count(volumes.length, 'volume')} are ${ways[way]} ${style.bold(visible(store))}:`,
    ...volumes.slice(0, most).map(lineOf),
    ...(volumes.length > most ? [`    and ${volumes.length - most} more`] : []),
    `  For each, a pod of ${visible(image)} is made in its namespace in ${style.bold(visible(context))} at ${visible(server)},`,
    secretLine(endpoint),
    '  it runs as root, because files belong to others, or as the user of the pod where the namespace admits no root. All of it is removed afterwards.',
    '',
  ]
    .map((line) => `${line}\n`)
    .join('');
}

/** What is made, and what stays of it. */
function meansLines({ context, server, moved }: DataPlan, { style }: Look): string[] {
  const where = `in its namespace in ${style.bold(visible(context))} at ${visible(server)}`;
  if (moved === undefined)
    return [
      `  For each a VolumeSnapshot is made ${where}, and removed once the backup is whole.`,
      '  The snapshots stay in the storage system, and cost what it asks for them, until the backup is deleted.',
    ];
  const { image, endpoint } = moved;
  return [
    `  For each a VolumeSnapshot, a claim that is made from it, as large as the volume, and a pod of ${visible(image)} are made`,
    `  ${where},`,
    secretLine(endpoint),
    '  it runs as root, because files belong to others, or as the user of a pod of the claim where the namespace admits no root. All of it is removed afterwards,',
    '  also the snapshots in the storage system.',
  ];
}

function snapshotLines(plan: DataPlan, look: Look): string[] {
  const { snapshots, moved } = plan;
  if (snapshots.length === 0) return [];
  const rows = snapshots.map(
    ({ namespace, claim, driver, className }) =>
      `    ${visible(namespace)}: claim ${visible(claim)}, by ${visible(driver)} with class ${visible(className)}`,
  );
  return [
    moved === undefined
      ? `  A snapshot is taken of ${count(snapshots.length, 'volume')}:`
      : `  A snapshot is taken of ${count(snapshots.length, 'volume')}, and what it holds is saved in ${look.style.bold(visible(moved.store))}:`,
    ...rows.slice(0, most),
    ...(rows.length > most ? [`    and ${rows.length - most} more`] : []),
    ...meansLines(plan, look),
    '',
  ];
}

/** Everything that a backup makes in the cluster. */
export function renderDataPlan(plan: DataPlan, look: Look): string {
  const snapshots = snapshotLines(plan, look).map((line) => `${line}\n`);
  return `${snapshots.join('')}${plan.files === undefined ? '' : renderVolumePlan(plan.files, 'save', look)}`;
}

export function questionOf({ snapshots, files, moved }: DataPlan): string {
  if (snapshots.length === 0) return 'Make these pods, save, and remove them?';
  return files === undefined && moved === undefined
    ? 'Take these snapshots?'
    : 'Take these snapshots, make these pods, save, and remove them?';
}
