// How inferred roles are told: as plain JSON, with the needs that each rule rests on.

import type { InferredRoles, NeedUse, SubjectUse } from '../../inference/index.ts';
import { needText } from '../../inference/index.ts';
import { accountGroups, parseAccountUser, type RbacUser } from '../../kube/rbac-authorizer.ts';
import { windowView } from './read-usage.ts';
import type { GivenView, NeedView, ProofView, RoleView, SubjectRoles } from './roles-answer.ts';

/** Groups as the log has them; those of every login where it does not. */
export function rbacUser(name: string, use: SubjectUse | undefined): RbacUser {
  const account = parseAccountUser(name);
  const usual = account === undefined ? ['system:authenticated'] : accountGroups(account.namespace);
  return { name, groups: [...new Set([...(use?.user.groups ?? []), ...usual])] };
}

export function needView({ need, events, declared, ...span }: NeedUse): NeedView {
  return { ...need, requests: events, ...windowView(span), ...(declared.length === 0 ? {} : { declared }) };
}

export function roleViews({ roles }: InferredRoles): RoleView[] {
  return roles.map(({ role, binding, restOn }) => ({
    role,
    binding,
    restOn: restOn.map((uses) => uses.map(needView)),
  }));
}

export function givenViews({ given }: InferredRoles): GivenView[] {
  const byGrant = new Map<string, GivenView>();
  for (const { use, by } of given) {
    const { needs, requests } = byGrant.get(by) ?? { needs: 0, requests: 0 };
    byGrant.set(by, { by, needs: needs + 1, requests: requests + use.events });
  }
  return [...byGrant.values()];
}

export function seenView(use: SubjectUse): NonNullable<SubjectRoles['seen']> {
  const { events, denied, pods, window } = use;
  return { requests: events, denied, pods, ...windowView(window) };
}

export function proofView({ proof }: InferredRoles): ProofView {
  const { needs, allowedNeeds, granted, beyond, missing } = proof;
  return { needs, allowed: allowedNeeds, missing: missing.map(({ need }) => needText(need)), granted, beyond };
}
