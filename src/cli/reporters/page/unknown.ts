// What this source cannot tell, by what would settle it: never a failure of the user's, never a pass.

import { groupByCheck, type Report } from '../../../journey/index.ts';
import { hang, padStart, wrap } from '../../layout.ts';
import { count, usualSettler } from '../words.ts';
import { labelled, room, type Section } from './section.ts';

const shownRows = 4;

/** Checks that nobody knows about, by what would settle them; most first. */
function countBySettler({ findings, catalogue }: Report): [string, number][] {
  const counts = new Map<string, number>();
  for (const check of groupByCheck(findings.filter(({ verdict }) => verdict === 'unknown')).keys()) {
    const settler = catalogue[check]?.settledBy ?? usualSettler;
    counts.set(settler, (counts.get(settler) ?? 0) + 1);
  }
  return [...counts].sort(([, a], [, b]) => b - a);
}

export const renderUnknown: Section = (report, options) => {
  const { style, showAll } = options;
  const counts = countBySettler(report);
  if (counts.length === 0) return [];
  const total = counts.reduce((sum, [, number]) => sum + number, 0);
  const shown = showAll ? counts : counts.slice(0, counts.length === shownRows + 1 ? counts.length : shownRows);
  const rest = counts.slice(shown.length).reduce((sum, [, number]) => sum + number, 0);
  const width = String(total).length;
  const rows = shown.flatMap(([settler, number]) =>
    hang(`${padStart(String(number), width)}  `, settler, room(options)),
  );
  const more = rest === 0 ? [] : [style.dim(`${padStart(String(rest), width)}  other proofs; --all lists them`)];
  const head = wrap(`${count(total, 'check')} that this source cannot tell; settled by`, room(options));
  return labelled(style.info('Unknown'), [...head, ...rows, ...more], options);
};
