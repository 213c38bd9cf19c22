// The smallest roles that would let a user read what the snapshot could not: ready for the administrator to apply.

import type { NotListed } from '../model/index.ts';

interface Rule {
  readonly group: string;
  readonly resources: readonly string[];
}

/** Groups and resources are names of Kubernetes: letters, digits, dots and dashes, safe in YAML as they are. */
function ruleLines({ group, resources }: Rule): string[] {
  return [`  - apiGroups: ['${group}']`, `    resources: [${resources.join(', ')}]`, '    verbs: [list]'];
}

function rulesOf(lists: readonly NotListed[]): Rule[] {
  const groups = new Map<string, Set<string>>();
  for (const { group, resource } of lists) groups.set(group, (groups.get(group) ?? new Set()).add(resource));
  return [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([group, names]) => ({ group, resources: [...names].sort() }));
}

function roleLines(namespace: string, lists: readonly NotListed[]): string[] {
  const kind = namespace === '' ? 'ClusterRole' : 'Role';
  return [
    'apiVersion: rbac.authorization.k8s.io/v1',
    `kind: ${kind}`,
    'metadata:',
    '  name: nowwhat-read',
    ...(namespace === '' ? [] : [`  namespace: ${namespace}`]),
    'rules:',
    ...rulesOf(lists).flatMap(ruleLines),
  ];
}

/** YAML of a ClusterRole, and of a Role for each namespace; '' where no right is missing. Bind them to the user. */
export function rightsToRead(lists: readonly NotListed[]): string {
  // What broke would break with all rights.
  const notListed = lists.filter(({ failed }) => failed !== true);
  const scopes = [...new Set(notListed.map(({ namespace }) => namespace))].sort();
  return scopes
    .map((scope) =>
      roleLines(
        scope,
        notListed.filter(({ namespace }) => namespace === scope),
      ),
    )
    .map((lines) => `${lines.join('\n')}\n`)
    .join('---\n');
}
