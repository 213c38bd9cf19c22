// `fix --interactive`: shows one finding after the other with its edits or its choices, and asks.

import type { Decide, Preview } from '../../app/fix/rounds.ts';
import { problemOf, takeChoice } from '../../app/fix/choices.ts';
import { subjectOf as subjectOfFix } from '../../app/fix/fix-answer.ts';
import type { DecidedFix } from '../../app/fix/decided-fix.ts';
import type { PlannedChoice, PlannedFix } from '../../checks/index.ts';
import { hang } from '../layout.ts';
import { diffLines } from '../reporters/diff-lines.ts';
import type { ProgramLook } from '../reporters/look.ts';
import { subjectOf } from '../reporters/words.ts';
import { visible } from '../style.ts';

type Ask = (question: string) => Promise<string | undefined>;

/** What is left to say for the rest of the run. */
interface Standing {
  stopped: boolean;
  /** Checks whose further findings are put right without a question. */
  readonly all: Set<string>;
}

function headLines({ check, message, ...fix }: PlannedFix, { style, width }: ProgramLook): string[] {
  const subject = subjectOf(subjectOfFix({ check, message, ...fix }));
  return ['', ...hang('', `${visible(subject)}  ${visible(message)}`, width), style.dim(`${check.title}  ${check.id}`)];
}

function choiceLines(choices: readonly PlannedChoice[], { width }: ProgramLook): string[] {
  return choices.flatMap(({ title, consequence }, index) => [
    ...hang(`  ${index + 1}  `, visible(title), width),
    ...hang('     ', visible(consequence), width),
  ]);
}

/** A value without a problem; nothing where the user gives none. */
async function askValue(choice: PlannedChoice, ask: Ask, tell: (text: string) => void): Promise<string | undefined> {
  const { asks } = choice;
  if (asks === undefined) return undefined;
  for (;;) {
    const value = await ask(`Your ${asks.what}, written as ${asks.example} (nothing leaves it): `);
    if (value === undefined || value.trim() === '') return undefined;
    const problem = problemOf(choice, value);
    if (problem === undefined) return value;
    tell(`${problem}\n`);
  }
}

class Conversation {
  private readonly standing: Standing = { stopped: false, all: new Set() };
  private readonly ask: Ask;
  private readonly look: ProgramLook;
  private readonly tell: (text: string) => void;

  constructor(ask: Ask, look: ProgramLook, tell: (text: string) => void) {
    this.ask = ask;
    this.look = look;
    this.tell = tell;
  }

  async decide(fix: PlannedFix, preview: Preview): Promise<DecidedFix | undefined> {
    if (this.standing.stopped) return undefined;
    if (fix.choices.length > 0) return this.choose(fix, preview);
    if (this.standing.all.has(fix.check.id)) return fix;
    const { diffs, reason } = preview(fix);
    if (diffs.length === 0 && reason === undefined) return undefined;
    this.show([...headLines(fix, this.look), ...diffLines(diffs, this.look.style)]);
    if (reason !== undefined) {
      this.show([`  not edited: ${reason}`]);
      return undefined;
    }
    return this.agree(fix);
  }

  private async agree(fix: PlannedFix): Promise<DecidedFix | undefined> {
    const answer = await this.read(
      'Make this edit? y yes, n no, a yes to all of this check, q stop asking: ',
      /^[ynaq]/i,
    );
    if (answer === 'a') this.standing.all.add(fix.check.id);
    if (answer === 'q') this.standing.stopped = true;
    return answer === 'y' || answer === 'a' ? fix : undefined;
  }

  private async choose(fix: PlannedFix, preview: Preview): Promise<DecidedFix | undefined> {
    this.show([...headLines(fix, this.look), ...choiceLines(fix.choices, this.look)]);
    const numbers = fix.choices.map((_, index) => String(index + 1));
    const answer = await this.read(`Which? ${numbers.join(', ')}, n none, q stop asking: `, /^(?:[nq]|\d+)/i);
    if (answer === 'q') this.standing.stopped = true;
    const choice = fix.choices[numbers.indexOf(answer)];
    if (choice === undefined) return undefined;
    const value = await askValue(choice, this.ask, this.tell);
    if (choice.asks !== undefined && value === undefined) return undefined;
    const decided = takeChoice(fix, choice, value);
    const { diffs, reason } = preview(decided);
    this.show(reason === undefined ? diffLines(diffs, this.look.style) : [`  not edited: ${reason}`]);
    return reason === undefined ? decided : undefined;
  }

  /** Asks until the answer is one that was offered; the end of the input stops. */
  private async read(question: string, offered: RegExp): Promise<string> {
    for (;;) {
      const answer = await this.ask(question);
      if (answer === undefined) return 'q';
      const found = offered.exec(answer.trim())?.[0];
      if (found !== undefined) return found.toLowerCase();
    }
  }

  private show(lines: readonly string[]): void {
    this.tell(`${lines.join('\n')}\n`);
  }
}

export function decideByAsking(ask: Ask, look: ProgramLook, tell: (text: string) => void): Decide {
  const conversation = new Conversation(ask, look, tell);
  return (fix, preview) => conversation.decide(fix, preview);
}
