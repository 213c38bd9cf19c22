// Words for the parties of a picture of connections.

import { type ConnectionsReport, type Grouped, namesOf } from '../../../reachability/index.ts';
import { UserError } from '../../../model/index.ts';
import { visible } from '../../style.ts';

/** Names of the members of each group. */
export function memberNames({ workloads }: ConnectionsReport, { groups }: Grouped): string[][] {
  const names = namesOf([...workloads, ...groups.flatMap(({ members }) => members)]);
  return groups.map(({ members }) => members.map((member) => visible(names.get(member) ?? member)));
}

/** A name for each group: `web`, `web and api`, `12 workloads: web, api, …`. */
export function groupNames(report: ConnectionsReport, grouped: Grouped): string[] {
  return memberNames(report, grouped).map((names) =>
    names.length < 3 ? names.join(' and ') : `${names.length} alike: ${names.join(', ')}`,
  );
}

export interface ShortNames {
  readonly names: readonly string[];
  /** What a letter stands for, `A: web, api, db`. */
  readonly legend: readonly string[];
}

/** Letters stand for groups of more than two. */
export function shortNames(report: ConnectionsReport, grouped: Grouped): ShortNames {
  const legend: string[] = [];
  const names = memberNames(report, grouped).map((members) => {
    if (members.length < 3) return members.join(' and ');
    const letter = legend.length < 26 ? String.fromCodePoint(65 + legend.length) : `A${legend.length - 25}`;
    legend.push(`${letter}: ${members.join(', ')}`);
    return `${members.length} alike (${letter})`;
  });
  return { names, legend };
}

export function enforcementWords({ enforcement: { enforced, why }, policies }: ConnectionsReport): string {
  if (policies === 0) return 'no policy: everything reaches everything';
  if (enforced === true) return `the cluster enforces policies: ${visible(why)}`;
  if (enforced === false) return `this cluster does not enforce policies, so all of this is open: ${visible(why)}`;
  return `as far as the cluster enforces policies, which is not known: ${visible(why)}`;
}

/** What is open, and whether that is sure. */
export function openWords(words: string, isUnsure: boolean): string {
  if (words === '') return 'not known';
  return isUnsure ? `${words}, not sure` : words;
}

/** Drawings with more lines are a grey area; Mermaid itself refuses them. */
const mostDrawn = 500;

/** Throws `UserError` where a drawing would have too many lines. */
export function checkDrawing({ edges }: Grouped): void {
  if (edges.length <= mostDrawn) return;
  throw new UserError(
    'invalid-option',
    `a drawing of ${edges.length} connections shows nothing`,
    'Narrow it with -n NAMESPACE, or take -o list, matrix or json.',
  );
}
