// A restore for a terminal: what will be restored, and what happened.

import type { RestorePreview } from '../../app/restores.ts';
import type { RestoredItem, RestoreReport } from '../../backup/index.ts';
import { hang } from '../layout.ts';
import { type Style, visible } from '../style.ts';
import { count } from './words.ts';

interface Look {
  readonly style: Style;
  readonly width: number;
}

interface Chosen {
  readonly namespaceMappings?: readonly string[];
  readonly existingResourcePolicy: 'none' | 'update' | 'recreate';
}

const policyWords = {
  none: 'objects that are there stay as they are',
  update: 'objects that are there are brought to what was saved',
  recreate: 'objects that are there and differ are deleted and made anew',
} as const;

export function renderPreview(preview: RestorePreview, chosen: Chosen, { style }: Look): string {
  const { backup, store, context, server, started, items } = preview;
  const moved = (chosen.namespaceMappings ?? []).map((pair) => pair.replace(':', ' becomes '));
  return [
    `  ${style.bold(visible(backup))} of ${visible(started)}, up to ${count(items, 'object')}, from ${visible(store)}`,
    `  goes to ${style.bold(visible(context))} at ${visible(server)}`,
    ...moved.map((each) => `  ${visible(each)}`),
    `  ${policyWords[chosen.existingResourcePolicy]}`,
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
  failed: 'failed',
};

function summary({ counts, dryRun }: RestoreReport): string {
  const parts = Object.entries(counts).filter(([, number]) => number > 0);
  const told = parts.map(([result, number]) => `${number} ${words[result as RestoredItem['result']]}`).join(', ');
  return `${dryRun ? 'would be: ' : ''}${told === '' ? 'nothing to restore' : told}`;
}

const most = 20;

function itemLines(report: RestoreReport, { style, width }: Look): string[] {
  const told = report.items.filter(({ result }) => result === 'failed' || result === 'differs');
  const lines = told.slice(0, most).flatMap(({ groupResource, namespace, name, result, message = '' }) => {
    const mark = result === 'failed' ? style.bad('✗') : style.warn('!');
    return hang(
      `  ${mark} `,
      visible(`${groupResource} ${namespace === '' ? '' : `${namespace}/`}${name} ${message}`),
      width,
    );
  });
  return told.length > most ? [...lines, `    and ${told.length - most} more: -o json lists them`] : lines;
}

export function renderRestore(report: RestoreReport, look: Look): string {
  const { style, width } = look;
  const { name, phase, started, completed, warnings } = report;
  const seconds = ((Date.parse(completed) - Date.parse(started)) / 1000).toFixed(1);
  const title = phase === 'Completed' ? style.good(visible(name)) : style.bad(visible(name));
  return [
    `  ${style.bold(title)}  ${summary(report)}, in ${seconds} s`,
    ...itemLines(report, look),
    ...warnings.slice(0, most).flatMap((each) => hang(`  ${style.warn('!')} `, visible(each), width)),
  ]
    .map((line) => `${line}\n`)
    .join('');
}
