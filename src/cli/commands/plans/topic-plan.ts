// The plan behind a report: the checks that put its topics right, for the workloads that it is about, and what stays for people.

import { type Owner, type Plan, type Subject, UserError } from '../../../model/index.ts';
import { type SourceFlags } from '../../flags.ts';
import type { Io } from '../../io.ts';
import { networkWord } from '../fix.ts';
import { commandText } from './change-flags.ts';
import { makePlan, writePlan } from './plan.ts';

export interface TopicFlags extends SourceFlags {
  /** `text`, `json`, or the file that the plan is written to. */
  readonly output: string;
  readonly choose?: readonly string[];
  readonly takeOver?: readonly string[];
}

/** A step of a report. */
interface TopicStep {
  readonly topic: string;
  readonly title: string;
  readonly owner: Owner;
  readonly subjects: readonly string[];
  readonly commands: readonly string[];
}

export interface Topics {
  readonly title: string;
  /** The command that made the report. */
  readonly command: string;
  readonly steps: readonly TopicStep[];
  /** Only these workloads and what surrounds them; all where left out. */
  readonly about?: readonly Subject[];
  /** The checks of each topic, in files and in a cluster; others are left to people. */
  readonly checks: (topic: string, isCluster: boolean) => readonly string[];
}

export function isPlanFile(output: string): boolean {
  return output !== 'text' && output !== 'json';
}

function leftText({ title, subjects, commands }: TopicStep): string {
  return [[title, subjects.join('; ')].filter(Boolean).join(': '), ...commands].join('. With ');
}

/** Writes the plan to the file that `output` names. Throws `UserError` where nothing of the report is for a plan. */
export async function writeTopicPlan(
  { title, command, steps, about, checks }: Topics,
  inputs: readonly string[],
  flags: TopicFlags,
  io: Io,
): Promise<void> {
  const isCluster = flags.context !== undefined && inputs.length === 0;
  const words = [...new Set(steps.flatMap(({ topic }) => checks(topic, isCluster)))].map((check) =>
    check === 'ingress-not-isolated' ? networkWord : check,
  );
  if (words.length === 0)
    throw new UserError(
      'nothing-to-plan',
      'no step of the report is an edit that a plan could hold',
      'See the report itself with -o text: its steps name the commands for them.',
    );
  const report = { title, ...(about === undefined ? {} : { about }) };
  const made = await makePlan([...words, ...inputs], { ...flags, output: 'text', report }, [], io);
  const closed = new Set(made.plan.steps.flatMap(({ closes }) => closes));
  const others = steps.filter(({ topic }) => !checks(topic, isCluster).some((check) => closed.has(check)));
  const left = others.map((step) => ({ owner: step.owner, what: leftText(step) }));
  const plan: Plan = {
    ...made.plan,
    title,
    command: commandText(command, inputs, flags),
    left: [...left, ...made.plan.left],
  };
  await writePlan({ ...made, plan }, flags, io);
}
