// What one identity may do: the rules of all roles that it is bound to, each with the binding that gives it.

import type { Inventory } from '../../../inventory/index.ts';
import { type PolicyRule, type ResourceRequest, ruleAllows, ruleCovers } from '../../../kube/rbac.ts';
import { type Binding, bindingsOf, type Identity, rulesOf } from '../../../inventory/rights/bindings.ts';

export interface Right {
  readonly binding: Binding;
  readonly rule: PolicyRule;
  /** Place of the rule in its role. */
  readonly index: number;
}

/** A request that an identity may make, with what allows it. */
export interface Proof {
  readonly right: Right;
  readonly request: ResourceRequest;
  /** Where the request is made; '' for the whole cluster or for what is in no namespace. */
  readonly namespace: string;
}

/** The order of the input must not matter. */
function byName({ object: a }: Binding, { object: b }: Binding): number {
  const keys = [a, b].map(({ kind, namespace, name }) => `${kind}/${namespace}/${name}`);
  return (keys[0] ?? '') < (keys[1] ?? '') ? -1 : 1;
}

export class Rights {
  readonly bindings: readonly Binding[];
  /** Namespaces in which the identity has rights of its own, and '' for the whole cluster; always with ''. */
  readonly scopes: readonly string[];
  private readonly byScope = new Map<string, Right[]>([['', []]]);

  constructor(inventory: Inventory, identity: Identity) {
    this.bindings = [...bindingsOf(inventory, identity)].sort(byName);
    for (const binding of this.bindings) {
      const rights = this.byScope.get(binding.scope) ?? [];
      this.byScope.set(binding.scope, rights);
      for (const [index, rule] of (rulesOf(inventory, binding.role) ?? []).entries())
        rights.push({ binding, rule, index });
    }
    this.scopes = [...this.byScope.keys()].sort();
  }

  /** Rights of one scope alone, without those of the whole cluster. */
  within(scope: string): readonly Right[] {
    return this.byScope.get(scope) ?? [];
  }

  /** The first right that allows one of the requests there. */
  allowing(requests: readonly ResourceRequest[], namespace: string): Proof | undefined {
    for (const right of this.reaching(namespace))
      for (const request of requests) if (ruleAllows(right.rule, request)) return { right, request, namespace };
    return undefined;
  }

  /** One proof for each of the needs, or `undefined` where one of them is not met there. */
  allowingAll(needs: readonly (readonly ResourceRequest[])[], namespace: string): readonly Proof[] | undefined {
    const proofs = needs.flatMap((requests) => this.allowing(requests, namespace) ?? []);
    return proofs.length === needs.length ? proofs : undefined;
  }

  /** What rules allow that are limited to names: one proof for each name, the name in its request. */
  named(requests: readonly ResourceRequest[], namespace: string): readonly (Proof & { readonly name: string })[] {
    return this.reaching(namespace).flatMap((right) => {
      const request = requests.find((each) => ruleCovers(right.rule, each));
      if (request === undefined) return [];
      return right.rule.resourceNames.map((name) => ({ right, request: { ...request, name }, namespace, name }));
    });
  }

  private reaching(namespace: string): readonly Right[] {
    return namespace === '' ? this.within('') : [...this.within(''), ...this.within(namespace)];
  }
}
