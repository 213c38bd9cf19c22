// A clone for a terminal: what the copy will be, what was made, and which copies there are.

import type { CloneAnswer, ClonePreview, RemovedClone } from '../../app/clones/clones.ts';
import type { CloneMarks, ClonePlan } from '../../backup/index.ts';
import { clusterOptions, type NamedCluster, pushTo, shellCommand } from '../../model/index.ts';
import { hang, padEnd } from '../layout.ts';
import { visible } from '../style.ts';
import type { Look } from './look.ts';
import { itemLines, preflightLines, restartedLines, summary, untriedLines, volumeLines } from './outcome.ts';
import { count } from './words.ts';

interface CloneLook extends Look {
  /** Every line, however many there are. */
  readonly isWhole: boolean;
}

const most = 12;

/** What is said, and of which places. */
interface Told {
  readonly what: string;
  readonly where: readonly string[];
}

function toldLines({ what, where }: Told, { style, width, isWhole }: CloneLook): string[] {
  const shown = isWhole ? where : where.slice(0, 1);
  const more = where.length - shown.length;
  const places = shown.flatMap((each, index) => {
    const rest = more > 0 && index === shown.length - 1 ? ` and ${count(more, 'other place')}` : '';
    return hang('      ', visible(each + rest), width).map((line) => style.dim(line));
  });
  return [...hang('    ', visible(what), width), ...places];
}

function section(title: string, told: readonly Told[], look: CloneLook): string[] {
  if (told.length === 0) return [];
  const { style, isWhole } = look;
  const shown = isWhole || told.length <= most + 1 ? told : told.slice(0, most);
  const more = told.length - shown.length;
  return [
    '',
    `  ${style.bold(title)}`,
    ...shown.flatMap((each) => toldLines(each, look)),
    ...(more === 0 ? [] : [`    and ${more} more: --all shows them`]),
  ];
}

function plainSection(title: string, lines: readonly string[], look: CloneLook): string[] {
  return section(
    title,
    lines.map((what) => ({ what, where: [] })),
    look,
  );
}

function inGroups(rows: readonly (readonly [what: string, where: string])[]): Told[] {
  const groups = new Map<string, string[]>();
  for (const [what, where] of rows) pushTo(groups, what, where);
  return [...groups].map(([what, where]) => ({ what, where }));
}

/** The same change in many fields stands once, with the places behind it. */
function rewriteLines({ rewrites, secrets }: ClonePlan): Told[] {
  const rows = rewrites.map(({ object, field, before, after }) => {
    const what =
      before === undefined ? 'a name in a value' : after === '' ? `${before} is left out` : `${before} → ${after}`;
    return [what, `${object} ${field}`] as const;
  });
  return inGroups([
    ...rows,
    ...secrets.map(({ secret, key, what }) => [secretWords[what], `Secret ${secret}, ${key}`] as const),
  ]);
}

const secretWords = {
  fresh: 'a fresh value',
  masked: 'masked',
  replaced: 'holds a credential that is replaced',
} as const;

function leftLines({ left }: ClonePlan): Told[] {
  return inGroups(
    left.map(({ object, field, text = 'a value', reason }) => [`${text} ${reason}`, `${object} ${field}`]),
  );
}

function kindsOf({ objects }: ClonePlan): string {
  const kinds = new Map<string, number>();
  for (const { object, place } of objects) {
    const kind = typeof object['kind'] === 'string' ? object['kind'] : place.groupResource;
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  }
  return [...kinds]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([kind, number]) => (number === 1 ? kind : `${number} ${kind}`))
    .join(', ');
}

export function renderClonePlan({ plan, server, context, isThere, image }: ClonePreview, look: CloneLook): string {
  const { style, width } = look;
  const { of, name, expires, objects, decisions, changes, leftOut, problems, volumes } = plan;
  const until = expires === undefined ? '' : `, until ${expires}`;
  const lines = [
    `  ${style.bold(visible(of))} is copied as ${style.bold(visible(name))} into ${visible(context)} at ${visible(server)}${visible(until)}`,
    ...hang('  ', visible(`${count(objects.length, 'object')}: ${kindsOf(plan)}`), width),
    ...(isThere ? ['  The copy is there already: what is missing is made, nothing else is changed.'] : []),
    ...section('Rewritten', rewriteLines(plan), look),
    ...section('Looks like a reference, and stays', leftLines(plan), look),
    ...plainSection(
      'Otherwise than in the original',
      changes.map(({ object, text }) => `${object} ${text}`),
      look,
    ),
    ...plainSection(
      'Not copied',
      leftOut.map(({ object, text }) => `${object} ${text}`),
      look,
    ),
    ...plainSection('Could not be read', problems, look),
    ...dataLines(volumes, image, look),
    ...decisionLines(decisions, look),
  ];
  return `${lines.join('\n')}\n`;
}

/** What is made in the cluster beside the copy, to fill its volumes. */
function dataLines(volumes: ClonePlan['volumes'], image: string, look: CloneLook): string[] {
  const filled = volumes.filter(({ from }) => from !== 'nothing');
  if (filled.length === 0) return [];
  const isDirect = filled.some(({ from }) => from === 'original');
  const how = isDirect
    ? `from pod to pod through this machine: one of ${image} beside the original and one beside the copy`
    : `out of the store of the backup, by a pod of ${image} with a Secret of the store's credentials`;
  const text = `${how}, as root where the namespace admits it, removed afterwards: ${filled.map(({ claim }) => claim).join(', ')}`;
  return [
    '',
    `  ${look.style.bold(`The data of ${count(filled.length, 'volume')}`)}`,
    ...hang('    ', visible(text), look.width),
  ];
}

/** What the API server said to a dry run. */
function renderTried(answer: CloneAnswer, look: CloneLook): string {
  const { tried } = answer;
  if (tried === undefined) return renderClonePlan(answer, look);
  const outcome = { ...tried, dryRun: true };
  const { style, width } = look;
  const lines = [
    '',
    `  ${style.bold('The API server')}  ${summary(outcome)}`,
    ...itemLines(outcome, look),
    ...untriedLines(outcome, look),
    ...preflightLines(outcome, look),
    ...tried.warnings.flatMap((each) => hang(`  ${style.warn('!')} `, visible(each), width)),
  ];
  return `${renderClonePlan(answer, look)}${lines.join('\n')}\n`;
}

function decisionLines(decisions: ClonePlan['decisions'], look: CloneLook): string[] {
  if (decisions.length === 0) return [];
  const { style, width } = look;
  const lines = decisions.flatMap(({ object, text, how }) => [
    ...hang(`  ${style.warn('?')} `, visible(`${object} ${text}`), width),
    ...hang('    ', style.dim(visible(how)), width),
  ]);
  return ['', `  ${style.bold('To decide')}`, ...lines];
}

/** `cluster` is the one that the copy is in, as the user named it. */
interface MadeLook extends CloneLook {
  readonly cluster: NamedCluster;
}

function endOf({ plan, removed, made }: CloneAnswer, { style, cluster }: MadeLook): string[] {
  if (removed) return [`  ${style.warn('Removed again: not all of it could be made. --keep leaves what was.')}`];
  const { readiness } = made ?? {};
  if (readiness !== undefined && readiness.unready.length === 0)
    return [`  ${count(readiness.workloads, 'workload')}, all ready`];
  const removal = shellCommand(['nowwhat', 'clone', 'delete', plan.name, ...clusterOptions(cluster)]);
  return readiness === undefined ? [`  Remove it with: ${visible(removal)}`] : [];
}

/** What was made; the plan was shown before. */
export function renderClone(answer: CloneAnswer, look: MadeLook): string {
  const { plan, made } = answer;
  const { style, width } = look;
  if (made === undefined) return renderTried(answer, look);
  const title = made.counts.failed > 0 ? style.bad(visible(plan.name)) : style.good(visible(plan.name));
  const lines = [
    `  ${style.bold(title)}  ${summary({ ...made, dryRun: false })}`,
    ...volumeLines(made, look),
    ...itemLines({ ...made, dryRun: false }, look),
    ...made.warnings.flatMap((each) => hang(`  ${style.warn('!')} `, visible(each), width)),
    ...(made.readiness?.unready ?? []).flatMap((each) =>
      hang(`  ${style.bad('✗')} `, visible(`not ready: ${each}`), width),
    ),
    ...(made.readiness === undefined ? [] : restartedLines(made.readiness, look)),
    ...decisionLines(plan.decisions, look),
    ...endOf(answer, look),
  ];
  return `${lines.join('\n')}\n`;
}

export function renderClones(clones: readonly CloneMarks[], now: number, { style }: Pick<Look, 'style'>): string {
  if (clones.length === 0) return '  No copies.\n';
  const width = Math.max(...clones.map(({ name }) => name.length));
  const lines = clones.map(({ name, of, created, expires }) => {
    const isOver = expires !== undefined && Date.parse(expires) <= now;
    const until =
      expires === undefined
        ? 'stays'
        : isOver
          ? style.warn(`expired ${visible(expires)}`)
          : `until ${visible(expires)}`;
    return `  ${style.bold(padEnd(visible(name), width))}  of ${visible(of)}, made ${visible(created)}, ${until}`;
  });
  return `${lines.join('\n')}\n`;
}

const removedWords = { removed: 'removed', going: 'on its way out', kept: 'kept' } as const;

export function renderRemoved(clones: readonly RemovedClone[], { style, width }: Look): string {
  if (clones.length === 0) return '  Nothing to remove.\n';
  const lines = clones.flatMap(({ name, result, message }) => {
    const mark = result === 'removed' ? style.good('✓') : style.warn('!');
    const more = message === undefined ? '' : `: it ${message}; --force removes that too`;
    return hang(`  ${mark} `, visible(`${name} ${removedWords[result]}${more}`), width);
  });
  return `${lines.join('\n')}\n`;
}
