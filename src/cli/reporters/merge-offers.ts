// One block for each way to put findings right: ways of many objects that differ in one word only, such as a port or an image, are told once.

import type { OfferedChoice, OpenDecision } from '../../app/fix/fix-answer.ts';

/** A way that is open to these findings. */
export interface MergedOffer {
  /** With `…` for the word in which the findings differ. */
  readonly choice: OfferedChoice;
  readonly findings: readonly OpenFinding[];
}

export interface OpenFinding {
  readonly decision: OpenDecision;
  /** The finding's own word, where they differ in one. */
  readonly own?: string | undefined;
}

interface Offer {
  readonly choice: OfferedChoice;
  readonly decision: OpenDecision;
}

/** Names, numbers, images and paths are words; each other character is one of its own. */
const words = /[\w./:@-]+|./gsu;

function wordsOf({ title, consequence }: OfferedChoice): readonly string[] {
  return `${title}\n${consequence}`.match(words) ?? [];
}

/** The places where texts differ; nothing where they are not of one build. */
function differingPlaces(texts: readonly (readonly string[])[]): readonly number[] | undefined {
  const [first = []] = texts;
  if (texts.some(({ length }) => length !== first.length)) return undefined;
  return first.flatMap((word, place) => (texts.every((text) => text[place] === word) ? [] : [place]));
}

/** The one word that stands at all of the places; nothing where there are several. */
function oneWordAt(text: readonly string[], places: readonly number[]): string | undefined {
  const found = new Set(places.map((place) => text[place]));
  return found.size === 1 ? [...found][0] : undefined;
}

interface Varying {
  readonly places: readonly number[];
  /** What each text says there. */
  readonly own: readonly string[];
}

function findVarying(choices: readonly OfferedChoice[]): Varying | undefined {
  const texts = choices.map(wordsOf);
  const places = differingPlaces(texts);
  if (places === undefined) return undefined;
  if (places.length === 0) return { places, own: [] };
  const own = texts.map((text) => oneWordAt(text, places));
  return own.every((word) => word !== undefined) ? { places, own } : undefined;
}

function isOneWay(a: OfferedChoice, b: OfferedChoice): boolean {
  const isAlike = a.id === b.id && JSON.stringify(a.asks) === JSON.stringify(b.asks);
  return isAlike && findVarying([a, b]) !== undefined;
}

function withoutOwnWord(choice: OfferedChoice, { places }: Varying): OfferedChoice {
  const text = wordsOf(choice).map((word, place) => (places.includes(place) ? '…' : word));
  const [title = '', consequence = ''] = text.join('').split('\n');
  return { ...choice, title, consequence };
}

function merge(offers: readonly Offer[]): MergedOffer[] {
  const varying = findVarying(offers.map(({ choice }) => choice));
  const [first] = offers;
  if (first === undefined) return [];
  // Two may differ from the first in one word each, and from one another in more.
  if (varying === undefined) return offers.flatMap((offer) => merge([offer]));
  const findings = offers.map(({ decision }, index) => ({ decision, own: varying.own[index] }));
  return [{ choice: withoutOwnWord(first.choice, varying), findings }];
}

/** The ways that findings of one check have, in the order in which they are offered. */
export function mergeOffers(decisions: readonly OpenDecision[]): MergedOffer[] {
  const groups: Offer[][] = [];
  for (const decision of decisions)
    for (const choice of decision.choices) {
      const group = groups.find(([first]) => first !== undefined && isOneWay(first.choice, choice));
      if (group === undefined) groups.push([{ choice, decision }]);
      else group.push({ choice, decision });
    }
  return groups.flatMap(merge);
}
