// The roles that would let somebody apply what a rehearsal was not permitted to: ready for the administrator.

export interface GrantRule {
  readonly verbs: readonly string[];
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly namespace?: string;
}

interface Grant {
  readonly group: string;
  readonly resource: string;
  readonly verbs: ReadonlySet<string>;
}

/** A server-side apply of a whole app patches what is there and creates what is not: whoever may not do the first needs both. */
function verbsToApply({ verbs }: GrantRule): string[] {
  return verbs.flatMap((verb) => (verb === 'patch' ? ['create', 'patch'] : [verb]));
}

function single({ apiGroups = [], resources = [] }: GrantRule): { group: string; resource: string }[] {
  return apiGroups.flatMap((group) => resources.map((resource) => ({ group, resource })));
}

function grantsOf(rules: readonly GrantRule[]): Grant[] {
  const grants = new Map<string, Grant>();
  for (const rule of rules)
    for (const { group, resource } of single(rule)) {
      const key = `${group}/${resource}`;
      const known = grants.get(key)?.verbs ?? [];
      grants.set(key, { group, resource, verbs: new Set([...known, ...rule.verbs]) });
    }
  return [...grants].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, grant]) => grant);
}

/** Groups, resources and verbs are names of Kubernetes: letters, digits, dots, dashes and slashes, safe in YAML as they are. */
function roleLines(namespace: string, rules: readonly GrantRule[]): string[] {
  return [
    'apiVersion: rbac.authorization.k8s.io/v1',
    `kind: ${namespace === '' ? 'ClusterRole' : 'Role'}`,
    'metadata:',
    '  name: deploy-app',
    ...(namespace === '' ? [] : [`  namespace: ${namespace}`]),
    'rules:',
    ...grantsOf(rules).flatMap(({ group, resource, verbs }) => [
      `  - apiGroups: ['${group}']`,
      `    resources: [${resource}]`,
      `    verbs: [${[...verbs].sort().join(', ')}]`,
    ]),
  ];
}

/** YAML of roles that would let somebody apply an app of which some requests were refused. */
export function rightsToApply(rules: readonly GrantRule[]): string {
  return renderRoles(rules.map((rule) => ({ ...rule, verbs: verbsToApply(rule) })));
}

/** YAML of a Role for each namespace, and of a ClusterRole; '' where there are no rules. Bind them to the user. */
export function renderRoles(rules: readonly GrantRule[]): string {
  const scopes = [...new Set(rules.map(({ namespace = '' }) => namespace))].sort();
  return scopes
    .map((scope) =>
      roleLines(
        scope,
        rules.filter(({ namespace = '' }) => namespace === scope),
      ),
    )
    .map((lines) => `${lines.join('\n')}\n`)
    .join('---\n');
}
