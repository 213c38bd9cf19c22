// What became of the objects and volumes of a restore or a clone, or would become, for a terminal.

import type { DrillReport, RestoredItem, RestoreReport } from '../../backup/index.ts';
import { renderJson } from '../../model/index.ts';
import { hang } from '../layout.ts';
import { type Style, visible } from '../style.ts';
import type { Look } from './look.ts';
import { count } from './words.ts';

const most = 20;

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

export function summary({ counts, dryRun }: Pick<RestoreReport, 'counts' | 'dryRun'>): string {
  const parts = Object.entries(counts).filter(([, number]) => number > 0);
  const told = parts.map(([result, number]) => `${number} ${words[result as RestoredItem['result']]}`).join(', ');
  return `${dryRun ? 'would be: ' : ''}${told === '' ? 'nothing to restore' : told}`;
}

function valueText(value: unknown): string {
  const text = renderJson(value ?? '');
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

type Outcome = Pick<RestoreReport, 'items' | 'dryRun'>;

function isTold({ dryRun }: Outcome, { result }: RestoredItem): boolean {
  if (result === 'failed' || result === 'differs') return true;
  return dryRun && (result === 'updated' || result === 'recreated' || result === 'pruned');
}

function markOf({ result }: RestoredItem, style: Style): string {
  return result === 'failed' ? style.bad('✗') : result === 'pruned' ? style.bad('-') : style.warn('!');
}

export function itemLines(report: Outcome, look: Look): string[] {
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

const levelWords = { problem: 'problem', unknown: 'not known', note: 'note' } as const;

/** What the cluster lacks, and what to know of it. */
export function preflightLines({ preflight }: Pick<RestoreReport, 'preflight'>, { style, width }: Look): string[] {
  const lines = preflight.slice(0, most).flatMap(({ level, about, message, objects, count: all }) => {
    const mark = level === 'problem' ? style.bad('✗') : level === 'unknown' ? style.warn('?') : style.dim('·');
    const others = all - objects.length;
    const who = objects.length === 0 ? '' : ` (${objects.join(', ')}${others > 0 ? ` and ${others} more` : ''})`;
    return hang(`  ${mark} `, visible(`${levelWords[level]}, ${about}: ${message}${who}`), width);
  });
  const left = preflight.length - most;
  return left > 0 ? [...lines, `    and ${left} more: -o json lists them`] : lines;
}

/** The words of a dry run for data that would come back. */
const untried = 'not tried';

/** What is known of a volume that was filled stands behind its name. */
export function volumeLines({ volumes }: Pick<RestoreReport, 'volumes'>, { style, width }: Look): string[] {
  const filled = volumes.filter(({ result }) => result === 'filled');
  const plain = filled.filter(({ message }) => message === undefined).length;
  const awaited = filled.filter(({ message }) => message === untried).length;
  const others = volumes.filter(
    ({ result, message }) => result !== 'filled' || ![undefined, untried].includes(message),
  );
  return [
    ...(plain === 0 ? [] : [`  ${style.good('✓')} the data of ${count(plain, 'volume')}`]),
    ...(awaited === 0 ? [] : [`  ${style.warn('?')} not tried: the data of ${count(awaited, 'volume')}`]),
    ...others.flatMap(({ namespace, name, result, message = '' }) => {
      // Somebody left the claim out: that is no trouble.
      const isLeftOut = message === 'its claim is not restored';
      const mark = result === 'filled' ? style.good('✓') : isLeftOut ? style.dim('·') : style.warn('!');
      const title = name.startsWith('/') ? `directory ${name}, for ${namespace}` : `volume ${namespace}/${name}`;
      return hang(`  ${mark} `, visible(`${title}: ${message}`), width);
    }),
  ];
}

/** What the API server could not be asked: it takes nothing into what it does not have yet. */
export function untriedLines({ items, dryRun }: Outcome, { style, width }: Look): string[] {
  if (!dryRun) return [];
  const reasons = new Map<string, number>();
  for (const { message = '' } of items) {
    const [, reason] = /^(.*): not tried$/.exec(message) ?? [];
    if (reason !== undefined) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  }
  return [...reasons].flatMap(([reason, number]) =>
    hang(`  ${style.warn('?')} `, `not tried: ${count(number, 'object')}, because ${reason}`, width),
  );
}

/** What was ready in the end, but not at the first go; what is not ready says so itself. */
export function restartedLines(
  { restarted, unready }: Pick<DrillReport, 'restarted' | 'unready'>,
  { style, width }: Look,
): string[] {
  const well = restarted.filter(({ workload }) => !unready.some((each) => each.startsWith(`${workload}: `)));
  return well.flatMap(({ workload, times }) => {
    const often = times === 1 ? 'once' : `${times} times`;
    return hang(`  ${style.warn('!')} `, visible(`${workload} restarted ${often} before it stayed up`), width);
  });
}
