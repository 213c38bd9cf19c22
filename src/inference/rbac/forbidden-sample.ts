// Requests that a subject may make today and may not after a removal: what a rehearsal asks for to see it refused.

import { findGrant, type RbacObjects, type RbacUser } from '../../kube/rbac-authorizer.ts';
import { partsOf } from '../../kube/rbac-parts.ts';
import type { PolicyRule } from '../../kube/rbac.ts';
import { type Need, needKey, type ResourceNeed } from './need.ts';
import type { GrantUse } from './use-of-grant.ts';

const most = 20;

/** What matters most of a wildcard. */
const worst: readonly Pick<PolicyRule, 'verbs' | 'apiGroups' | 'resources'>[] = [
  { verbs: ['get'], apiGroups: [''], resources: ['secrets'] },
  { verbs: ['create'], apiGroups: [''], resources: ['pods'] },
  { verbs: ['delete'], apiGroups: ['apps'], resources: ['deployments'] },
  { verbs: ['create'], apiGroups: ['rbac.authorization.k8s.io'], resources: ['clusterrolebindings'] },
  { verbs: ['impersonate'], apiGroups: [''], resources: ['users'] },
];

function isWildcard({ verbs, apiGroups, resources, nonResourceURLs }: PolicyRule): boolean {
  const words = [...verbs, ...apiGroups, ...resources.flatMap((each) => each.split('/'))];
  return words.includes('*') || nonResourceURLs.some((url) => url.endsWith('*'));
}

function nameFor(verb: string, { resourceNames }: PolicyRule): string | undefined {
  const [name] = resourceNames;
  return verb === 'get' || verb === 'delete' ? (name ?? 'nowwhat-rehearsal') : undefined;
}

function resourceOf({ apiGroups, resources }: PolicyRule): Pick<ResourceNeed, 'group' | 'resource' | 'subresource'> {
  const [group = ''] = apiGroups;
  const [resource = '', subresource] = (resources[0] ?? '').split('/');
  return { group, resource, ...(subresource === undefined ? {} : { subresource }) };
}

/** The request that a part of a rule allows; names are made up where the verb takes one. */
function toNeed(part: PolicyRule, namespace: string): Need | undefined {
  if (isWildcard(part)) return undefined;
  const [verb = ''] = part.verbs;
  const [url] = part.nonResourceURLs;
  if (url !== undefined) return { verb, url };
  const name = nameFor(verb, part);
  return { verb, ...resourceOf(part), namespace, ...(name === undefined ? {} : { name }) };
}

function candidates({ grant: { rule, scope } }: GrantUse, home: string): Need[] {
  const namespace = scope === '' ? home : scope;
  const parts = [
    ...(isWildcard(rule) ? worst : []).map((each) => ({ ...rule, ...each, nonResourceURLs: [] })),
    ...partsOf(rule),
  ];
  return parts.flatMap((part) => toNeed(part, namespace) ?? []);
}

/** `today`: all objects of the input; `after`: those that remain, with the replacement. `home`: a namespace for what holds everywhere. */
export function forbiddenSample(
  uses: readonly GrantUse[],
  { user, today, after, home }: { user: RbacUser; today: RbacObjects; after: RbacObjects; home: string },
): Need[] {
  const all = new Map(uses.flatMap((use) => candidates(use, home)).map((need) => [needKey(need), need]));
  const lost = [...all.values()].filter(
    (need) => findGrant(today, user, need) !== undefined && findGrant(after, user, need) === undefined,
  );
  return lost.slice(0, most);
}
