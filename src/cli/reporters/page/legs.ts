// The four legs: the level that is reached, and how far it is to the next one.

import { type LegReport, legTitles, levelNames } from '../../../journey/index.ts';
import { levels } from '../../../model/index.ts';
import { padEnd } from '../../layout.ts';
import type { ReporterOptions } from '../reporter.ts';
import { count } from '../words.ts';
import type { Section } from './section.ts';

/** Green: proven. Blue: as far as this source can tell. */
function dots({ level, proven }: LegReport, { style }: ReporterOptions): string {
  return levels
    .map((each) => {
      if (each > level) return style.dim('○');
      return each <= proven ? style.good('●') : style.info('●');
    })
    .join('');
}

/** Painted: the level's name, and whether it is proven. */
function reachedName({ leg, level, proven, next }: LegReport, { style }: ReporterOptions): string {
  if (level === 0) return style.dim(next === undefined ? 'nothing here to judge' : 'not started');
  return levelNames[leg][level] + (proven < level ? style.dim(', unproven') : '');
}

/** A bar of the steps to the next level; it is full only when all are done. */
function bar({ next }: LegReport, width: number, { style }: ReporterOptions): string {
  if (next === undefined || next.steps === 0) return ' '.repeat(width);
  const share = Math.floor((next.done / next.steps) * width);
  const filled = next.done === 0 ? 0 : Math.max(1, share);
  return style.good('━'.repeat(filled)) + style.dim('─'.repeat(width - filled));
}

/** `4 of 11 steps to level 3`; where only proofs are missing, how many. */
function distance({ next }: LegReport): string {
  if (next === undefined) return '';
  const { done, steps, unknown, level } = next;
  if (done === steps) return `${count(unknown.length, 'proof')} to level ${level}`;
  return `${done === 0 ? '' : `${done} of `}${count(steps, 'step')} to level ${level}`;
}

function nameOfNext({ leg, next }: LegReport): string {
  return next === undefined ? '' : levelNames[leg][next.level];
}

const startColumn = 20;
const nameColumn = 35;
const barColumn = 10;
const distanceColumn = 25;

function stackedLines(leg: LegReport, options: ReporterOptions): string[] {
  const { style } = options;
  const way = distance(leg);
  return [
    `  ${style.bold(padEnd(legTitles[leg.leg], 11))}${dots(leg, options)}`,
    `    ${reachedName(leg, options)}`,
    ...(way === '' ? [] : [`    ${style.dim(way)}`]),
  ];
}

function rowOf(leg: LegReport, options: ReporterOptions): string {
  const { style, width } = options;
  const start = `  ${style.bold(padEnd(legTitles[leg.leg], 12))}${dots(leg, options)}  `;
  const name = padEnd(reachedName(leg, options), nameColumn);
  const way = padEnd(distance(leg), distanceColumn);
  const withBar = startColumn + nameColumn + barColumn + 2 + distanceColumn;
  if (width < withBar) return `${start}${name}${way}`;
  const next = width < withBar + 25 ? '' : `  ${style.dim(nameOfNext(leg))}`;
  return `${start}${name}${bar(leg, barColumn, options)}  ${way}${next}`;
}

export const renderLegs: Section = ({ legs }, options) => {
  const stacked = options.width < startColumn + nameColumn + distanceColumn;
  return legs.flatMap((leg) => (stacked ? stackedLines(leg, options) : [rowOf(leg, options)]));
};
