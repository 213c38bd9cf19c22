// Decisions of the user's about findings: which choice is taken for which subject, from options and from nowwhat.yaml.

import type { PlannedChoice, PlannedFix } from '../../checks/index.ts';
import { matchesSubject } from '../../journey/index.ts';
import { UserError } from '../../model/index.ts';
import { adviseName } from '../suggest-name.ts';
import { subjectOf } from './fix-answer.ts';
import type { DecidedFix } from './decided-fix.ts';

/** One decision: it holds for all findings of the check that its subject matches. */
export interface ChoiceRule {
  readonly check: string;
  /** `kind/namespace/name` with `*` for any text in a part; parts may be left out from the right. */
  readonly subject?: string | undefined;
  readonly container?: string | undefined;
  /** Id of the choice. */
  readonly take: string;
  readonly value?: string | undefined;
}

/** Reads `CHECK[@NAME[/CONTAINER]]=CHOICE[:VALUE]`. Throws `UserError` where it is not that. */
export function parseChoice(text: string): ChoiceRule {
  const [, check = '', name, container, take = '', value] =
    /^([a-z0-9-]+)(?:@([^/=\s]+)(?:\/([^/=\s]+))?)?=([a-z0-9-]+)(?::(.+))?$/s.exec(text) ?? [];
  if (check === '')
    throw new UserError(
      'invalid-option',
      `--choose "${text}" is not a check and a choice`,
      'Write CHECK=CHOICE, CHECK=CHOICE:VALUE, or CHECK@NAME/CONTAINER=CHOICE for one object or container.',
    );
  return { check, subject: name === undefined ? undefined : `*/*/${name}`, container, take, value };
}

function spell({ check, subject, container, take }: ChoiceRule): string {
  const about = [subject, container].filter((each) => each !== undefined).join(', container ');
  return `${check}${about === '' ? '' : ` of ${about}`}: ${take}`;
}

function isAbout(rule: ChoiceRule, fix: PlannedFix): boolean {
  const { subject = '*', container } = rule;
  return rule.check === fix.check.id && matchesSubject({ subject, container }, subjectOf(fix));
}

function unknownChoice({ check, take }: ChoiceRule, choices: readonly PlannedChoice[]): UserError {
  const known = choices.map(({ id }) => id);
  const list = known.join(', ');
  const what = `${check} has no choice "${take}"`;
  return new UserError('unknown-choice', what, adviseName(take, known, `It has ${list}.`));
}

/** What is wrong with the value, as a whole sentence without its full stop; nothing where it will do. */
export function problemOf({ id, asks }: PlannedChoice, value: string | undefined): string | undefined {
  if (asks === undefined) return value === undefined ? undefined : `the choice ${id} asks for no value`;
  if (value === undefined || value.trim() === '')
    return `the choice ${id} needs a value: ${asks.what}, written as ${asks.example}`;
  const problem = asks.problem?.(value);
  return problem === undefined ? undefined : `"${value}" ${problem}`;
}

/** The fix with the change of a choice. `value` has no problem. */
export function takeChoice(fix: PlannedFix, choice: PlannedChoice, value: string | undefined): DecidedFix {
  return { ...fix, ...choice.change(value?.trim() ?? ''), choice: choice.id };
}

/** The decisions of a run; remembers which of them were of use. */
export class ChoiceRules {
  private readonly rules: readonly ChoiceRule[];
  private readonly used = new Set<ChoiceRule>();
  /** Those that a finding of their check did not offer, with what it offered instead. */
  private readonly missed = new Map<ChoiceRule, readonly PlannedChoice[]>();
  /** What the findings of each rule are about, where an answer fits one thing only. */
  private readonly things = new Map<ChoiceRule, Set<string>>();
  private readonly unclear = new Set<ChoiceRule>();

  /** Earlier rules win over later ones, and those about one subject over those about all. */
  constructor(rules: readonly ChoiceRule[]) {
    const isNarrow = ({ subject, container }: ChoiceRule): boolean => subject !== undefined || container !== undefined;
    this.rules = [...rules.filter(isNarrow), ...rules.filter((rule) => !isNarrow(rule))];
  }

  /** Hears of all fixes before any is decided: a value that fits one thing must not go to several. */
  meet(fixes: readonly PlannedFix[]): void {
    for (const fix of fixes)
      for (const rule of this.rules) {
        const own = isAbout(rule, fix) ? fix.choices.find(({ id }) => id === rule.take)?.asks?.own : undefined;
        if (own === undefined) continue;
        const known = this.things.get(rule) ?? new Set();
        this.things.set(rule, known.add(own.thing));
      }
  }

  /** The value as the choice takes it; nothing where it is for something else, or does not say for which of several. */
  private read(rule: ChoiceRule, { asks }: PlannedChoice): Pick<ChoiceRule, 'value'> | undefined {
    if (asks?.own === undefined || rule.value === undefined) return rule;
    const { names, answer } = asks.own.read(rule.value);
    if (names === 'other') return undefined;
    if (names === 'this' || (this.things.get(rule)?.size ?? 0) <= 1) return { value: answer };
    this.unclear.add(rule);
    return undefined;
  }

  /** The fix as it was decided; itself where there is nothing to decide; nothing where nobody has, or where this one finding has no such choice. Throws `UserError` for a value that will not do. */
  decide(fix: PlannedFix): DecidedFix | undefined {
    if (fix.choices.length === 0) return fix;
    const about = this.rules.filter((each) => isAbout(each, fix));
    const offered = about.flatMap((rule) => {
      const choice = fix.choices.find(({ id }) => id === rule.take);
      return choice === undefined ? [] : { rule, choice };
    });
    if (offered.length === 0) for (const rule of about) this.missed.set(rule, fix.choices);
    for (const { rule, choice } of offered) {
      const read = this.read(rule, choice);
      if (read === undefined) continue;
      const problem = problemOf(choice, read.value);
      if (problem !== undefined)
        throw new UserError('invalid-option', `${rule.check}: ${problem}`, `Write ${rule.check}=${choice.id}:VALUE.`);
      this.used.add(rule);
      return takeChoice(fix, choice, read.value);
    }
    return undefined;
  }

  /** Throws `UserError` for a choice that no finding has offered. */
  requireOffered(): void {
    for (const [rule, choices] of this.missed) if (!this.used.has(rule)) throw unknownChoice(rule, choices);
  }

  /** Those of the given decisions that met no finding. Of the ones that stay with the app nobody wants to hear so: they are for every run. */
  notices(given: readonly ChoiceRule[]): string[] {
    return this.rules
      .filter((rule) => !this.used.has(rule) && given.includes(rule))
      .map((rule) =>
        this.unclear.has(rule)
          ? `The choice ${spell(rule)} was not made: its value fits one of ${[...(this.things.get(rule) ?? [])].join(', ')}; name it before the value, or choose for one object with ${rule.check}@NAME/CONTAINER`
          : `The choice ${spell(rule)} was not needed: no finding here asks for it`,
      );
  }
}
