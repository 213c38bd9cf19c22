// The smallest roles and bindings for one subject, and the proof: every need is put to the authorizer over what was made.

import { findGrant, type GrantedRule, rbacObjectsOf, type RbacUser } from '../../kube/rbac-authorizer.ts';
import { asObject, asString, type JsonObject, pushTo } from '../../model/index.ts';
import { findBeyond, type GrantCount } from './find-beyond.ts';
import { inferRules } from './infer-rules.ts';
import { isExpressible, type NeedUse } from './need.ts';
import { assembleRole, type Naming, type RoleSubject, type RoleWithBinding, subjectOfUser } from './role-objects.ts';
import { widen, type Widening } from './widen.ts';

export interface RoleWish extends Naming {
  readonly widen: readonly Widening[];
  /** Roles and bindings that count as given: what they allow is inferred into no role. */
  readonly given: readonly JsonObject[];
}

export interface InferredRole extends RoleWithBinding {
  /** For each rule, in its order, the needs that rest on it. */
  readonly restOn: readonly (readonly NeedUse[])[];
}

export interface GivenNeed {
  readonly use: NeedUse;
  /** `ClusterRole system:discovery by ClusterRoleBinding system:discovery`. */
  readonly by: string;
}

/** What the replay came to. */
export interface RoleProof extends GrantCount {
  readonly needs: number;
  readonly allowedNeeds: number;
  /** Empty unless this program has a bug. */
  readonly missing: readonly NeedUse[];
}

export interface InferredRoles {
  readonly subject: RoleSubject;
  readonly roles: readonly InferredRole[];
  /** Needs that are allowed already, by what counts as given. */
  readonly given: readonly GivenNeed[];
  readonly proof: RoleProof;
}

function nameOf(object: JsonObject): string {
  return asString(asObject(object['metadata'])['name']) ?? '';
}

function givenBy({ role, binding }: GrantedRule): string {
  return `${asString(role['kind']) ?? ''} ${nameOf(role)} by ${asString(binding['kind']) ?? ''} ${nameOf(binding)}`;
}

function splitGiven(uses: readonly NeedUse[], given: readonly JsonObject[], user: RbacUser) {
  const objects = rbacObjectsOf(given);
  const open: NeedUse[] = [];
  const allowed: GivenNeed[] = [];
  for (const use of uses) {
    const grant = findGrant(objects, user, use.need);
    if (grant === undefined) open.push(use);
    else allowed.push({ use, by: givenBy(grant) });
  }
  return { open, allowed };
}

interface Replay {
  readonly missing: readonly NeedUse[];
  readonly restOn: ReadonlyMap<JsonObject, readonly (readonly [rule: number, use: NeedUse])[]>;
}

/** Every need is asked for, over the objects as they would be applied. */
function replay(roles: readonly RoleWithBinding[], uses: readonly NeedUse[], user: RbacUser): Replay {
  const objects = rbacObjectsOf(roles.flatMap(({ role, binding }) => [role, binding]));
  const restOn = new Map<JsonObject, (readonly [number, NeedUse])[]>();
  const missing: NeedUse[] = [];
  for (const use of uses) {
    const grant = findGrant(objects, user, use.need);
    if (grant === undefined) missing.push(use);
    else pushTo(restOn, grant.role, [grant.index, use] as const);
  }
  return { missing, restOn };
}

/** Needs that no rule can say exactly are left out: the usage counts them. */
export function inferRoles(user: RbacUser, all: readonly NeedUse[], wish: RoleWish): InferredRoles {
  const subject = subjectOfUser(user.name);
  const uses = all.filter(({ need }) => isExpressible(need));
  const { open, allowed } = splitGiven(uses, wish.given, user);
  const needs = open.map(({ need }) => need);
  const scoped = inferRules(widen(needs, wish.widen));
  const roles = scoped.map((each) => assembleRole(subject, each, wish));
  const { missing, restOn } = replay(roles, open, user);
  return {
    subject,
    roles: roles.map((each) => ({
      ...each,
      restOn: each.rules.map((_, index) =>
        (restOn.get(each.role) ?? []).filter(([rule]) => rule === index).map(([, use]) => use),
      ),
    })),
    given: allowed,
    proof: {
      ...findBeyond(scoped, needs),
      needs: uses.length,
      allowedNeeds: uses.length - missing.length,
      missing,
    },
  };
}
