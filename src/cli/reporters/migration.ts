// A move to another cluster for a terminal: what must be settled, the steps, and the way back.

import type { Migration } from '../../backup/index.ts';
import { hang } from '../layout.ts';
import { visible } from '../style.ts';
import type { Look } from './look.ts';

function decisionLines({ decisions }: Migration, { style, width }: Look): string[] {
  if (decisions.length === 0) return [];
  const lines = decisions.flatMap(({ object, text, how }) => [
    ...hang(`  ${style.warn('?')} `, visible(`${object} ${text}`), width),
    ...hang('    ', style.dim(visible(how)), width),
  ]);
  return ['', `  ${style.bold('To settle before')}`, ...lines];
}

function stepLines({ steps }: Migration, { style, width }: Look): string[] {
  return steps.flatMap(({ title, why, commands, byHand }, index) => [
    '',
    `  ${style.bold(`${index + 1}  ${title}`)}`,
    ...hang('     ', style.dim(visible(why)), width),
    // Commands are never broken: they are there to be copied.
    ...commands.map((each) => `     ${visible(each)}`),
    ...byHand.flatMap((each) => hang(`     ${style.warn('by hand:')} `, visible(each), width)),
  ]);
}

export function renderMigration(plan: Migration, look: Look): string {
  const { style } = look;
  const { of, context, toContext, back } = plan;
  const lines = [
    `  ${style.bold(visible(of))} moves from ${style.bold(visible(context))} to ${style.bold(visible(toContext))}: the steps, none of which is taken by this command`,
    ...decisionLines(plan, look),
    ...stepLines(plan, look),
    ...(back.length === 0 ? [] : ['', `  ${style.bold('Back')}`, ...back.map((each) => `     ${visible(each)}`)]),
  ];
  return `${lines.join('\n')}\n`;
}
