// How to take from a subject what it does not use: bindings that stay, those that go, and the smaller roles that come first.

import { type Binding, type Identity, identityKey, identityOf } from '../../inventory/rights/bindings.ts';
import { rbacObjectsOf, type RbacUser } from '../../kube/rbac-authorizer.ts';
import { type JsonObject, pushTo } from '../../model/index.ts';
import { forbiddenSample } from './forbidden-sample.ts';
import { inferRoles, type InferredRoles } from './infer-roles.ts';
import type { Need, NeedUse } from './need.ts';
import type { GrantUse } from './use-of-grant.ts';

export interface RemovedBinding {
  readonly binding: Binding;
  /** `subject`: others are bound by it too, so that only this subject leaves. */
  readonly how: 'binding' | 'subject';
}

export interface RemovalPlan {
  /** Bindings of which every right was used. */
  readonly keep: readonly Binding[];
  /** Applied before anything is removed; without roles where nothing of what goes was used. */
  readonly replacement: InferredRoles;
  readonly remove: readonly RemovedBinding[];
  /** Allowed today and not afterwards: a sample, the worst first. */
  readonly forbidden: readonly Need[];
}

export interface RemovalFacts {
  readonly identity: Identity;
  readonly user: RbacUser;
  readonly needs: readonly NeedUse[];
  /** Of all grants by bindings that name the identity itself. */
  readonly uses: readonly GrantUse[];
  /** What everybody has. */
  readonly given: readonly JsonObject[];
  /** A binding with its role, as it is in the cluster. */
  readonly objectsOf: (binding: Binding) => readonly JsonObject[];
  readonly taken: ReadonlySet<string>;
  /** All bindings of the input. */
  readonly bindings: readonly Binding[];
}

function ownNamespace({ kind, namespace }: Identity): string {
  return kind === 'ServiceAccount' ? namespace : 'default';
}

function sampleOf(facts: RemovalFacts, gone: readonly Binding[], replacement: InferredRoles): readonly Need[] {
  const { identity, user, uses, given, objectsOf, bindings } = facts;
  const rest = bindings.filter((binding) => !gone.includes(binding));
  // Others whom these bindings name keep them; this subject is all that is asked about.
  const others = [...given, ...rest.flatMap(objectsOf)];
  return forbiddenSample(
    uses.filter(({ grant }) => gone.includes(grant.binding)),
    {
      user,
      today: rbacObjectsOf([...others, ...gone.flatMap(objectsOf)]),
      after: rbacObjectsOf([...others, ...replacement.roles.flatMap(({ role, binding }) => [role, binding])]),
      home: ownNamespace(identity),
    },
  );
}

/** `undefined` where everything was used: there is nothing to take. */
export function planRemoval(facts: RemovalFacts): RemovalPlan | undefined {
  const { identity, user, needs, uses, given, objectsOf, taken } = facts;
  const byBinding = new Map<Binding, GrantUse[]>();
  for (const use of uses) pushTo(byBinding, use.grant.binding, use);
  const isKept = (binding: Binding): boolean => byBinding.get(binding)?.every(({ state }) => state === 'used') ?? false;
  const keep = [...byBinding.keys()].filter(isKept);
  const gone = [...byBinding.keys()].filter((binding) => !isKept(binding));
  if (gone.length === 0) return undefined;
  const stays = [...given, ...keep.flatMap(objectsOf)];
  const replacement = inferRoles(user, needs, { widen: [], given: stays, taken });
  return {
    keep,
    replacement,
    remove: gone.map((binding) => ({
      binding,
      how: binding.subjects.every((each) => identityKey(identityOf(each)) === identityKey(identity))
        ? 'binding'
        : 'subject',
    })),
    forbidden: sampleOf(facts, gone, replacement),
  };
}
