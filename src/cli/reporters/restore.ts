// A restore for a terminal: what will be restored, and what happened.

import type { RestoreOrder, RestorePreview } from '../../app/restores/restore-order.ts';
import type { RestoreReport } from '../../backup/index.ts';
import { hang } from '../layout.ts';
import { visible } from '../style.ts';
import type { Look } from './look.ts';
import { itemLines, preflightLines, summary, untriedLines, volumeLines } from './outcome.ts';
import { commandText, count } from './words.ts';

const policyWords = {
  none: 'objects that are there stay as they are',
  update: 'objects that are there are brought to what was saved',
  recreate: 'objects that are there and differ are deleted and made anew',
} as const;

const most = 20;

/** The first of a list, and how many there are besides. */
function cut(lines: readonly string[]): string[] {
  return lines.length > most ? [...lines.slice(0, most), `    and ${lines.length - most} more`] : [...lines];
}

function hookLines({ hooks }: RestorePreview, { style, width }: Look): string[] {
  if (hooks.length === 0) return [];
  const lines = hooks.flatMap(({ namespace, pod, container, command }) =>
    hang('    ', visible(`${namespace}/${pod}, ${container}: ${commandText(command)}`), width),
  );
  return [`  ${style.bold('runs in pods')} that come back, when they are up:`, ...cut(lines)];
}

function volumePlanLines({ volumes, volumeImage }: RestorePreview, { style }: Look): string[] {
  if (volumes.length === 0) return [];
  const lines = volumes.map(({ namespace, claim = '', hostPath, node = '' }) =>
    hostPath === undefined
      ? `    claim ${visible(claim)} of ${visible(namespace)}`
      : `    directory ${visible(hostPath)} of the node ${visible(node)}, for ${visible(namespace)}`,
  );
  const how = `by a pod of ${visible(volumeImage)} each, as root, with a Secret for the store, removed afterwards:`;
  return [`  ${style.bold('data of volumes')} come back ${how}`, ...cut(lines)];
}

function snapshotLines({ snapshots }: RestorePreview, { style }: Look): string[] {
  if (snapshots.length === 0) return [];
  const lines = snapshots.map((each) => `    claim ${visible(each)}`);
  const how =
    'by objects in its namespace and of the cluster, removed once the claim is bound; a claim that is there stays:';
  return [`  ${style.bold('claims from snapshots')} ${how}`, ...cut(lines)];
}

function pruneLines({ prune }: RestorePreview, { style }: Look): string[] {
  if (prune.length === 0) return [];
  const lines = prune.map((each) => `    ${style.bad('-')} ${visible(each)}`);
  return [`  ${style.bold('removes')} ${count(prune.length, 'object')} that the backup does not hold:`, ...cut(lines)];
}

function changeLines({ storageClasses, images, modifiers }: RestorePreview): string[] {
  return [
    ...[...storageClasses].map(([from, to]) => `  storage class ${visible(from)} becomes ${visible(to)}`),
    ...images.map(([from, to]) => `  in images ${visible(from)} becomes ${visible(to)}`),
    ...(modifiers === 0 ? [] : [`  ${count(modifiers, 'rule')} may change objects on their way`]),
  ];
}

export function renderPreview(
  preview: RestorePreview,
  { namespaceMappings, existing }: Pick<RestoreOrder, 'namespaceMappings' | 'existing'>,
  look: Look,
): string {
  const { style } = look;
  const { backup, store, context, server, started, items } = preview;
  const what = preview.chosen.length === 0 ? `up to ${count(items, 'object')}` : count(preview.chosen.length, 'object');
  return [
    `  ${style.bold(visible(backup))} of ${visible(started)}, ${what}, from ${visible(store)}`,
    ...cut(preview.chosen.map((each) => `    ${style.good('+')} ${visible(each)}`)),
    `  goes to ${style.bold(visible(context))} at ${visible(server)}`,
    ...[...namespaceMappings].map(([from, to]) => `  ${visible(from)} becomes ${visible(to)}`),
    `  ${policyWords[existing]}`,
    ...changeLines(preview),
    ...hookLines(preview, look),
    ...volumePlanLines(preview, look),
    ...snapshotLines(preview, look),
    ...pruneLines(preview, look),
    ...preview.remarks.flatMap((each) => hang(`  ${style.warn('!')} `, visible(each), look.width)),
    '',
  ]
    .map((line) => `${line}\n`)
    .join('');
}

function hookResultLines({ hooks }: RestoreReport, { style, width }: Look): string[] {
  const ran = hooks.filter(({ result }) => result === 'ran').length;
  const failed = hooks.filter(({ result }) => result === 'failed');
  return [
    ...(ran === 0 ? [] : [`  ${style.good('✓')} ${count(ran, 'hook')} ran`]),
    ...failed.flatMap(({ namespace, pod, container, command, message = '', isGrave }) => {
      const title = `the hook of ${namespace}/${pod} in ${container} (${commandText(command)}): ${message}`;
      return hang(`  ${isGrave ? style.bad('✗') : style.warn('!')} `, visible(title), width);
    }),
  ];
}

export function renderRestore(report: RestoreReport, look: Look): string {
  const { style, width } = look;
  const { name, phase, started, completed, warnings } = report;
  const seconds = ((Date.parse(completed) - Date.parse(started)) / 1000).toFixed(1);
  const title = phase === 'Completed' ? style.good(visible(name)) : style.bad(visible(name));
  return [
    `  ${style.bold(title)}  ${summary(report)}, in ${seconds} s`,
    ...volumeLines(report, look),
    ...itemLines(report, look),
    ...untriedLines(report, look),
    ...preflightLines(report, look),
    ...hookResultLines(report, look),
    ...warnings.slice(0, most).flatMap((each) => hang(`  ${style.warn('!')} `, visible(each), width)),
  ]
    .map((line) => `${line}\n`)
    .join('');
}
