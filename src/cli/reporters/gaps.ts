// What a backup lacks, for a terminal: kinds that may not be listed stand together, and below all the rights to ask for.

import { type CollectProblem, rightsToAsk } from '../../backup/index.ts';
import { pushTo, shellCommand } from '../../model/index.ts';
import { hang } from '../layout.ts';
import { type Style, visible } from '../style.ts';
import type { Look } from './look.ts';
import { count } from './words.ts';

function markOf({ severity }: CollectProblem, style: Style): string {
  return `  ${severity === 'error' ? style.bad('✗') : style.warn('!')} `;
}

function withPlace(namespace: string, text: string): string {
  return visible(namespace === '' ? text : `${namespace}: ${text}`);
}

/** Of several kinds one line: a user with few rights may not list dozens. */
function refusedText(kinds: readonly string[]): string {
  const verb = kinds.length === 1 ? 'is' : 'are';
  return `${count(kinds.length, 'kind')} ${verb} not in the backup, because you may not list ${kinds.join(', ')}`;
}

/** Kinds by the place where they may not be listed. */
function refusedKinds(problems: readonly CollectProblem[]): ReadonlyMap<string, readonly string[]> {
  const kinds = new Map<string, string[]>();
  for (const { namespace, notListed } of problems) pushTo(kinds, namespace, notListed ?? '');
  return kinds;
}

function isRefused({ severity, missingRule, notListed }: CollectProblem): boolean {
  return severity === 'error' && missingRule !== undefined && notListed !== undefined;
}

export function problemLines(problems: readonly CollectProblem[], { style, width }: Look): string[] {
  const refused = [...refusedKinds(problems.filter(isRefused))].map(
    ([namespace, kinds]): CollectProblem => ({ severity: 'error', namespace, message: refusedText(kinds.toSorted()) }),
  );
  return [...refused, ...problems.filter((each) => !isRefused(each))].flatMap((each) =>
    hang(markOf(each, style), withPlace(each.namespace, each.message), width),
  );
}

/** Commands for an administrator, on a line each so that they can be copied. Only a binding is missing then. */
export function rightLines(problems: readonly CollectProblem[], { style, width }: Look): string[] {
  const rights = rightsToAsk(problems);
  if (rights.length === 0) return [];
  const commands = rights.map(({ namespace, verb, resources }) => {
    const role = namespace === '' ? ['clusterrole', `nowwhat-${verb}`] : ['role', `nowwhat-${verb}`, '-n', namespace];
    return shellCommand(['kubectl', 'create', ...role, `--verb=${verb}`, `--resource=${resources.join(',')}`]);
  });
  const isLost = problems.some((each) => isRefused(each) && each.notListed === 'namespaces');
  return [
    ...(isLost ? hang('    ', 'save namespaces that you may read by their names, with -n NAMESPACE, or', width) : []),
    ...hang('    ', 'ask a cluster administrator for these roles, bound to you, and the backup is whole:', width),
    ...commands.map((command) => `    ${style.command(visible(command))}`),
  ];
}
