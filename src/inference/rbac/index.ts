// Roles from evidence: what each subject asks of the API, and the smallest roles that allow it.

export { declaredNeeds, type DeclaredUse } from './declared/declared-needs.ts';
export { inferRoles, type InferredRole, type InferredRoles, type RoleProof } from './infer-roles.ts';
export { type DeclaredSource, joinUses, type Need, needText, type NeedUse } from './need.ts';
export { notesOn } from './notes.ts';
export { roleKey, type RoleSubject, subjectOfUser } from './role-objects.ts';
export { type SubjectUse, type Usage, UsageTable, type Window } from './usage-table.ts';
export { type Widening, widenings } from './widen.ts';
export { planRemoval, type RemovalPlan } from './plan-removal.ts';
export { type GrantUse, useOfGrant, type UseState } from './use-of-grant.ts';
