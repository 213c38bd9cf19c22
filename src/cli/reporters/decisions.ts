// Decisions that `fix` leaves to the user, for a terminal: by check, each way once, with the findings that it is open to.

import type { FixAnswer, OpenDecision } from '../../app/fix/fix-answer.ts';
import { kubectlIn, type NamedCluster, pushTo } from '../../model/index.ts';
import { hang, stringWidth } from '../layout.ts';
import { visible } from '../style.ts';
import { listSubjects } from './list-subjects.ts';
import type { Look } from './look.ts';
import { type MergedOffer, mergeOffers } from './merge-offers.ts';
import { count, ownerWords, subjectOf } from './words.ts';

interface DecisionsLook extends Look {
  /** Where the decisions are about a cluster: the one that the user named. */
  readonly cluster?: NamedCluster;
}

/** What to type, with the meaning of the value behind it where the line has room. */
function flagLines({ choice: { id, asks }, findings }: MergedOffer, { style, width }: DecisionsLook): string[] {
  const flag = `--choose ${findings[0]?.decision.check}=${id}${asks === undefined ? '' : ':…'}`;
  if (asks === undefined) return [`      ${style.bold(flag)}`];
  const form = asks.form === undefined || findings.length === 1 ? '' : `; ${asks.form} where there are several`;
  const meaning = `… = ${visible(asks.what)}, written as ${visible(asks.example)}${form}`;
  const isShort = stringWidth(flag) + stringWidth(meaning) + 9 <= width;
  if (isShort) return [`      ${style.bold(flag)}   ${style.dim(meaning)}`];
  return [`      ${style.bold(flag)}`, ...hang('        ', meaning, width).map(style.dim)];
}

/** True for a way that is open to every finding of the check in the same words. */
function isForAll({ findings }: MergedOffer, decisions: readonly OpenDecision[]): boolean {
  return findings.length === decisions.length && findings.every(({ own }) => own === undefined);
}

function offerLines(offer: MergedOffer, whom: string, look: DecisionsLook): string[] {
  const { title, consequence } = offer.choice;
  return [
    ...hang('    - ', visible(title), look.width),
    ...(whom === '' ? [] : hang('      ', `for ${whom}`, look.width).map(look.style.dim)),
    ...hang('      ', visible(kubectlIn(consequence, look.cluster ?? {})), look.width),
    ...flagLines(offer, look),
  ];
}

/** The one finding in full, or the subjects of many where each of them has the same way. */
function aboutText(decisions: readonly OpenDecision[], offers: readonly MergedOffer[]): string {
  const [first, ...others] = decisions;
  if (first === undefined) return '';
  if (others.length === 0) return [subjectOf(first.subject), visible(first.message)].filter(Boolean).join('  ');
  return offers.some((offer) => isForAll(offer, decisions)) ? listSubjects(decisions) : '';
}

function checkLines(decisions: readonly OpenDecision[], look: DecisionsLook): string[] {
  const [first] = decisions;
  if (first === undefined) return [];
  const owner = first.owner === 'developer' ? '' : `, ${ownerWords[first.owner]}`;
  const offers = mergeOffers(decisions);
  const about = aboutText(decisions, offers);
  const whom = (offer: MergedOffer): string =>
    isForAll(offer, decisions)
      ? ''
      : listSubjects(offer.findings.map(({ decision: { subject }, own }) => ({ subject, own })));
  return [
    ...hang('    ', `${visible(first.title)}: ${count(decisions.length, 'finding')}${owner}`, look.width),
    ...(about === '' ? [] : hang('      ', about, look.width).map(look.style.dim)),
    ...offers.flatMap((offer) => offerLines(offer, whom(offer), look)),
    '',
  ];
}

function byCheck(decisions: readonly OpenDecision[]): OpenDecision[][] {
  const groups = new Map<string, OpenDecision[]>();
  for (const decision of decisions) {
    pushTo(groups, decision.check, decision);
  }
  return [...groups.values()];
}

export function decisionLines({ decisions }: Pick<FixAnswer, 'decisions'>, look: DecisionsLook): string[] {
  if (decisions.length === 0) return [];
  const how = 'CHECK=… decides for all findings of a check, CHECK@NAME=… for one object';
  return [
    ...hang(`  ${look.style.bold('Decisions of yours')}  `, how, look.width),
    ...byCheck(decisions).flatMap((group) => checkLines(group, look)),
  ];
}
