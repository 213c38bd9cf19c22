// The shape of most checks on roles: a rule that allows one of some requests.

import { isUnlimited, type PolicyRule, resourceText, type ResourceRequest, ruleCovers } from '../../kube/rbac.ts';
import type { CheckMeta } from '../../model/index.ts';
import type { ObjectCheck } from '../check.ts';
import { ruleCheck, type RuleFacts, type RuleFinding } from './rule-check.ts';
import { offerWithoutRight } from './take-right.ts';

export interface Grant extends Omit<RuleFacts, 'find' | 'fix'> {
  /** Any of these is the ability. May depend on the target version. */
  readonly requests: readonly ResourceRequest[] | ((minor: number) => readonly ResourceRequest[]);
  /** Whether a rule that is limited to these names still counts; by default it does not. */
  readonly named?: (names: readonly string[]) => boolean;
}

/** Verbs on one resource, as requests. */
export function requestsFor(
  verbs: readonly string[],
  group: string,
  resource: string,
  subresource?: string,
): ResourceRequest[] {
  return verbs.map((verb) => ({ verb, group, resource, ...(subresource === undefined ? {} : { subresource }) }));
}

function counts(rule: PolicyRule, grant: Grant): boolean {
  if (isUnlimited(rule)) return false;
  return rule.resourceNames.length === 0 || grant.named?.(rule.resourceNames) === true;
}

function requestsOf({ requests }: Grant, minor: number): readonly ResourceRequest[] {
  return typeof requests === 'function' ? requests(minor) : requests;
}

function findGrant(rule: PolicyRule, grant: Grant, minor: number): RuleFinding | undefined {
  if (!counts(rule, grant)) return undefined;
  const allowed = requestsOf(grant, minor).filter((request) => ruleCovers(rule, request));
  if (allowed.length === 0) return undefined;
  const verbs = [...new Set(allowed.map(({ verb }) => verb))];
  const resources = [...new Set(allowed.map(resourceText))];
  return { evidence: `allows ${verbs.join(', ')} on ${resources.join(', ')}` };
}

/** A check together with the facts it is made of, for those who say it in another language. */
export interface GrantCheck extends ObjectCheck {
  readonly grant: Grant;
}

/** A check of what roles allow. A rule that allows everything is told by `wildcard-resources` alone. */
export function grantCheck(meta: CheckMeta, grant: Grant): GrantCheck {
  const check = ruleCheck(meta, {
    ...grant,
    find: (rule, minor) => findGrant(rule, grant, minor),
    fix: (role, { path = [] }, { options }) =>
      offerWithoutRight({ role, path, asked: requestsOf(grant, options.minor), mayName: grant.named === undefined }),
  });
  return { ...check, grant };
}
