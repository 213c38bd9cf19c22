// Decisions of the user's about findings: which choice is taken for which subject, from options and from nowwhat.yaml.

import type { PlannedChoice, PlannedFix } from '../../checks/index.ts';
import { matchesSubject } from '../../journey/index.ts';
import { UserError } from '../../model/index.ts';
import { adviseName } from '../suggest-name.ts';
import { type DecidedFix, subjectOf } from './fix-answer.ts';

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

  /** Earlier rules win over later ones, and those about one subject over those about all. */
  constructor(rules: readonly ChoiceRule[]) {
    const isNarrow = ({ subject, container }: ChoiceRule): boolean => subject !== undefined || container !== undefined;
    this.rules = [...rules.filter(isNarrow), ...rules.filter((rule) => !isNarrow(rule))];
  }

  /** The fix as it was decided; itself where there is nothing to decide; nothing where nobody has, or where this one finding has no such choice. Throws `UserError` for a value that will not do. */
  decide(fix: PlannedFix): DecidedFix | undefined {
    if (fix.choices.length === 0) return fix;
    const about = this.rules.filter((each) => isAbout(each, fix));
    const rule = about.find(({ take }) => fix.choices.some(({ id }) => id === take));
    const choice = fix.choices.find(({ id }) => id === rule?.take);
    if (rule === undefined || choice === undefined) {
      for (const each of about) this.missed.set(each, fix.choices);
      return undefined;
    }
    const problem = problemOf(choice, rule.value);
    if (problem !== undefined)
      throw new UserError('invalid-option', `${rule.check}: ${problem}`, `Write ${rule.check}=${choice.id}:VALUE.`);
    this.used.add(rule);
    return takeChoice(fix, choice, rule.value);
  }

  /** Throws `UserError` for a choice that no finding has offered. */
  requireOffered(): void {
    for (const [rule, choices] of this.missed) if (!this.used.has(rule)) throw unknownChoice(rule, choices);
  }

  /** Those of the given decisions that met no finding. Of the ones that stay with the app nobody wants to hear so: they are for every run. */
  notices(given: readonly ChoiceRule[]): string[] {
    return this.rules
      .filter((rule) => !this.used.has(rule) && given.includes(rule))
      .map((rule) => `The choice ${spell(rule)} was not needed: no finding here asks for it`);
  }
}
