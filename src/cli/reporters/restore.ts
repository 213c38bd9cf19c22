// A restore for a terminal: what will be restored, and what happened.

import type { RestoreOrder, RestorePreview } from '../../app/restores.ts';
import type { RestoredItem, RestoreReport } from '../../backup/index.ts';
import { hang } from '../layout.ts';
import { type Style, visible } from '../style.ts';
import { count } from './words.ts';

interface Look {
  readonly style: Style;
  readonly width: number;
}

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

/** Words with spaces in quotes, as somebody would type them. */
function commandText(command: readonly string[]): string {
  return command.map((word) => (/^[\w./:=@%+,-]+$/.test(word) ? word : JSON.stringify(word))).join(' ');
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
  const lines = volumes.map(({ namespace, claim = '' }) => `    claim ${visible(claim)} of ${visible(namespace)}`);
  const how = `by a pod of ${visible(volumeImage)} each, as root, with a Secret of the store's credentials, removed afterwards:`;
  return [`  ${style.bold('data of volumes')} come back ${how}`, ...cut(lines)];
}

function volumeLines({ volumes }: RestoreReport, { style, width }: Look): string[] {
  const filled = volumes.filter(({ result }) => result === 'filled').length;
  const others = volumes.filter(({ result }) => result !== 'filled');
  return [
    ...(filled === 0 ? [] : [`  ${style.good('✓')} the data of ${count(filled, 'volume')}`]),
    ...others.flatMap(({ namespace, name, message = '' }) =>
      hang(`  ${style.warn('!')} `, visible(`volume ${namespace}/${name}: ${message}`), width),
    ),
  ];
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
  return [
    `  ${style.bold(visible(backup))} of ${visible(started)}, up to ${count(items, 'object')}, from ${visible(store)}`,
    `  goes to ${style.bold(visible(context))} at ${visible(server)}`,
    ...[...namespaceMappings].map(([from, to]) => `  ${visible(from)} becomes ${visible(to)}`),
    `  ${policyWords[existing]}`,
    ...changeLines(preview),
    ...hookLines(preview, look),
    ...volumePlanLines(preview, look),
    ...pruneLines(preview, look),
    '',
  ]
    .map((line) => `${line}\n`)
    .join('');
}

const words: Readonly<Record<RestoredItem['result'], string>> = {
  created: 'created',
  recreated: 'made anew',
  updated: 'updated',
  unchanged: 'there already',
  differs: 'there, and otherwise',
  skipped: 'left out',
  pruned: 'removed',
  failed: 'failed',
};

function summary({ counts, dryRun }: RestoreReport): string {
  const parts = Object.entries(counts).filter(([, number]) => number > 0);
  const told = parts.map(([result, number]) => `${number} ${words[result as RestoredItem['result']]}`).join(', ');
  return `${dryRun ? 'would be: ' : ''}${told === '' ? 'nothing to restore' : told}`;
}

function valueText(value: unknown): string {
  const text = JSON.stringify(value) ?? '';
  return text.length > 120 ? `${text.slice(0, 117)}...` : text;
}

/** What is there in red, what would be in green. */
function diffLines({ changes = [] }: RestoredItem, { style, width }: Look): string[] {
  return changes.flatMap(({ path, before, after, withheld }) => {
    const title = hang('      ', visible(path), width);
    if (withheld === true) return [...title.slice(0, -1), `${title.at(-1) ?? ''} (a value of a Secret)`];
    return [
      ...title,
      ...(before === undefined ? [] : [`      ${style.bad(visible(`- ${valueText(before)}`))}`]),
      ...(after === undefined ? [] : [`      ${style.good(visible(`+ ${valueText(after)}`))}`]),
    ];
  });
}

function isTold({ dryRun }: RestoreReport, { result }: RestoredItem): boolean {
  if (result === 'failed' || result === 'differs') return true;
  return dryRun && (result === 'updated' || result === 'recreated' || result === 'pruned');
}

function markOf({ result }: RestoredItem, style: Style): string {
  return result === 'failed' ? style.bad('✗') : result === 'pruned' ? style.bad('-') : style.warn('!');
}

function itemLines(report: RestoreReport, look: Look): string[] {
  const { style, width } = look;
  const told = report.items.filter((item) => isTold(report, item));
  const lines = told.slice(0, most).flatMap((item) => {
    const { groupResource, namespace, name, result } = item;
    const message = item.message ?? (report.dryRun ? `would be ${words[result]}` : '');
    const title = `${groupResource} ${namespace === '' ? '' : `${namespace}/`}${name} ${message}`;
    return [...hang(`  ${markOf(item, style)} `, visible(title), width), ...diffLines(item, look)];
  });
  return told.length > most ? [...lines, `    and ${told.length - most} more: -o json lists them`] : lines;
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

const levelWords = { problem: 'problem', unknown: 'not known', note: 'note' } as const;

/** What the cluster lacks, and what to know of it. */
function preflightLines({ preflight }: RestoreReport, { style, width }: Look): string[] {
  const lines = preflight.slice(0, most).flatMap(({ level, about, message, objects, count: all }) => {
    const mark = level === 'problem' ? style.bad('✗') : level === 'unknown' ? style.warn('?') : style.dim('·');
    const others = all - objects.length;
    const who = objects.length === 0 ? '' : ` (${objects.join(', ')}${others > 0 ? ` and ${others} more` : ''})`;
    return hang(`  ${mark} `, visible(`${levelWords[level]}, ${about}: ${message}${who}`), width);
  });
  const left = preflight.length - most;
  return left > 0 ? [...lines, `    and ${left} more: -o json lists them`] : lines;
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
    ...preflightLines(report, look),
    ...hookResultLines(report, look),
    ...warnings.slice(0, most).flatMap((each) => hang(`  ${style.warn('!')} `, visible(each), width)),
  ]
    .map((line) => `${line}\n`)
    .join('');
}
