// Plans for a terminal: the steps with their reasons, what the server says to them, what is left, and what became of them.

import type { PlanOutcome } from '../../app/plans/apply-plan.ts';
import type { ClusterPlan } from '../../app/plans/cluster/cluster-plan.ts';
import type { ClusterFix } from '../../app/plans/cluster/fix-cluster.ts';
import {
  clusterOptions,
  type Journal,
  type NamedCluster,
  owners,
  type Plan,
  type PlanStep,
  shellCommand,
} from '../../model/index.ts';
import { hang } from '../layout.ts';
import { visible } from '../style.ts';
import { decisionLines } from './decisions.ts';
import { diffLines } from './diff-lines.ts';
import type { ProgramLook } from './look.ts';
import { count, ownerWords } from './words.ts';

export interface PlanLook extends ProgramLook {
  readonly cluster: NamedCluster;
}

type Refused = ClusterPlan['refused'][number];
type Preview = ClusterPlan['previews'][number];

function targetText({ target }: Plan): string {
  return target.kind === 'folder' ? 'in files' : `in ${visible(target.context)}`;
}

function stepLines(step: PlanStep, index: number, { style, width }: PlanLook): string[] {
  const indent = ' '.repeat(6);
  const { reason, closes, remarks = [] } = step;
  return [
    `${String(index + 1).padStart(4)}  ${style.bold(visible(step.title))}`,
    ...(reason === '' ? [] : hang(indent, visible(reason), width)),
    ...(closes.length === 0 ? [] : hang(indent, `closes ${closes.map(visible).join(', ')}`, width).map(style.dim)),
    ...remarks.flatMap((remark) => hang(`${indent}${style.warn('!')} `, visible(remark), width)),
  ];
}

/** The steps, in order. */
export function renderSteps(plan: Plan, look: PlanLook): string[] {
  const { steps } = plan;
  const head = steps.length === 0 ? '' : `: ${count(steps.length, 'step')} ${targetText(plan)}`;
  return [
    ...hang('  ', `${visible(plan.title)}${head}`, look.width),
    '',
    ...steps.flatMap((step, index) => [...stepLines(step, index, look), '']),
  ];
}

function conflictLines({ conflicts }: Refused, { style, width }: PlanLook): string[] {
  const managers = [...new Set(conflicts.map(({ manager }) => manager))];
  const takeOver = managers.map((manager) => `--take-over ${visible(manager)}`).join(' ');
  return [
    ...conflicts.flatMap(({ field, who, next }) =>
      hang('      ', `${visible(field)}: ${visible(who)} ${visible(next)}`, width),
    ),
    ...(conflicts.length === 0
      ? []
      : hang('      ', `the same command with ${takeOver} takes them over`, width).map(style.dim)),
  ];
}

function refusedLines(refused: readonly Refused[], look: PlanLook): string[] {
  if (refused.length === 0) return [];
  const { style, width } = look;
  return [
    `  ${style.bold('Not in the plan')}`,
    ...refused.flatMap((each) => [
      ...hang(
        '    ',
        `${visible(each.title)}${each.owner === 'developer' ? '' : `, ${ownerWords[each.owner]}`}`,
        width,
      ),
      ...hang('      ', visible(each.message), width),
      ...conflictLines(each, look),
    ]),
    '',
  ];
}

function grantLines(grant: string, { style }: PlanLook): string[] {
  if (grant === '') return [];
  return [
    `  ${style.bold('What would permit it')}`,
    ...grant
      .trimEnd()
      .split('\n')
      .map((line) => `    ${visible(line)}`),
    '',
  ];
}

/** What is left is in the plan's file, word for word: here only how much it is. */
function leftLines({ left }: Plan, { style, width }: PlanLook): string[] {
  if (left.length === 0) return [];
  const counts = owners.flatMap((owner) => {
    const number = left.filter((each) => each.owner === owner).length;
    return number === 0 ? [] : `${number} for the ${ownerWords[owner]}`;
  });
  return [...hang(`  ${style.bold('Left')}  `, `${counts.join(', ')}; -o json lists them`, width), ''];
}

function previewDiffs(previews: readonly Preview[], { style }: PlanLook): string[] {
  return diffLines(
    previews.map(({ diff }) => diff).filter((diff) => diff !== ''),
    style,
  );
}

function proofLines({ proof: { before, after, opened }, plan }: ClusterFix, { style, width }: PlanLook): string[] {
  if (plan.steps.length === 0) return [];
  const sign = opened.length === 0 ? style.good('✓') : style.bad('✗');
  const text = `Judged as the server would store it: ${before} failed before, ${after} after${opened.length === 0 ? ', none of them new' : ''}.`;
  return [
    ...hang(`  ${sign} `, text, width),
    ...opened.flatMap(({ check, subject, message }) =>
      hang('    ', `new: ${visible(`${subject.kind} ${subject.name}`)}  ${visible(message)}  ${check}`, width),
    ),
    '',
  ];
}

/** A plan for a cluster: the server's answers as diffs, the steps, and what it refused. */
export function renderClusterPlan(fix: ClusterPlan, look: PlanLook): string {
  return [
    '',
    ...previewDiffs(fix.previews, look),
    ...renderSteps(fix.plan, look),
    ...refusedLines(fix.refused, look),
    ...grantLines(fix.grant, look),
    ...fix.warnings.flatMap((text) =>
      hang(`  ${look.style.warn('!')} `, `the server warns: ${visible(text)}`, look.width),
    ),
  ].join('\n');
}

/** The same for the findings of a cluster, with what is left of them. */
export function renderClusterFix(fix: ClusterFix, look: PlanLook): string {
  return [renderClusterPlan(fix, look), ...decisionLines(fix, look), ...proofLines(fix, look)].join('\n');
}

/** A plan as it is read from its file; `previews` are the server's answers now. */
export function renderPlan(plan: Plan, previews: readonly Preview[], look: PlanLook): string {
  return ['', ...previewDiffs(previews, look), ...renderSteps(plan, look), ...leftLines(plan, look)].join('\n');
}

/** What is to be taken back, from the last step to the first. */
export function renderUndo(plan: Plan, { entries }: Journal, look: PlanLook): string {
  const { style, width } = look;
  const done = entries.filter(({ state }) => state !== 'undone').toReversed();
  const titleOf = (id: string): string => plan.steps.find((step) => step.id === id)?.title ?? id;
  return [
    '',
    ...hang(
      '  ',
      `${visible(plan.title)}, ${visible(plan.made.slice(0, 10))}: ${count(done.length, 'step')} to take back`,
      width,
    ),
    '',
    ...done.flatMap(({ step, inverse }) => [
      ...hang('    ', visible(titleOf(step)), width),
      ...(inverse.kind === 'none' ? hang(`      ${style.warn('!')} `, `stays: ${visible(inverse.reason)}`, width) : []),
    ]),
    '',
  ].join('\n');
}

function outcomeText({ plan, journal: { state, entries } }: PlanOutcome): string {
  const done = entries.filter((entry) => entry.state === 'done').length;
  if (state === 'applied') return `Applied: ${count(done, 'step')} ${targetText(plan)}.`;
  if (state === 'undone') return `Taken back: ${count(entries.length, 'step')} ${targetText(plan)}.`;
  return `Stopped after ${done} of ${count(plan.steps.length, 'step')}; what was done stays.`;
}

export function renderOutcome(outcome: PlanOutcome, { style, width, program, cluster }: PlanLook): string {
  const { state, trouble, entries } = outcome.journal;
  const kept = entries.filter(({ inverse }) => inverse.kind === 'none').length;
  const advice =
    state === 'undone'
      ? ''
      : `${program} ${shellCommand(['undo', outcome.id, ...clusterOptions(cluster)])} takes it back${kept === 0 ? '' : `, but for ${count(kept, 'step')}`}.`;
  const isGood = state === 'applied' || (state === 'undone' && trouble === undefined);
  return [
    ...(trouble === undefined ? [] : hang(`  ${style.bad('✗')} `, visible(trouble), width)),
    ...hang(`  ${isGood ? style.good('✓') : style.warn('!')} `, outcomeText(outcome), width),
    ...(advice === '' ? [] : hang('    ', advice, width).map(style.dim)),
    '',
  ].join('\n');
}
